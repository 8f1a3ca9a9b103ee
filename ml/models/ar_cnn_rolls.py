"""Between pitches on a grid and the network's input: the pitch window, metre codes, batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from ml.models.ar_cnn_net import (
    N_VOICES,
    OUTSIDE,
    REST,
    ROWS,
    STEPS_PER_COLUMN,
    Rolls,
)

SILENT = -1  # a rest among pitches
LOWEST = 36  # C2: the pitch of row 0 when nothing is transposed

Cells = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Roll:
    """One piece or part of it as arrays: see `Rolls`.

    `cells` (T, V) int64, `metre` (T,) int64, `fits` (T, V) bool: false where a pitch is outside
    the window; such cells read as rests and should stay hidden.
    """

    cells: Cells
    metre: Cells
    fits: Mask

    def __len__(self) -> int:
        return len(self.cells)


def roll_of(pitch: npt.ArrayLike, position: npt.ArrayLike, *, up: int = 0) -> Roll:
    """Return pitches (T, V), -1 for a rest, transposed by `up` semitones, as a roll.

    `position` (T,) is each step's place within its bar.
    """
    found = np.asarray(pitch, dtype=np.int64)
    row = found + up - LOWEST
    sounds, inside = found != SILENT, (row >= 0) & (row < ROWS)
    return Roll(np.where(sounds & inside, row, REST), metre_codes(position), inside | ~sounds)


def metre_codes(position: npt.ArrayLike) -> Cells:
    """Return the network's code for each place in a bar: 0-15, in longer bars again from 0."""
    return np.asarray(position, dtype=np.int64) % OUTSIDE


def transposition(pitch: npt.ArrayLike) -> tuple[int, int]:
    """Return the least and the largest number of semitones that keep all pitches in the window.

    A piece with a wider range has none: the first number is then larger than the second.
    """
    found = np.asarray(pitch, dtype=np.int64)
    sounding = found[found != SILENT]
    if len(sounding) == 0:
        return 0, 0
    return LOWEST - int(sounding.min()), LOWEST + ROWS - 1 - int(sounding.max())


def padded(roll: Roll, length: int) -> Roll:
    """Return a roll with steps outside the piece added at its end."""
    missing = length - len(roll)
    return Roll(
        np.vstack([roll.cells, np.full((missing, N_VOICES), REST, dtype=np.int64)]),
        np.concatenate([roll.metre, np.full(missing, OUTSIDE, dtype=np.int64)]),
        np.vstack([roll.fits, np.ones((missing, N_VOICES), dtype=np.bool_)]),
    )


def whole_columns(steps: int) -> int:
    """Return `steps` rounded up to what the network can halve."""
    return steps + -steps % STEPS_PER_COLUMN


def stacked(rolls: Sequence[Roll], known: Sequence[Mask], doubt: Sequence[bool]) -> Rolls:
    """Return rolls of one length, each with its known cells (T, V), as the network's input."""
    return Rolls(
        torch.from_numpy(np.stack([r.cells for r in rolls])),
        torch.from_numpy(np.stack(known)),
        torch.from_numpy(np.stack([r.metre for r in rolls])),
        torch.tensor(list(doubt), dtype=torch.bool),
    )
