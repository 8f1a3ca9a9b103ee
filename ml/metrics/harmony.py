"""Harmony: which pitch classes sound, and how they fit together at the same time.

All values are weighted by time, ignore drums and do not change with transposition or tempo.
"""

from __future__ import annotations

import numpy as np

from ml.metrics.material import Floats, Ints, Material

_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_HARMONIC_MINOR = (0, 2, 3, 5, 7, 8, 11)
_TRIADS = ((0, 4, 7), (0, 3, 7), (0, 3, 6))
_DISSONANT = (1, 2, 6)  # interval classes: seconds and sevenths, tritone


def _scales() -> Floats:
    """Return the 12 major and 12 harmonic minor scales, shape (24, 12)."""
    rows = np.zeros((24, 12))
    for mode, steps in enumerate((_MAJOR, _HARMONIC_MINOR)):
        for root in range(12):
            rows[12 * mode + root, [(root + s) % 12 for s in steps]] = 1
    return rows


def _triad_table() -> Floats:
    """Return, for each set of pitch classes as 12 bits, whether some triad holds it all."""
    masks = np.arange(4096)
    covered = np.zeros(4096)
    for steps in _TRIADS:
        for root in range(12):
            triad = sum(1 << (root + s) % 12 for s in steps)
            covered[masks & ~triad == 0] = 1
    return covered


_SCALES = _scales()
_IN_TRIAD = _triad_table()


def class_durations(m: Material) -> Ints:
    """Return for how many ticks each pitch class is held, over all notes, shape (12,)."""
    held = np.bincount(m.pitch % 12, weights=m.end - m.start, minlength=12)
    return held.astype(np.int64)


def entropy_bits(weights: Ints | Floats) -> float:
    """Return the Shannon entropy of weights in bits; 0 if they sum to 0.

    >>> entropy_bits(np.array([2, 1, 1]))
    1.5
    """
    present = weights[weights > 0]
    if len(present) == 0:
        return 0.0
    share = np.sort(present / present.sum())  # sorted: the same bits in every transposition
    return max(0.0, -float(share @ np.log2(share)))


def pitch_class_entropy(m: Material) -> float:
    """Return how evenly the twelve pitch classes are used, in bits from 0 to log2 12 = 3.585.

    H = -sum p_c log2 p_c with p_c the share of all held time on class c. 0 without notes.

    Source: MusPy's `pitch_class_entropy`, but over time: one stray short note weighs little.
    """
    return entropy_bits(class_durations(m))


def scale_consistency(m: Material) -> float:
    """Return the largest share of held time inside one scale, from 0 to 1.

    The scales are the 12 major (with their relative natural minor) and the 12 harmonic minor
    ones, so a piece in A minor with G sharp is not blamed for it. 1 without notes.

    Source: MusPy's `scale_consistency` (Mogren 2016), over time and with harmonic minor.
    """
    held = class_durations(m)
    total = held.sum()
    return float((_SCALES @ held).max() / total) if total else 1.0


def dissonance(m: Material) -> float:
    """Return the share of dissonant pairs among pitch classes that sound together, 0 to 1.

    For each segment, pairs of different classes a second, seventh or tritone apart over all
    pairs; then the mean over the time in which at least two classes sound. 0 if none do.

    Source: common-practice interval classes 1, 2 and 6.
    """
    chroma = m.chroma
    count = chroma.sum(axis=1)
    pairs = count * (count - 1) / 2
    if not pairs.any():
        return 0.0
    bits = m.chord_mask
    dissonant = _DISSONANT_PAIRS[bits]
    some = pairs > 0
    ticks = m.segments.ticks[some]
    return float(ticks @ (dissonant[some] / pairs[some]) / ticks.sum())


def _dissonant_pairs() -> Ints:
    """Return the number of dissonant pairs in each set of pitch classes as 12 bits."""
    members = (np.arange(4096)[:, None] >> np.arange(12)) & 1
    total = np.zeros(4096, dtype=np.int64)
    for apart in _DISSONANT:
        found = (members * np.roll(members, -apart, axis=1)).sum(axis=1)
        total += found // 2 if apart == 6 else found
    return total


_DISSONANT_PAIRS = _dissonant_pairs()


def triad_cover(m: Material) -> float:
    """Return the share of sounding time in which all notes fit one triad, from 0 to 1.

    Triads are major, minor and diminished; one or two notes of a triad fit it. 0 without notes.
    """
    ticks = m.segments.ticks * (m.n_sounding > 0)
    total = ticks.sum()
    return float(ticks @ _IN_TRIAD[m.chord_mask] / total) if total else 0.0
