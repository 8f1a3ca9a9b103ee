"""The one representation of music in this project: a `Song` of tracks of notes.

Time is in ticks of 1/480 beat (a beat is a quarter note) from the start of the piece. Arrays are
sorted, equally long and must not be written to.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

TICKS_PER_BEAT = 480
DEFAULT_TEMPO = 500_000  # microseconds per beat: 120 beats a minute
DEFAULT_VOLUME = 100  # what General MIDI begins with
CENTER = 64

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TempoChange:
    """From `tick` on a beat lasts `us_per_beat` microseconds (1 to 16,777,215)."""

    tick: int
    us_per_beat: int

    @property
    def qpm(self) -> float:
        """Beats (quarter notes) per minute."""
        return 60e6 / self.us_per_beat


@dataclass(frozen=True, slots=True)
class TimeSignature:
    """From `tick` on a bar holds `numerator` notes of 1/`denominator`."""

    tick: int
    numerator: int
    denominator: int

    @property
    def bar_ticks(self) -> int:
        """Length of a bar in ticks."""
        return self.numerator * 4 * TICKS_PER_BEAT // self.denominator


@dataclass(frozen=True, slots=True)
class KeySignature:
    """From `tick` on the staff shows `sharps` (-7 to 7; negative: flats)."""

    tick: int
    sharps: int
    is_minor: bool


@dataclass(frozen=True, slots=True, eq=False)
class Notes:
    """Notes as four arrays of shape (notes,), sorted by start, then pitch.

    `pitch` is 0-127 (60 = C4), `start` and `duration` are ticks (duration >= 1), `velocity` is
    1-127. Notes of one pitch never overlap.
    """

    pitch: IntArray
    start: IntArray
    duration: IntArray
    velocity: IntArray

    def __len__(self) -> int:
        return len(self.pitch)

    @property
    def end(self) -> IntArray:
        """Tick at which each note has stopped."""
        return self.start + self.duration

    @classmethod
    def tidy(
        cls,
        pitch: npt.ArrayLike,
        start: npt.ArrayLike,
        duration: npt.ArrayLike,
        velocity: npt.ArrayLike,
    ) -> Notes:
        """Return notes in canonical form from arrays in any order.

        Notes that begin together on one pitch become one (the longest, the loudest), a note is
        cut where the next of its pitch begins, and a note without length gets one tick.
        """
        p, s, d, v = (np.asarray(a, dtype=np.int64) for a in (pitch, start, duration, velocity))
        if len(p) == 0:
            return cls(p, s, d, v)
        d, v = np.maximum(d, 1), np.clip(v, 1, 127)
        p, s, d, v = _merge_unisons(p, s, d, v)
        same = p[1:] == p[:-1]
        d[:-1] = np.where(same, np.minimum(d[:-1], s[1:] - s[:-1]), d[:-1])
        order = np.lexsort((p, s))
        return cls(p[order], s[order], d[order], v[order])


def _merge_unisons(
    p: IntArray, s: IntArray, d: IntArray, v: IntArray
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return the notes sorted by pitch, then start, with one note per pitch and start."""
    order = np.lexsort((s, p))
    p, s, d, v = p[order], s[order], d[order], v[order]
    first = np.flatnonzero(np.r_[True, (p[1:] != p[:-1]) | (s[1:] != s[:-1])])
    return p[first], s[first], np.maximum.reduceat(d, first), np.maximum.reduceat(v, first)


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One instrument: `name` is safe text (at most 80 characters), `program` is 0-127.

    `volume` is 0-127 and `pan` 0 (left) to 127 (right), for the whole piece. They change how it
    sounds and nothing that is measured.
    """

    name: str
    program: int
    is_drum: bool
    notes: Notes
    volume: int = DEFAULT_VOLUME
    pan: int = CENTER

    def with_notes(self, notes: Notes) -> Track:
        """Return the same instrument playing other notes."""
        return replace(self, notes=notes)


@dataclass(frozen=True, eq=False)
class Song:
    """A piece of music in canonical form; build it with `Song.build` or `read_midi`.

    The three lists of changes begin at tick 0 (key signatures may be empty) and are sorted.
    """

    tracks: tuple[Track, ...]
    tempos: tuple[TempoChange, ...] = (TempoChange(0, DEFAULT_TEMPO),)
    time_signatures: tuple[TimeSignature, ...] = (TimeSignature(0, 4, 4),)
    key_signatures: tuple[KeySignature, ...] = field(default=())
    ticks_per_beat: int = TICKS_PER_BEAT

    @cached_property
    def n_notes(self) -> int:
        """Number of notes, drums included."""
        return sum(len(track.notes) for track in self.tracks)

    @cached_property
    def end_tick(self) -> int:
        """Tick at which the last note has stopped; 0 without notes."""
        return max((int(t.notes.end.max()) for t in self.tracks if len(t.notes)), default=0)

    @cached_property
    def duration_seconds(self) -> float:
        """Playing time until the last note has stopped."""
        return seconds_at(self.tempos, self.end_tick)

    @property
    def duration_beats(self) -> float:
        """Length in beats until the last note has stopped."""
        return self.end_tick / TICKS_PER_BEAT

    @cached_property
    def bar_starts(self) -> IntArray:
        """Ticks at which bars begin, shape (bars,), up to the end of the last note."""
        changes = self.time_signatures
        starts = []
        ends = [*(c.tick for c in changes[1:]), self.end_tick]
        for change, until in zip(changes, ends, strict=True):
            upto = min(until, self.end_tick)
            starts.append(np.arange(change.tick, upto, change.bar_ticks, dtype=np.int64))
        return np.concatenate(starts)

    @property
    def n_bars(self) -> int:
        """Number of bars until the last note has stopped, an incomplete one included."""
        return len(self.bar_starts)

    @cached_property
    def pitch_range(self) -> tuple[int, int]:
        """Lowest and highest pitch that is not a drum; (0, 0) without such notes."""
        pitched = [t.notes.pitch for t in self.tracks if not t.is_drum and len(t.notes)]
        if not pitched:
            return (0, 0)
        return min(int(p.min()) for p in pitched), max(int(p.max()) for p in pitched)

    def to_midi(self) -> bytes:
        """Return the song as a canonical type-1 file; equal songs give equal bytes."""
        from ml.music.writer import write_midi

        return write_midi(self)


def seconds_at(tempos: tuple[TempoChange, ...], tick: int) -> float:
    """Return the time in seconds at which `tick` is reached.

    >>> seconds_at((TempoChange(0, 500_000), TempoChange(480, 250_000)), 960)
    0.75
    """
    total = 0
    ends = [*(c.tick for c in tempos[1:]), tick]
    for change, following in zip(tempos, ends, strict=True):
        total += max(min(following, tick) - change.tick, 0) * change.us_per_beat
    return total / TICKS_PER_BEAT / 1e6


def music_hash(song: Song) -> str:
    """Return a SHA-256 in hexadecimal over what sounds: pitch, start, duration, drum or not.

    Names, velocities, programs, volume, pan, tempo, signatures, the order and division of tracks,
    and the packing of the file do not change it. Times count in beats.
    """
    columns = [np.zeros((0, 4), dtype=np.int64)]
    for track in song.tracks:
        n = track.notes
        drum = np.full(len(n), track.is_drum, dtype=np.int64)
        columns.append(np.stack([n.start, n.pitch, n.duration, drum], axis=1))
    rows = np.unique(np.concatenate(columns), axis=0)
    return hashlib.sha256(rows.astype("<i8").tobytes()).hexdigest()


def transposed(song: Song, semitones: int) -> Song:
    """Return the song with every note that is not a drum moved by `semitones`.

    :raises ValueError: if a note would leave 0-127
    """
    low, high = song.pitch_range
    if low + semitones < 0 or high + semitones > 127:
        raise ValueError("A note would leave the range 0-127.")
    tracks = tuple(
        t if t.is_drum else t.with_notes(_shifted(t.notes, semitones)) for t in song.tracks
    )
    return Song(tracks, song.tempos, song.time_signatures)


def _shifted(notes: Notes, semitones: int) -> Notes:
    return Notes(notes.pitch + semitones, notes.start, notes.duration, notes.velocity)
