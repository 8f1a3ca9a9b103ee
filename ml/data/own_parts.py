"""Which tracks of a musician's own file are melody, second, third and bass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from ml.data.grids import GridPiece
from ml.data.parts import band_of, one_line, runs, singers
from ml.music import Song, Track
from ml.music.voices import N_VOICES, REST, STEP_TICKS, voices_of
from ml.words import _

PART_NAMES = ("melody", "second", "third", "bass")
TOLERANCE = 30  # ticks beside the grid, a quarter of a step: people play so
_OVERLAP = 60  # ticks by which legato notes overlap
_MOSTLY = 0.05  # share of notes of a single voice that may overlap more

Parts = tuple[int | None, ...]
"""For each of PART_NAMES a track's number, from 0, or None for a part that is silent.

Where a track is named more than once, the tracks that are named are taken together and taken
apart by pitch: that is how chords of one track become voices.
"""

Columns = tuple[npt.NDArray[np.int16], npt.NDArray[np.bool_]]


class PartsRefused(ValueError):
    """The chosen parts do not fit the file; the message says why."""


def check_parts(song: Song, wanted: Sequence[int | None]) -> Parts:
    """Return chosen parts if the song has such tracks.

    :raises PartsRefused: if there are not four of them, no melody, no such track, or drums
    """
    if len(wanted) != N_VOICES:
        raise PartsRefused(
            _("There are four parts to choose: {parts}.").format(parts=", ".join(PART_NAMES))
        )
    for name, track in zip(PART_NAMES, wanted, strict=True):
        if track is None:
            continue
        if isinstance(track, bool) or not isinstance(track, int) or track < 0:
            raise PartsRefused(
                _("The {part} is a track's number from 0 or nothing, not {value}.").format(
                    part=name, value=repr(track)
                )
            )
        if track >= len(song.tracks):
            raise PartsRefused(
                _("Track {track} was chosen as the {part}; the file has {tracks}.").format(
                    track=track + 1, part=name, tracks=len(song.tracks)
                )
            )
        if song.tracks[track].is_drum:
            raise PartsRefused(
                _("Track {track} was chosen as the {part}; it holds drums.").format(
                    track=track + 1, part=name
                )
            )
    if wanted[0] is None:
        raise PartsRefused(
            _("Choose a track for the melody: without one there is no music to learn.")
        )
    return tuple(wanted)


def infer_parts(song: Song) -> Parts:
    """Return the parts that a song's tracks seem to be; all None without a pitched note.

    Four tracks are the parts from high to low; of more, the four singers, or the melody, two
    fillers and the bass. Of two or three lines the lowest is the bass. Fewer tracks with chords are
    taken apart.
    """
    pitched = [i for i, t in enumerate(song.tracks) if not t.is_drum and len(t.notes)]
    tracks = [song.tracks[i] for i in pitched]
    if len(pitched) >= N_VOICES:
        chosen = singers(tracks) if len(pitched) > N_VOICES else ()
        chosen = chosen or (band_of(tracks) if len(pitched) > N_VOICES else _from_high(tracks))
        return tuple(next(i for i in pitched if song.tracks[i] is t) for t in chosen)
    if any(not _is_one_voice(t) for t in tracks):
        owners = [i if i >= 0 else None for i in voices_of(song).tracks]
        return _spread([i for i in owners if i is not None])
    order = [next(i for i in pitched if song.tracks[i] is t) for t in _from_high(tracks)]
    return _spread(order)


def _from_high(tracks: Sequence[Track]) -> tuple[Track, ...]:
    return tuple(sorted(tracks, key=lambda t: -float(t.notes.pitch.mean())))


def _spread(found: list[int]) -> Parts:
    """Return up to four voices from high to low as parts: the lowest of several is the bass."""
    missing: list[int | None] = [None] * (N_VOICES - len(found))
    return (*found[:-1], *missing, found[-1]) if len(found) > 1 else (*found, *missing)


def _is_one_voice(track: Track) -> bool:
    n = track.notes
    if len(n) < 2:
        return True
    together = np.maximum.accumulate(n.end)[:-1] - _OVERLAP > n.start[1:]
    return float(together.mean()) <= _MOSTLY


def are_taken_apart(parts: Parts) -> bool:
    """Tell whether the parts are voices of tracks taken together, rather than a track each."""
    named = [p for p in parts if p is not None]
    return len(set(named)) < len(named)


def grids_by(song: Song, parts: Parts, *, name: str, style: str) -> Iterator[GridPiece]:
    """Yield the grids of a song by its parts: one for each unbroken run of bars on the grid."""
    named = sorted({p for p in parts if p is not None})
    if not named:
        return
    tracks = tuple(song.tracks[i] for i in named)
    if not are_taken_apart(parts):
        tracks = tuple(one_line(t) for t in tracks)
    chosen = Song(tracks, song.tempos, song.time_signatures, song.key_signatures)
    if are_taken_apart(parts):
        pitch, strike = _voices(chosen, parts)
    else:
        lines = dict(zip(named, tracks, strict=True))
        pitch, strike = _lines([None if p is None else lines[p] for p in parts])
    band = song if any(t.is_drum and len(t.notes) for t in song.tracks) else None
    yield from runs(pitch, strike, chosen, band, name=name, style=style, tolerance=TOLERANCE)


def _lines(lines: Sequence[Track | None]) -> Columns:
    """Return tracks of one voice as the columns of a grid."""
    end = max(int(line.notes.end.max()) for line in lines if line and len(line.notes))
    n_steps = max(1, -(-end // STEP_TICKS))
    pitch = np.full((n_steps, N_VOICES), REST, dtype=np.int16)
    strike = np.zeros((n_steps, N_VOICES), dtype=np.bool_)
    for column, line in enumerate(lines):
        if line is None:
            continue
        n = line.notes
        first = np.rint(n.start / STEP_TICKS).astype(np.int64)
        until = np.maximum(np.rint(n.end / STEP_TICKS).astype(np.int64), first + 1)
        for a, b, p in zip(first.tolist(), until.tolist(), n.pitch.tolist(), strict=True):
            pitch[a:b, column] = p
            strike[a + 1 : b, column] = False
            if a < n_steps:
                strike[a, column] = True
    return pitch, strike


def _voices(song: Song, parts: Parts) -> Columns:
    """Return a song's voices in the columns that are wanted: the highest and the lowest stay."""
    voices = voices_of(song)
    sounding = [v for v in range(N_VOICES) if (voices.pitch[:, v] != REST).any()]
    places = [i for i, p in enumerate(parts) if p is not None]
    n = min(len(sounding), len(places))
    pitch = np.full_like(voices.pitch, REST)
    strike = np.zeros_like(voices.strike)
    chosen = [*sounding[: n - 1], sounding[-1]] if n > 1 else sounding[:1]
    wanted = [*places[: n - 1], places[-1]] if n > 1 else places[:1]
    for place, voice in zip(wanted, chosen, strict=True):
        pitch[:, place], strike[:, place] = voices.pitch[:, voice], voices.strike[:, voice]
    return pitch, strike
