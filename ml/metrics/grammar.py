"""Surprise: how unexpected a piece's melodic steps, chords and rhythms are in a style.

Four small n-gram tables per style are counted from its reference pieces (`ml.metrics.reference`).
The surprise of a piece is the mean of -log2 P(next | before) in bits: random music is very
surprising, a loop is not surprising at all, and music of the style lies between. It is therefore
read two-sided, as a place in the band of the style's own pieces.

Everything is counted in intervals (inside lines, from the bass, between basses), so transposition
changes nothing, and on 1/12 beat, so neither does tempo.

A profile compares only how often each interval or rhythm occurs with how often it does in the
style. It sees what surprise cannot: that something usual is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.metrics.material import TWELFTH, Floats, Ints, Material, rounded_to

N_INTERVALS = 25  # -12 .. 12 semitones, wider ones clipped
N_CHORDS = 2048  # sets of pitch classes above the bass
N_KINDS = 64  # the 63 most frequent chords of a style, and all others
N_RHYTHMS = 12 * 13  # place in the beat x distance to the next onset
_DISTANCES = np.array([1, 2, 3, 4, 6, 8, 9, 12, 18, 24, 36, 48])  # in 1/12 beat

SURPRISES = ("interval_surprise", "chord_surprise", "progression_surprise", "rhythm_surprise")
PROFILES = {"interval_profile": "interval_surprise", "rhythm_profile": "rhythm_surprise"}
"""Distances between mixes of outcomes, and the tables whose outcomes they mix."""

GRAMMARS = (*SURPRISES, *PROFILES)
"""All metrics that need the tables of a style."""

SIZES = {
    "interval_surprise": ((N_INTERVALS + 1) ** 2, N_INTERVALS),
    "chord_surprise": (1, N_CHORDS),
    "progression_surprise": (N_KINDS, 12 * N_KINDS),
    "rhythm_surprise": (N_RHYTHMS + 1, N_RHYTHMS),
}
"""Contexts and outcomes of each table."""

_BACKING_OFF = 4.0  # outcomes of the shorter context count as this many observations


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the tables count in one piece; arrays of shape (events,).

    `intervals` are (context, outcome) cells of the interval table, `rhythms` likewise; `chords`
    are sets of pitch classes above the bass in order of time, `bass_moves` the steps of the bass
    from chord to chord in semitones modulo 12 (one fewer).
    """

    intervals: Ints
    chords: Ints
    bass_moves: Ints
    rhythms: Ints

    def cells(self, kinds: Ints) -> dict[str, Ints]:
        """Return the table cell of every event; `kinds` maps chords to 0 .. 63."""
        kind = kinds[self.chords]
        moves = (kind[:-1] * 12 + self.bass_moves) * N_KINDS + kind[1:]
        return {
            "interval_surprise": self.intervals,
            "chord_surprise": self.chords,
            "progression_surprise": moves,
            "rhythm_surprise": self.rhythms,
        }


def tokens(m: Material) -> Tokens:
    """Return the events of a piece that the tables count."""
    chords, bass_moves = _chords(m)
    intervals = [_interval_cells(pitch) for pitch, _ in m.lines]
    rhythms = [_rhythm_cells(start) for _, start in m.lines]
    none = np.zeros(0, dtype=np.int64)
    return Tokens(
        np.concatenate([none, *intervals]), chords, bass_moves, np.concatenate([none, *rhythms])
    )


def _interval_cells(pitch: Ints) -> Ints:
    """Return (two intervals before, interval) as cells; a line begins with the mark 25."""
    step = np.clip(np.diff(pitch), -12, 12) + 12
    before = np.concatenate([[N_INTERVALS, N_INTERVALS], step])
    context = before[:-2] * (N_INTERVALS + 1) + before[1:-1]
    return np.asarray(context * N_INTERVALS + step, dtype=np.int64)


def _rhythm_cells(start: Ints) -> Ints:
    """Return (rhythm before, rhythm) as cells; a rhythm is (place in beat, distance to next)."""
    at = rounded_to(start, TWELFTH) // TWELFTH
    distance = np.searchsorted(_DISTANCES, np.diff(at), side="left")
    rhythm = (at[:-1] % 12) * 13 + distance
    before = np.concatenate([[N_RHYTHMS], rhythm])[: len(rhythm)]
    return np.asarray(before * N_RHYTHMS + rhythm, dtype=np.int64)


