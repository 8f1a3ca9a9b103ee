"""A song laid out once for all metrics: flat note arrays, melodic lines, segments and bars.

Conventions. Time is in ticks of 1/480 beat. A *segment* is a stretch in which the same pitches
sound; segments are weighted by their length, so no metric depends on a time grid unless it says
so. A *line* is the top note at each onset of one track. Drum tracks count for rhythm only, and
tracks with under 2 % of the energy (velocity x duration) do not count at all: nobody hears them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ml.music import TICKS_PER_BEAT, Song, Track

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Hashes = npt.NDArray[np.uint64]
IntsOrHashes = TypeVar("IntsOrHashes", Ints, Hashes)
Bools = npt.NDArray[np.bool_]

QUIET_SHARE = 0.02
SIXTEENTH = TICKS_PER_BEAT // 4
TWELFTH = TICKS_PER_BEAT // 12  # divides sixteenths and triplets alike


@dataclass(frozen=True, slots=True)
class Segments:
    """Stretches of constant sound, silence between notes included.

    `ticks` has shape (segments,), `start` too; `sounding` has shape (segments, 128).
    """

    start: Ints
    ticks: Ints
    sounding: Bools

    @classmethod
    def of(cls, pitch: Ints, start: Ints, end: Ints) -> Segments:
        """Return the segments between the first onset and the last end of some notes."""
        if len(pitch) == 0:
            none = np.zeros(0, dtype=np.int64)
            return cls(none, none, np.zeros((0, 128), dtype=bool))
        cuts, at = np.unique(np.concatenate([start, end]), return_inverse=True)
        steps = np.bincount(at[: len(pitch)] * 128 + pitch, minlength=len(cuts) * 128)
        steps = steps - np.bincount(at[len(pitch) :] * 128 + pitch, minlength=len(cuts) * 128)
        changes = steps.astype(np.int16).reshape(len(cuts), 128)
        sounding = np.cumsum(changes[:-1], axis=0, dtype=np.int16) > 0
        return cls(cuts[:-1], np.diff(cuts), sounding)


@dataclass(frozen=True)
class Material:
    """The notes of a song that is to be measured, sorted by start, then pitch.

    `pitch`, `start`, `end` have shape (notes,) and hold no drums; `onsets` holds the start of
    every note, drums included, sorted; `lines` holds (pitch, start) of each
    track's line, `parts` (pitch, start, end) of all its notes.
    """

    pitch: Ints
    start: Ints
    end: Ints
    onsets: Ints
    lines: tuple[tuple[Ints, Ints], ...]
    parts: tuple[tuple[Ints, Ints, Ints], ...]
    bar_starts: Ints
    end_tick: int

    @cached_property
    def segments(self) -> Segments:
        """All segments from the first onset on."""
        return Segments.of(self.pitch, self.start, self.end)

    @cached_property
    def n_sounding(self) -> Ints:
        """Number of different pitches in each segment, shape (segments,)."""
        return np.asarray(self.segments.sounding.sum(axis=1))

    @cached_property
    def chroma(self) -> Bools:
        """Which pitch classes sound in each segment, shape (segments, 12)."""
        padded = np.zeros((len(self.segments.ticks), 132), dtype=bool)
        padded[:, :128] = self.segments.sounding
        return np.asarray(padded.reshape(-1, 11, 12).any(axis=1))

    @cached_property
    def chord_mask(self) -> Ints:
        """Pitch classes of each segment as bits, C = 1, C# = 2, ... shape (segments,)."""
        return self.chroma @ (1 << np.arange(12))

    @cached_property
    def bass(self) -> Ints:
        """Lowest pitch of each segment; 0 in silence, shape (segments,)."""
        return np.asarray(self.segments.sounding.argmax(axis=1))

    def bar_of(self, ticks: Ints) -> Ints:
        """Return the index of the bar in which each tick lies, after rounding to 1/12 beat."""
        rounded = rounded_to(ticks, TWELFTH)
        return np.maximum(np.searchsorted(self.bar_starts, rounded, side="right") - 1, 0)

    @cached_property
    def beats(self) -> float:
        """Length in beats from the first onset to the last end; 0 without notes."""
        if len(self.onsets) == 0:
            return 0.0
        return (self.end_tick - int(self.onsets[0])) / TICKS_PER_BEAT


def rounded_to(ticks: Ints, step: int) -> Ints:
    """Return ticks rounded to multiples of `step`, halves up."""
    return (ticks + step // 2) // step * step


def distinct(values: IntsOrHashes) -> IntsOrHashes:
    """Return the different values in order; for short arrays faster than `np.unique`.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def prepare(song: Song) -> Material:
    """Lay out a song for the metrics."""
    tracks = audible_tracks(song)
    pitched = [t.notes for t in tracks if not t.is_drum]
    pitch, start, end = (
        np.concatenate([getattr(n, name) for n in pitched] or [np.zeros(0, dtype=np.int64)])
        for name in ("pitch", "start", "end")
    )
    order = np.argsort(start * 128 + pitch)
    onsets = np.concatenate([t.notes.start for t in tracks] or [start])
    return Material(
        pitch=pitch[order],
        start=start[order],
        end=end[order],
        onsets=np.sort(onsets),
        lines=tuple(line_of(t) for t in tracks if not t.is_drum),
        parts=tuple((n.pitch, n.start, n.end) for n in pitched),
        bar_starts=song.bar_starts,
        end_tick=max((int(t.notes.end.max()) for t in tracks), default=0),
    )


def audible_tracks(song: Song) -> list[Track]:
    """Return the tracks with at least 2 % of the energy, velocity x duration."""
    tracks = [t for t in song.tracks if len(t.notes)]
    energy = [float(t.notes.velocity @ t.notes.duration) for t in tracks]
    return [t for t, e in zip(tracks, energy, strict=True) if e >= QUIET_SHARE * sum(energy)]


def line_of(track: Track) -> tuple[Ints, Ints]:
    """Return pitches and starts of the top note at each onset of a track."""
    notes = track.notes
    last = np.append(notes.start[1:] != notes.start[:-1], True)
    return notes.pitch[last], notes.start[last]
