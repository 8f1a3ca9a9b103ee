"""Phrases of a grid: four bars of 4/4, what a GAN hears at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.data.grids import REST, GridPiece

PHRASE = 64  # steps
MELODY_SOUNDS = 0.4  # least share of a phrase's steps
OTHER_SOUNDS = 0.2


def has_melody(pitch: npt.NDArray[np.integer]) -> bool:
    """Tell whether the first voice sounds in enough of the steps (T, voices)."""
    return bool((pitch[:, 0] != REST).mean() >= MELODY_SOUNDS)


def accompanying(pitch: npt.NDArray[np.integer]) -> int:
    """Return how many of the other voices sound in enough of the steps (T, voices)."""
    return int(((pitch[:, 1:] != REST).mean(axis=0) >= OTHER_SOUNDS).sum())


def phrases_of(piece: GridPiece) -> tuple[int, int]:
    """Return how many phrases follow each other in a grid, and how many are accompanied.

    A phrase has a melody; a rest of half a phrase or more at the end counts. A GAN learns from the
    accompanied ones, the other models from all.
    """
    starts = range(0, max(1, len(piece) - PHRASE // 2 + 1), PHRASE)
    found = [p for a in starts if has_melody(p := piece.pitch[a : a + PHRASE])]
    return len(found), sum(accompanying(p) > 0 for p in found)