def _chords(m: Material) -> tuple[Ints, Ints]:
    """Return the chords above the bass and the moves of the bass, equal neighbors joined.

    What sounds for less than 1/12 beat is an overlap of notes, no chord.
    """
    sounds = (m.n_sounding > 0) & (m.segments.ticks >= TWELFTH)
    mask, bass = m.chord_mask[sounds], m.bass[sounds] % 12
    new = np.append(True, (mask[1:] != mask[:-1]) | (bass[1:] != bass[:-1]))[: len(mask)]
    mask, bass = mask[new], bass[new]
    above = ((mask >> bass) | (mask << (12 - bass))) & 4095
    return above >> 1, np.diff(bass) % 12


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one style.

    `kinds` maps chords to kinds, `bits` holds -log2 P of every cell by table, `mixes` the share
    of every outcome by profile.
    """

    kinds: Ints
    bits: dict[str, npt.NDArray[np.float32]]
    mixes: dict[str, Floats]

    def measure(self, found: Tokens) -> dict[str, float]:
        """Return a piece's mean surprises and profile distances in bits; 0 without events."""
        cells = found.cells(self.kinds)
        values = {
            name: float(self.bits[name][cells[name]].mean()) if len(cells[name]) else 0.0
            for name in SURPRISES
        }
        for name, table in PROFILES.items():
            n_outcomes = SIZES[table][1]
            own = np.bincount(cells[table] % n_outcomes, minlength=n_outcomes)
            values[name] = divergence(own, self.mixes[name])
        return values


def divergence(own: Ints, style: Floats) -> float:
    """Return the Jensen-Shannon divergence of two mixes in bits, from 0 (equal) to 1.

    `own` are counts, `style` are shares, both of shape (outcomes,). 0 without counts.

    >>> divergence(np.array([3, 0]), np.array([0.0, 1.0]))
    1.0
    """
    total = own.sum()
    if total == 0:
        return 0.0
    share = own / total
    middle = (share + style) / 2
    logs = np.log2(np.maximum(middle, 1e-300))
    return max(0.0, float((_plogp(share) + _plogp(style)) / 2 - middle @ logs))


def _plogp(share: Floats) -> float:
    present = share[share > 0]
    return float(present @ np.log2(present))


def chord_kinds(chords: Ints) -> Ints:
    """Return a map of shape (2048,) from chords to kinds; the most frequent get 0 .. 62."""
    counts = np.bincount(chords, minlength=N_CHORDS)
    frequent = np.argsort(-counts, kind="stable")[: N_KINDS - 1]
    kinds = np.full(N_CHORDS, N_KINDS - 1)
    kinds[frequent] = np.arange(len(frequent))
    return kinds


def tables_from(counts: dict[str, Floats], kinds: Ints) -> Tables:
    """Return the tables for cell counts by name, each of shape (contexts * outcomes,)."""
    bits = {}
    for name, count in counts.items():
        n_contexts, n_outcomes = SIZES[name]
        table = count.reshape(n_contexts, n_outcomes)
        if name == "interval_surprise":
            probability = _trigram(table)
        else:
            probability = _smoothed(table, _smoothed(table.sum(axis=0)[None], 1 / n_outcomes))
        bits[name] = (-np.log2(probability)).astype(np.float32).ravel()
    mixes = {}
    for name, source in PROFILES.items():
        outcomes = counts[source].reshape(SIZES[source]).sum(axis=0)
        mixes[name] = outcomes / max(outcomes.sum(), 1)
    return Tables(kinds, bits, mixes)


def _smoothed(table: Floats, shorter: Floats | float) -> Floats:
    """Return P(outcome | context), leaning on a shorter context's P where little was seen."""
    seen = table.sum(axis=1, keepdims=True)
    return np.asarray((table + _BACKING_OFF * shorter) / (seen + _BACKING_OFF))


def _trigram(table: Floats) -> Floats:
    """Return P(interval | two before), backing off to one before and to none."""
    n = N_INTERVALS + 1
    cube = table.reshape(n, n, N_INTERVALS)
    one_before = cube.sum(axis=0)  # (intervals + mark, intervals)
    none_before = _smoothed(one_before.sum(axis=0)[None], 1 / N_INTERVALS)
    shorter = _smoothed(one_before, none_before)
    return _smoothed(table, np.tile(shorter, (n, 1)))
