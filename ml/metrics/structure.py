"""Structure and texture: what comes back, and how many voices sound."""

from __future__ import annotations

import numpy as np

from ml.metrics.material import TWELFTH, Hashes, Ints, Material, distinct, rounded_to
from ml.metrics.rhythm import mixed, sums_by_bar
from ml.music import TICKS_PER_BEAT

MOTIF = 6  # intervals


def bar_contents(m: Material) -> Hashes:
    """Return a hash of pitches and onsets (to 1/12 beat) of each bar that has notes."""
    ticks = rounded_to(m.start, TWELFTH)
    bar = m.bar_of(m.start)
    place = (ticks - m.bar_starts[bar]) // TWELFTH
    return sums_by_bar(bar, mixed(place * 128 + m.pitch))


def bar_repetition(m: Material) -> float:
    """Return the share of bars that repeat an earlier bar note for note, from 0 to below 1.

    Bars are compared by pitches and onsets (to 1/12 beat); empty bars do not count. 0 without
    notes.
    """
    if len(m.pitch) == 0:
        return 0.0
    contents = bar_contents(m)
    return 1 - len(distinct(contents)) / len(contents)


def bar_similarity(m: Material) -> float:
    """Return how alike the pitch classes of neighboring bars are, from 0 to 1.

    Mean cosine between the time held on each class in one bar (by onset) and in the next, over
    bars with notes; 1 with fewer than two such bars, 0 without notes.
    """
    if len(m.pitch) == 0:
        return 0.0
    bar = m.bar_of(m.start)
    _, index = np.unique(bar, return_inverse=True)
    n = int(index[-1]) + 1
    held = np.bincount(index * 12 + m.pitch % 12, weights=m.end - m.start, minlength=n * 12)
    profile = held.reshape(n, 12)
    if n < 2:
        return 1.0
    norm = np.sqrt((profile**2).sum(axis=1))
    return float(np.mean((profile[:-1] * profile[1:]).sum(axis=1) / (norm[:-1] * norm[1:])))


def polyphony(m: Material) -> float:
    """Return the mean number of different pitches sounding while any does; 0 without notes.

    Source: MusPy's `polyphony`, computed from note boundaries instead of a roll.
    """
    total = m.segments.ticks[m.n_sounding > 0].sum()
    return float(m.segments.ticks @ m.n_sounding / total) if total else 0.0


def polyphony_rate(m: Material) -> float:
    """Return the share of sounding time with at least two pitches, 0 to 1; 0 without notes."""
    ticks = m.segments.ticks
    total = ticks[m.n_sounding > 0].sum()
    return float(ticks[m.n_sounding > 1].sum() / total) if total else 0.0


def empty_beats(m: Material) -> float:
    """Return the share of beats in which nothing sounds, drums included not, from 0 to 1.

    Beats run from the beat of the first note to that of the last end; a note does not sound on
    the beat it ends on. 0 without notes.

    Source: MusPy's `empty_beat_rate`, without its count of the beat on which a note ends.
    """
    if len(m.pitch) == 0:
        return 0.0
    first = m.start // TICKS_PER_BEAT
    after = -(-m.end // TICKS_PER_BEAT)  # first beat that the note does not touch
    begin, n = int(first[0]), int(after.max() - first[0])
    opened = np.bincount(first - begin, minlength=n + 1)
    closed = np.bincount(after - begin, minlength=n + 1)
    return float((np.cumsum(opened - closed)[:n] == 0).mean())


def late_novelty(m: Material) -> float:
    """Return the share of bars in the second half that were not heard before, from 0 to 1.

    Bars are compared as in `bar_repetition`. A loop has 0, a piece with written-out repeats
    about 1/2, a through-composed one 1. 0 without notes.
    """
    if len(m.pitch) == 0:
        return 0.0
    contents = bar_contents(m)
    _, first = np.unique(contents, return_index=True)
    late = len(contents) // 2
    return float((first >= late).sum() / (len(contents) - late))


def distinct_bars(m: Material) -> float:
    """Return how much material there is, log2 of the number of different bars; from 0 up.

    Bars are compared as in `bar_repetition`: 2 for a loop of four bars, however long. 0 without
    notes.
    """
    if len(m.pitch) == 0:
        return 0.0
    return float(np.log2(len(distinct(bar_contents(m)))))


def motif_repetition(m: Material) -> float:
    """Return the share of motifs that come more than once in the lines, from 0 to 1.

    A motif is six intervals of a line with their rhythm (to 1/12 beat), at any pitch and place.
    0 where no line has seven notes.
    """
    motifs = np.concatenate([np.zeros(0, dtype=np.uint64), *(_motifs(p, s) for p, s in m.lines)])
    if len(motifs) == 0:
        return 0.0
    ordered = np.sort(motifs)
    again = ordered[1:] == ordered[:-1]
    come_back = np.append(again, False) | np.append(False, again)
    return float(come_back.mean())


def _motifs(pitch: Ints, start: Ints) -> Hashes:
    """Return a hash of each motif of a line, shape (notes - 6,) or (0,)."""
    gaps = np.diff(rounded_to(start, TWELFTH)) // TWELFTH
    moves = mixed(np.diff(pitch) + 128 + 256 * np.minimum(gaps, 1 << 20))
    count = max(len(moves) - MOTIF + 1, 0)
    total = np.zeros(count, dtype=np.uint64)
    for place in range(MOTIF):
        total = total * np.uint64(0x100000001B3) + moves[place : place + count]
    return total
