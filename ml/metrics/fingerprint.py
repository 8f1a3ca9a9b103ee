"""Fingerprints: short passages of a piece as hashes that survive transposition and tempo.

Three kinds of passages are hashed, each from an onset on:

- one bar: all onsets within 4 beats, as (time to 1/12 beat, semitones above the lowest note at
  the anchor);
- two bars: the same within 8 beats;
- line: 8 intervals of a line with the ratios of the distances between its notes, which survives
  re-voicing, other accompaniments and doubled note values.

Passages that are too plain to belong to anybody (few onsets, few different notes) are left out.
A hash is an int64 (SplitMix64 mixing, sums modulo 2^64), the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.metrics.grid import material_of
from ml.metrics.material import TWELFTH, Ints, Material, distinct, rounded_to
from ml.metrics.rhythm import mixed
from ml.music import TICKS_PER_BEAT, Song

KINDS = ("one_bar", "two_bar", "line")
BEATS = {"one_bar": 4, "two_bar": 8}
GRAM = 8  # intervals in a line passage
MAX_NOTES = 20_000  # a longer piece is fingerprinted over its first 20,000 notes
_MAX_NOTES = {"one_bar": 64, "two_bar": 128}  # looked at per passage
_LEAST_ONSETS = 4
_LEAST_PITCHES = 3
_LEAST_NOTES = {"one_bar": 7, "two_bar": 12}  # a bar of plain quarter notes is everybody's
_SEEDS = {"one_bar": np.uint64(0x51), "two_bar": np.uint64(0x52), "line": np.uint64(0x53)}


@dataclass(frozen=True, slots=True, eq=False)
class Passages:
    """Hashes of one kind and where they begin (ticks), both of shape (passages,)."""

    hashes: npt.NDArray[np.int64]
    at: Ints

    @property
    def on_beat(self) -> npt.NDArray[np.bool_]:
        """Which passages begin on a beat; only those are stored in indexes."""
        return np.asarray(self.at % TICKS_PER_BEAT == 0)


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """The passages of a piece by kind."""

    one_bar: Passages
    two_bar: Passages
    line: Passages

    def hashes(self) -> list[int]:
        """Return every hash once: what to look up to find pieces that share passages."""
        return [int(h) for h in self.hash_array()]

    def hash_array(self) -> Ints:
        """Return every hash once, in order."""
        return distinct(np.concatenate([getattr(self, kind).hashes for kind in KINDS]))

    def stored_hashes(self) -> list[int]:
        """Return every hash that begins on a beat once: what to store for later look-ups."""
        parts = [getattr(self, kind) for kind in KINDS]
        found = np.concatenate([p.hashes[p.on_beat] for p in parts])
        return [int(h) for h in distinct(found)]

    def to_bytes(self) -> bytes:
        """Return the fingerprint as little-endian bytes for storage."""
        parts = [getattr(self, kind) for kind in KINDS]
        sizes = np.array([len(p.hashes) for p in parts], dtype="<i8")
        arrays = [a.astype("<i8") for p in parts for a in (p.hashes, p.at)]
        return b"".join(a.tobytes() for a in [sizes, *arrays])

    @classmethod
    def from_bytes(cls, data: bytes) -> Fingerprint:
        """Return the fingerprint that `to_bytes` wrote.

        :raises ValueError: if the bytes are none
        """
        values = np.frombuffer(data, dtype="<i8").astype(np.int64)
        sizes = values[: len(KINDS)]
        if len(values) != len(KINDS) + 2 * sizes.sum():
            raise ValueError("These bytes hold no fingerprint.")
        cuts = len(KINDS) + np.cumsum(np.repeat(sizes, 2))
        parts = np.split(values, [len(KINDS), *cuts[:-1]])[1:]
        return cls(*(Passages(parts[2 * i], parts[2 * i + 1]) for i in range(len(KINDS))))


def fingerprint(song: Song) -> Fingerprint:
    """Return the fingerprint of a song; drums do not count."""
    m = material_of(song)
    return Fingerprint(_textures(m, "one_bar"), _textures(m, "two_bar"), _lines(m))


def _textures(m: Material, kind: str) -> Passages:
    """Return the passages of all voices together that begin at each onset."""
    ticks = rounded_to(m.start[:MAX_NOTES], TWELFTH)
    pitch = m.pitch[:MAX_NOTES]
    length = BEATS[kind] * TICKS_PER_BEAT
    onsets = distinct(ticks)
    at = onsets[onsets + length <= m.end_tick + TWELFTH // 2]
    onsets_within = np.searchsorted(onsets, at + length) - np.arange(len(at))
    at = at[onsets_within >= _LEAST_ONSETS]
    if len(at) == 0:
        return Passages(at, at)
    first = np.searchsorted(ticks, at)
    after = np.minimum(np.searchsorted(ticks, at + length), first + _MAX_NOTES[kind])
    size = after - first
    begin = np.cumsum(size) - size  # of each passage among the notes of all passages
    note = np.arange(begin[-1] + size[-1]) + np.repeat(first - begin, size)
    anchor = np.repeat(at * 1024 // TWELFTH + pitch[first], size)  # pitch[first] is the lowest
    cells = mixed((ticks * 1024 // TWELFTH + pitch)[note] - anchor)
    hashes = mixed(np.add.reduceat(cells, begin).view(np.int64)) + _SEEDS[kind]
    bits = np.uint64(1) << (pitch % 64).astype(np.uint64)
    pitches = np.bitwise_count(np.bitwise_or.reduceat(bits[note], begin))
    kept = (pitches >= _LEAST_PITCHES) & (size >= _LEAST_NOTES[kind])
    return Passages(hashes[kept].view(np.int64), at[kept])


def _lines(m: Material) -> Passages:
    """Return the passages of single lines that begin at each note with 8 more behind it."""
    found = [_line(pitch[:MAX_NOTES], start[:MAX_NOTES]) for pitch, start in m.lines]
    none = np.zeros(0, dtype=np.int64)
    return Passages(
        np.concatenate([none, *(p.hashes for p in found)]),
        np.concatenate([none, *(p.at for p in found)]),
    )


def _line(pitch: Ints, start: Ints) -> Passages:
    steps, gaps = np.diff(pitch), np.diff(rounded_to(start, TWELFTH)) // TWELFTH
    if len(steps) < GRAM:
        none = np.zeros(0, dtype=np.int64)
        return Passages(none, none)
    steps = np.lib.stride_tricks.sliding_window_view(steps, GRAM)  # (passages, 8)
    gaps = np.maximum(np.lib.stride_tricks.sliding_window_view(gaps, GRAM), 1)
    ratios = gaps * 48 // gaps[:, :1]  # doubling all values leaves them as they are
    places = np.arange(GRAM) * (1 << 32)
    cells = mixed(places + np.clip(ratios, 0, 1 << 20) * 256 + steps + 128)
    hashes = mixed(cells.sum(axis=1, dtype=np.uint64).view(np.int64)) + _SEEDS["line"]
    moving = (steps != 0).sum(axis=1) >= GRAM // 2  # half of it repeated notes: too plain
    return Passages(
        hashes[moving].view(np.int64), rounded_to(start, TWELFTH)[: len(hashes)][moving]
    )
