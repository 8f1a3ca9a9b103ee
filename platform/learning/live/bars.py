"""The small piano roll that people paint: one bar of eight eighths, C4 to C5."""

import numpy as np

from learning.live.pieces import Asked, Button, Cell, Grid
from learning.live.tunes import name_of, of_cells
from ml.lessons.judge import LOWEST, ROWS, STEPS, Bar
from ml.music import TICKS_PER_BEAT, Song

HEADS = ("1", "&", "2", "&", "3", "&", "4", "&")

# Rows of one sounding note for each eighth, or None; C4 is 0.
PRESETS: dict[str, tuple[str, tuple[int | None, ...]]] = {
    "ode": ("Ode to Joy", (4, 4, 4, 4, 5, 5, 7, 7)),
    "twinkle": ("Twinkle", (0, 0, 0, 0, 7, 7, 7, 7)),
    "steps": ("A scale", (0, 2, 4, 5, 7, 9, 11, 12)),
    "wild": ("Wild leaps", (1, 10, 3, 12, 0, 8, 6, 11)),
    "empty": ("Clear", (None,) * STEPS),
}


def bar_of(asked: Asked) -> Bar:
    """Return the painted bar; a preset's where one was asked for, or nothing was painted yet."""
    preset = asked.choice("preset", list(PRESETS), "")
    if preset or not asked.has("painted"):
        return _bar(PRESETS[preset or "ode"][1])
    bar = np.zeros((STEPS, ROWS), dtype=np.bool_)
    for step, row in asked.cells("cell"):
        if step < STEPS and row < ROWS:
            bar[step, row] = True
    return bar


def _bar(rows: tuple[int | None, ...]) -> Bar:
    bar = np.zeros((STEPS, ROWS), dtype=np.bool_)
    for step, row in enumerate(rows):
        if row is not None:
            bar[step, row] = True
    return bar


def grid_of(bar: Bar) -> Grid:
    """Return the control that paints a bar, the highest row first."""
    rows = [
        (
            name_of(LOWEST + row),
            [
                Cell(f"{step}-{row}", f"{name_of(LOWEST + row)}, eighth {step + 1}",
                     bool(bar[step, row]))
                for step in range(STEPS)
            ],
        )
        for row in reversed(range(ROWS))
    ]  # fmt: skip
    return Grid("cell", "One bar in eighths, from C4 to C5", HEADS, rows)


def presets() -> list[Button]:
    """Return the buttons that fill the grid."""
    return [Button("preset", name, label) for name, (label, _) in PRESETS.items()]


def song_of(bar: Bar) -> Song:
    """Return a painted bar as a song: cells side by side on one row are one note."""
    return of_cells(bar, LOWEST, TICKS_PER_BEAT // 2)
