"""Two bars that a visitor paints to have them read: sixteen eighths, C4 to C5."""

import numpy as np

from learning.live.pieces import Asked, Cell, Grid
from learning.live.tunes import name_of, of_cells
from ml.lessons.judge import LOWEST, ROWS
from ml.music import TICKS_PER_BEAT, Song

STEPS = 16
HEADS = ("1", "&", "2", "&", "3", "&", "4", "&") * 2
DRAWN = "drawn"
"""What the form's cells are called."""


def grid_of(asked: Asked) -> Grid:
    """Return the control, with what was painted in it."""
    cells = asked.cells(DRAWN)
    rows = [
        (
            name_of(LOWEST + row),
            [
                Cell(f"{step}-{row}", f"{name_of(LOWEST + row)}, eighth {step + 1}",
                     (step, row) in cells)
                for step in range(STEPS)
            ],
        )
        for row in reversed(range(ROWS))
    ]  # fmt: skip
    return Grid(DRAWN, "Two bars in eighths, from C4 to C5", HEADS, rows)


def drawn_song(asked: Asked) -> Song:
    """Return what was painted as a song."""
    cells = np.zeros((STEPS, ROWS), dtype=np.bool_)
    for step, row in asked.cells(DRAWN):
        if step < STEPS and row < ROWS:
            cells[step, row] = True
    return of_cells(cells, LOWEST, TICKS_PER_BEAT // 2)
