"""Voice leading and texture of four-voice grids; the figures of Bach stand beside each.

All take one grid or several (`ml.evaluation.grids`). The measures named after MuseGAN and the
copy rate live in modules of their own and can be had from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from ml.evaluation.copying import CopyIndex, copy_index, copy_rate, overlaps
from ml.evaluation.grids import REST, Grid, Grids, grids_of
from ml.evaluation.musegan import (
    drum_pattern_rate,
    empty_bar_rate,
    pitch_classes_per_bar,
    share_of_notes_at_least,
    tonal_distance,
)

__all__ = [
    "CopyIndex",
    "Grid",
    "Grids",
    "Parallels",
    "cell_difference",
    "copy_index",
    "copy_rate",
    "dissonant_share",
    "drum_pattern_rate",
    "empty_bar_rate",
    "held_share",
    "overlaps",
    "parallels",
    "pitch_classes_per_bar",
    "share_of_notes_at_least",
    "tonal_distance",
]

_DISSONANT = (1, 2, 6, 10, 11)  # seconds, sevenths, tritone, over any number of octaves
_FIFTH, _OCTAVE = 7, 0


@dataclass(frozen=True, slots=True)
class Parallels:
    """Parallel perfect intervals among `moving_pairs`; `a + b` pools two counts."""

    fifths: int
    octaves: int
    moving_pairs: int

    def __add__(self, other: Parallels) -> Parallels:
        return Parallels(
            self.fifths + other.fifths,
            self.octaves + other.octaves,
            self.moving_pairs + other.moving_pairs,
        )

    @property
    def fifths_per_thousand(self) -> float:
        """Parallel fifths per 1,000 moving pairs; 0 where nothing moves together."""
        return 1000 * self.fifths / max(self.moving_pairs, 1)

    @property
    def octaves_per_thousand(self) -> float:
        """Parallel octaves and unisons per 1,000 moving pairs; 0 where nothing moves together."""
        return 1000 * self.octaves / max(self.moving_pairs, 1)

    @property
    def per_thousand(self) -> float:
        """Both together per 1,000 moving pairs."""
        return self.fifths_per_thousand + self.octaves_per_thousand


def parallels(pitch: Grids) -> Parallels:
    """Return how often two voices move from a fifth to a fifth, or an octave to an octave.

    A moving pair is two voices that sound in two neighboring steps and both change their pitch
    between them. It is parallel when both voices move in the same direction and both intervals
    are a perfect fifth (7 semitones modulo 12), or both an octave or unison (0 modulo 12). Per
    1,000 moving pairs the chorales have .6 fifths and .3 octaves.

    >>> parallels(np.array([[67, 60], [69, 62]]))
    Parallels(fifths=1, octaves=0, moving_pairs=1)
    """
    total = Parallels(0, 0, 0)
    for grid in grids_of(pitch):
        for upper, lower in combinations(range(grid.shape[1]), 2):
            total += _parallels_of(grid[:, [upper, lower]])
    return total


def _parallels_of(pair: npt.NDArray[np.int64]) -> Parallels:
    """Return the count for one pair of voices, shape (steps, 2)."""
    before, after = pair[:-1], pair[1:]
    sounds = (before != REST) & (after != REST)
    moving = (sounds & (before != after)).all(axis=1)
    before, after = before[moving], after[moving]
    up = after > before
    first = np.abs(before[:, 0] - before[:, 1]) % 12
    then = np.abs(after[:, 0] - after[:, 1]) % 12
    same = (first == then) & (up[:, 0] == up[:, 1])
    return Parallels(
        int((same & (first == _FIFTH)).sum()),
        int((same & (first == _OCTAVE)).sum()),
        int(moving.sum()),
    )


def dissonant_share(pitch: Grids) -> float:
    """Return the share of dissonant pairs among all pairs of sounding voices, 0 to 1.

    Every step counts; dissonant are seconds, sevenths and the tritone. 0 without a pair. Bach's
    chorales have .10 to .11, random notes .34.

    >>> dissonant_share(np.array([[62, 60], [64, 60]]))
    0.5
    """
    dissonant = pairs = 0
    for grid in grids_of(pitch):
        for upper, lower in combinations(range(grid.shape[1]), 2):
            both = (grid[:, upper] != REST) & (grid[:, lower] != REST)
            interval = np.abs(grid[both, upper] - grid[both, lower]) % 12
            dissonant += int(np.isin(interval, _DISSONANT).sum())
            pairs += int(both.sum())
    return dissonant / pairs if pairs else 0.0


def held_share(pitch: Grids) -> float:
    """Return the share of cells that equal the cell before, rests included, 0 to 1.

    Struck again or held is one here: the canonical chorale grids do not tell. Bach has .77.

    >>> held_share(np.array([[60, 55], [60, 57]]))
    0.5
    """
    grids = grids_of(pitch)
    held = sum(int((grid[1:] == grid[:-1]).sum()) for grid in grids)
    cells = sum(grid[1:].size for grid in grids)
    return held / cells if cells else 0.0


def cell_difference(samples: Grids) -> float:
    """Return the mean share of cells in which two of the samples differ, over all pairs, 0 to 1.

    Samples of one input under different seeds: 0 means that the model makes one piece only
    (collapse). All samples have one shape. 0 with fewer than two.
    """
    grids = grids_of(samples)
    shares = [float((one != other).mean()) for one, other in combinations(grids, 2)]
    return float(np.mean(shares)) if shares else 0.0
