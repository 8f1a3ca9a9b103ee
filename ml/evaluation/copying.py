"""How much of a piece is in the training data, note for note, at any transposition.

A passage is a window of one or two bars of 4/4 (16 or 32 steps) over all voices, with every
pitch relative to the first note of the lowest voice in it. Bach copies Bach: of held-out
chorales 6 to 9 % of the one-bar and .1 to .2 % of the two-bar passages occur in the training
chorales. That is the yardstick, not zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.evaluation.grids import BAR, REST, Grid, Grids, grids_of

Hashes = npt.NDArray[np.uint64]

_SILENT = 255  # stands for a rest; relative pitches lie within -127 and 127


@dataclass(frozen=True, slots=True, eq=False)
class CopyIndex:
    """The sorted hashes of all passages of the pieces, by the number of bars (1, 2)."""

    passages: Mapping[int, Hashes]


@dataclass(frozen=True, slots=True)
class Overlap:
    """The shares of a held-out piece's one-bar and two-bar passages that the training has."""

    name: str
    one_bar: float
    two_bar: float


def copy_index(pieces: Sequence[Grid]) -> CopyIndex:
    """Return the index of training pieces: passages from every step on, of one and two bars."""
    return CopyIndex({bars: _passages_of_all(pieces, bars) for bars in (1, 2)})


def copy_rate(pitch: Grids, index: CopyIndex, *, bars: int = 1) -> float:
    """Return the share of passages that occur in the index, 0 to 1.

    Passages begin one bar after another from the first step; silent ones do not count. With
    several grids the passages are pooled. NaN where no passage fits.

    :raises KeyError: if `bars` is not 1 or 2
    """
    own = np.concatenate(
        [np.zeros(0, dtype=np.uint64), *(_passages(g, bars, hop=BAR) for g in grids_of(pitch))]
    )
    return float(_known(own, index.passages[bars]).mean()) if len(own) else float("nan")


def overlaps(train: Iterable[Grid], held_out: Mapping[str, Grid]) -> list[Overlap]:
    """Return how much of each held-out piece the training pieces contain, the most first.

    Pieces too short for a passage count as 0.
    """
    index = copy_index(list(train))
    found = [
        Overlap(name, *(np.nan_to_num(copy_rate(grid, index, bars=b)).item() for b in (1, 2)))
        for name, grid in held_out.items()
    ]
    return sorted(found, key=lambda o: (-o.two_bar, -o.one_bar, o.name))


def _known(own: Hashes, ordered: Hashes) -> npt.NDArray[np.bool_]:
    """Return which of some hashes are in a sorted array; the array is not sorted anew."""
    if len(ordered) == 0:
        return np.zeros(len(own), dtype=np.bool_)
    place = np.minimum(np.searchsorted(ordered, own), len(ordered) - 1)
    return np.asarray(ordered[place] == own)


def _passages_of_all(pieces: Sequence[Grid], bars: int) -> Hashes:
    parts = [np.unique(_passages(grid, bars, hop=1)) for grid in grids_of(pieces)]
    return np.unique(np.concatenate([np.zeros(0, dtype=np.uint64), *parts]))


def _passages(grid: npt.NDArray[np.int64], bars: int, *, hop: int) -> Hashes:
    """Return a hash of each passage with a note, the windows beginning at every `hop` steps."""
    length = bars * BAR
    if len(grid) < length:
        return np.zeros(0, dtype=np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(grid, length, axis=0)[::hop]
    windows = windows[(windows != REST).any(axis=(1, 2))]  # (windows, voices, steps)
    flat = windows[:, ::-1].reshape(len(windows), length * grid.shape[1])  # lowest voice first
    first = np.argmax(flat != REST, axis=1)
    root = np.take_along_axis(flat, first[:, None], axis=1)
    relative = np.where(flat == REST, _SILENT, flat - root)
    return np.asarray(relative.astype(np.uint64) @ _weights(flat.shape[1]))


def _weights(count: int) -> Hashes:
    """Return fixed odd 64-bit factors: sums of products with them modulo 2^64 are the hashes."""
    dice = np.random.default_rng(20_240_229)
    return dice.integers(0, 2**63, size=count, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
