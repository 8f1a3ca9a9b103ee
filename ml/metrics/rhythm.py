"""Rhythm: when notes begin, drums included. The grid is sixteenths inside the written bars."""

from __future__ import annotations

import numpy as np

from ml.metrics.material import SIXTEENTH, TWELFTH, Hashes, Ints, Material, distinct, rounded_to
from ml.music import TICKS_PER_BEAT

_WIDTH = 1 << 12  # sixteenths a bar may have; the longest bar (64/1) has 1,024


def onset_cells(m: Material) -> tuple[Ints, Ints]:
    """Return bar and sixteenth inside the bar of each distinct onset, both of shape (cells,)."""
    ticks = rounded_to(m.onsets, SIXTEENTH)
    bar = np.maximum(np.searchsorted(m.bar_starts, ticks, side="right") - 1, 0)
    place = (ticks - m.bar_starts[bar]) // SIXTEENTH
    cells = distinct(bar * _WIDTH + np.clip(place, 0, _WIDTH - 1))
    return cells // _WIDTH, cells % _WIDTH


def groove(m: Material) -> float:
    """Return how alike the onset patterns of neighboring bars are, from 0 to 1.

    1 - d / n averaged over neighboring bars, d the number of sixteenths at which exactly one of
    the two has an onset and n the sixteenths in the longer bar. Only bars between the first and
    the last onset count; 1 with fewer than two.

    Source: Wu & Yang 2020 (Jazz Transformer), on a fixed grid and without the empty bar that
    MusPy's `groove_consistency` adds.
    """
    if len(m.onsets) == 0:
        return 1.0
    bar, place = onset_cells(m)
    first, last = int(bar[0]), int(bar[-1])
    if first == last:
        return 1.0
    count = np.bincount(bar - first, minlength=last - first + 1)
    key = bar * _WIDTH + place
    wanted = key[bar < last] + _WIDTH
    shared = key[np.minimum(np.searchsorted(key, wanted), len(key) - 1)] == wanted
    both = np.bincount(bar[bar < last][shared] - first, minlength=last - first)
    length = np.diff(np.append(m.bar_starts, m.bar_starts[-1] + SIXTEENTH))[first : last + 1]
    length[-1] = max(length[-1], length[-2])
    steps = np.maximum(np.maximum(length[:-1], length[1:]) / SIXTEENTH, 1)
    differ = np.minimum(count[:-1] + count[1:] - 2 * both, steps)
    return float(np.mean(1 - differ / steps))


def distinct_patterns(m: Material) -> float:
    """Return distinct onset patterns per bar with onsets, above 0 to 1; 0 without notes.

    1: no two bars share a rhythm. Patterns are compared on a grid of 1/12 beat.
    """
    if len(m.onsets) == 0:
        return 0.0
    ticks = distinct(rounded_to(m.onsets, TWELFTH))
    bar = m.bar_of(ticks)
    patterns = sums_by_bar(bar, mixed((ticks - m.bar_starts[bar]) // TWELFTH))
    return len(distinct(patterns)) / len(patterns)


def off_beat_share(m: Material) -> float:
    """Return the share of distinct onsets that lie on no beat, from 0 to 1; 0 without notes.

    An onset within 1/24 beat of a quarter-note beat is on it.
    """
    ticks = distinct(rounded_to(m.onsets, TWELFTH))
    return float((ticks % TICKS_PER_BEAT != 0).mean()) if len(ticks) else 0.0


def onsets_per_beat(m: Material) -> float:
    """Return distinct onsets per beat between the first onset and the end; 0 without notes."""
    count = len(distinct(rounded_to(m.onsets, TWELFTH)))
    return count / m.beats if m.beats else 0.0


def mixed(values: Ints) -> Hashes:
    """Return well-spread 64-bit hashes of integers (the finalizer of SplitMix64)."""
    x = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def sums_by_bar(bar: Ints, hashes: Hashes) -> Hashes:
    """Return the wrapped sum of hashes of each bar that has any; `bar` must be sorted."""
    first = np.flatnonzero(np.append(True, bar[1:] != bar[:-1]))
    return np.add.reduceat(hashes, first)
