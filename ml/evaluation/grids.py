"""Grids: what every measure here reads.

A grid is an integer array `pitch` of shape (steps, voices): the sounding pitch 0-127 or `REST`
in every 16th step, voice 0 the highest. Every function takes one grid or several; several are
pooled, and nothing is counted across the border of two pieces.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

REST = -1
BAR = 16
"""Steps in a bar of 4/4."""
BEAT = 4
"""Steps in a beat."""

Grid = npt.NDArray[np.integer]
Grids = Grid | Sequence[Grid]
Floats = npt.NDArray[np.float64]


def grids_of(pitch: Grids) -> list[npt.NDArray[np.int64]]:
    """Return one or several grids as a list of int64 arrays of shape (steps, voices).

    :raises ValueError: if one of them is not two-dimensional
    """
    several = [pitch] if isinstance(pitch, np.ndarray) else list(pitch)
    found = [np.asarray(grid, dtype=np.int64) for grid in several]
    if any(grid.ndim != 2 for grid in found):
        raise ValueError("A grid has the shape (steps, voices).")
    return found


def bars_of(pitch: Grids, *, bar_steps: int = BAR) -> npt.NDArray[np.int64]:
    """Return the whole bars of the grids, shape (bars, bar_steps, voices); the rest is dropped."""
    cut = [
        grid[: len(grid) // bar_steps * bar_steps].reshape(-1, bar_steps, grid.shape[1])
        for grid in grids_of(pitch)
    ]
    return np.concatenate(cut) if cut else np.zeros((0, bar_steps, 4), dtype=np.int64)
