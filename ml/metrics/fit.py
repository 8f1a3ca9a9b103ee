"""Voice fit: how much better the voices sit together than at any other moment.

This needs no reference. The voices of a composed piece clash less where they are than where they
would be if one slipped against another; for voices that have nothing to do with each other it
makes no difference.
"""

from __future__ import annotations

import numpy as np

from ml.metrics.material import Floats, Ints, Material
from ml.music import TICKS_PER_BEAT

EIGHTH = TICKS_PER_BEAT // 2
SLIPS = (-11, -7, -5, -3, 3, 5, 7, 11)  # eighths: off the beat and off the bar alike
MAX_VOICES = 6

_CLASSES = np.arange(12)
_APART = (_CLASSES[:, None] - _CLASSES) % 12
_CLASH = np.isin(_APART, (1, 2, 6, 10, 11)).astype(np.float32)


def voice_fit(m: Material) -> float:
    """Return how much less the voices clash than if they slipped; 1 = never, 0 = no less.

    1 - c / s: c is the share of seconds, sevenths and tritones among all pairs of notes of two
    voices at each eighth, s the same share with one voice slipped by 3, 5, 7 or 11 eighths
    either way, on average. At least -1. 0 with fewer than two voices or where nothing clashes.

    Voices are the tracks (at most the six with most notes); a single track is divided into its
    top notes and the rest.
    """
    voices = _voices(m)
    if len(voices) < 2:
        return 0.0
    clash = np.zeros(1 + len(SLIPS))
    pairs = np.zeros(1 + len(SLIPS))
    before = np.zeros_like(voices[0])  # all voices before this one: pairs without a double loop
    for voice in voices:
        clashing, count = voice @ _CLASH, voice.sum(axis=1)
        counted = before.sum(axis=1)
        for place, slip in enumerate((0, *SLIPS)):
            clash[place] += _overlap(before, clashing, slip)
            pairs[place] += _overlap(counted, count, slip)
        before += voice
    if not pairs[0] or not clash[1:].any():
        return 0.0
    slipped = clash[1:].sum() / pairs[1:].sum()
    return max(-1.0, float(1 - clash[0] / pairs[0] / slipped))


def _overlap(one: Floats, other: Floats, slip: int) -> float:
    """Return the sum of products of two series, the second one read `slip` steps later."""
    if slip < 0:
        one, other, slip = other, one, -slip
    length = len(one) - slip
    return float(np.vdot(one[:length], other[slip:])) if length > 0 else 0.0


def _voices(m: Material) -> list[Floats]:
    """Return the classes sounding at each eighth by voice, each of shape (eighths, 12)."""
    parts = sorted(m.parts, key=lambda part: -len(part[0]))[:MAX_VOICES]
    if len(parts) == 1:
        parts = _split(*parts[0])
    origin = int(m.start[0]) if len(m.start) else 0
    n_steps = -(-(m.end_tick - origin) // EIGHTH)
    return [_sounding(p, s - origin, e - origin, n_steps) for p, s, e in parts if len(p)]


def _split(pitch: Ints, start: Ints, end: Ints) -> list[tuple[Ints, Ints, Ints]]:
    """Return the top note at each onset, and the notes below it."""
    top = np.append(start[1:] != start[:-1], True)
    return [(pitch[top], start[top], end[top]), (pitch[~top], start[~top], end[~top])]


def _sounding(pitch: Ints, start: Ints, end: Ints, n_steps: int) -> Floats:
    first = -(-start // EIGHTH)  # the first eighth at or after the onset
    last = np.maximum(-(-end // EIGHTH), first)
    change = np.bincount(first * 12 + pitch % 12, minlength=(n_steps + 1) * 12)
    change = change - np.bincount(last * 12 + pitch % 12, minlength=(n_steps + 1) * 12)
    held = np.cumsum(change.reshape(-1, 12)[:n_steps], axis=0)
    return (held > 0).astype(np.float32)
