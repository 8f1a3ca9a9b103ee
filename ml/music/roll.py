"""Piano rolls and note lists: the shapes in which models and drawings want a song."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.music.song import TICKS_PER_BEAT, Song, Track

MAX_STEPS = 60_000 * 24


@dataclass(frozen=True, slots=True)
class DrawnNote:
    """A note for a drawing: `start` and `duration` in beats, `track` is an index."""

    track: int
    pitch: int
    start: float
    duration: float
    velocity: int


def piano_roll(song: Song | Track, *, resolution: int = 4) -> npt.NDArray[np.bool_]:
    """Return which pitches sound when, shape (time steps, 128), drums left out for a song.

    `resolution` is time steps per beat. A note sounds in every step in which it begins or that
    its middle part covers: starts and ends are rounded to steps, and no note is lost.

    :raises ValueError: if the roll would have more than 1,440,000 steps
    """
    tracks = [t for t in song.tracks if not t.is_drum] if isinstance(song, Song) else [song]
    step = TICKS_PER_BEAT / resolution
    spans = [
        (t.notes.pitch, np.rint(t.notes.start / step), np.rint(t.notes.end / step)) for t in tracks
    ]
    n_steps = int(max((np.maximum(e, s + 1).max() for _, s, e in spans if len(s)), default=0))
    if n_steps > MAX_STEPS:
        raise ValueError(f"A roll of {n_steps} time steps is too long.")
    change = np.zeros((n_steps + 1, 128), dtype=np.int16)
    for pitch, start, end in spans:
        first = start.astype(np.int64)
        np.add.at(change, (first, pitch), 1)
        np.add.at(change, (np.maximum(end.astype(np.int64), first + 1), pitch), -1)
    return np.cumsum(change[:-1], axis=0) > 0


def note_list(song: Song) -> list[DrawnNote]:
    """Return all notes of a song, drums included, in order of tracks and time."""
    return [
        DrawnNote(index, int(p), s / TICKS_PER_BEAT, d / TICKS_PER_BEAT, int(v))
        for index, track in enumerate(song.tracks)
        for p, s, d, v in zip(
            track.notes.pitch,
            track.notes.start,
            track.notes.duration,
            track.notes.velocity,
            strict=True,
        )
    ]
