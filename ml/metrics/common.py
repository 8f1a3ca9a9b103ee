"""The seven metrics that MusPy also has, by MusPy's definitions, for comparison and display.

Each is equal to MusPy's to rounding where MusPy is right (`docs/metrics.md` lists where it is
not). They count notes, not time, and none enters the score. Computed from note boundaries: the
cost grows with the number of notes, never with the length of the piece.
"""

from __future__ import annotations

import numpy as np

from ml.metrics.harmony import entropy_bits
from ml.metrics.material import Ints
from ml.music import TICKS_PER_BEAT, Song

_MAJOR = np.array([1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1])
_MAJOR_SCALES = np.stack([np.roll(_MAJOR, root) for root in range(12)])  # minors are among them


def common_metrics(song: Song, *, bar_ticks: int | None = None) -> dict[str, float]:
    """Return the seven values by MusPy's names; drums count for `empty_beat_rate` and groove.

    - `pitch_entropy`, `pitch_class_entropy`: bits over note counts;
    - `scale_consistency`: largest share of notes in one major or natural minor scale;
    - `polyphony`: mean number of pitches sounding where any does;
    - `polyphony_rate`: share of the time with three or more pitches (MusPy's threshold);
    - `empty_beat_rate`: share of beats in which no note sounds;
    - `groove_consistency`: 1 - mean Hamming distance of neighboring bars' onsets in ticks, for
      bars of `bar_ticks` (default: the first time signature).

    All are 0 for a song without notes, except that scale and groove are then 1.
    """
    notes = [t.notes for t in song.tracks if not t.is_drum]
    pitch, start, end = (
        np.concatenate([np.zeros(0, dtype=np.int64), *(getattr(n, name) for n in notes)])
        for name in ("pitch", "start", "end")
    )
    used = np.bincount(pitch, minlength=132)
    classes = used[:132].reshape(11, 12).sum(axis=0)
    total = len(pitch)
    polyphony, polyphony_rate = _polyphony(pitch, start, end)
    onsets = np.concatenate([start, *(t.notes.start for t in song.tracks if t.is_drum)])
    ends = np.concatenate([end, *(t.notes.end for t in song.tracks if t.is_drum)])
    return {
        "pitch_entropy": entropy_bits(used),
        "pitch_class_entropy": entropy_bits(classes),
        "scale_consistency": float((_MAJOR_SCALES @ classes).max() / total) if total else 1.0,
        "polyphony": polyphony,
        "polyphony_rate": polyphony_rate,
        "empty_beat_rate": _empty_beat_rate(onsets, ends),
        "groove_consistency": _groove(onsets, bar_ticks or song.time_signatures[0].bar_ticks),
    }


def _polyphony(pitch: Ints, start: Ints, end: Ints) -> tuple[float, float]:
    """Return mean pitches while any sounds, and the share of time up to the end with over two."""
    if len(pitch) == 0:
        return 0.0, 0.0
    begin, stop = _joined(pitch, start, end)
    times = np.concatenate([begin, stop])
    change = np.ones(len(times), dtype=np.int64)
    change[len(begin) :] = -1
    order = np.argsort(times)
    times = times[order]
    sounding = np.cumsum(change[order])[:-1]
    ticks = times[1:] - times[:-1]
    some = ticks[sounding > 0].sum()
    return float(sounding @ ticks / some), float(ticks[sounding > 2].sum() / times[-1])


def _joined(pitch: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return starts and ends of stretches in which a pitch sounds, over all tracks."""
    base = pitch << 32
    order = np.argsort(base + start)
    begin, stop = (base + start)[order], (base + end)[order]
    reached = np.maximum.accumulate(stop)
    first = np.ones(len(begin), dtype=bool)
    first[1:] = begin[1:] > reached[:-1]
    last = np.append(first[1:], True)
    return begin[first] & 0xFFFFFFFF, reached[last] & 0xFFFFFFFF


def _empty_beat_rate(start: Ints, end: Ints) -> float:
    if len(start) == 0:
        return 0.0
    first = start // TICKS_PER_BEAT
    after = -(-end // TICKS_PER_BEAT)
    n = int(after.max())
    change = np.bincount(first, minlength=n + 1) - np.bincount(after, minlength=n + 1)
    return float((np.cumsum(change[:n]) == 0).mean())


def _groove(onsets: Ints, bar_ticks: int) -> float:
    """Return 1 - Hamming distance / ticks, averaged over neighboring bars; 1 with one bar."""
    if len(onsets) == 0:
        return 1.0
    places = np.sort(onsets)
    places = places[np.append(True, places[1:] != places[:-1])]
    bar = places // bar_ticks
    n_pairs = int(bar[-1])
    if n_pairs == 0:
        return 1.0
    at = np.searchsorted(places, places + bar_ticks)
    shared = int((places[np.minimum(at, len(places) - 1)] == places + bar_ticks).sum())
    inner = 2 * len(places) - int((bar == 0).sum()) - int((bar == bar[-1]).sum())
    return 1 - (inner - 2 * shared) / bar_ticks / n_pairs
