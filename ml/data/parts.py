"""From a song to grids: which tracks are the four voices, and which bars fit the grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from ml.data.grids import N_DRUMS, GridPiece
from ml.music import Notes, Song, Track
from ml.music.voices import N_VOICES, STEP_TICKS, metre_of, voices_of

MIN_STEPS = 32
MAX_OFF_GRID = 0.1  # share of a bar's notes that may lie beside the grid
MAX_TAKES = 3

_SATB = ("soprano", "alto", "tenor", "bass")
BASS_PROGRAMS = range(32, 40)

DRUMS: tuple[tuple[str, int, tuple[int, ...]], ...] = (
    ("kick", 36, (35, 36)),
    ("snare", 38, (37, 38, 39, 40)),
    ("closed hi-hat", 42, (42, 44, 54, 69, 70, 82)),
    ("open hi-hat", 46, (46,)),
    ("low tom", 43, (41, 43, 45)),
    ("middle tom", 47, (47, 48)),
    ("high tom", 50, (50, 60, 61, 62, 63, 64, 65, 66)),
    ("crash", 49, (49, 52, 55, 57)),
    ("ride", 51, (51, 53, 56, 59)),
)
"""Drum rows: name, the pitch it is written with, the General MIDI pitches that are read as it."""

_DRUM_ROW = {pitch: row for row, (_, _, pitches) in enumerate(DRUMS) for pitch in pitches}


def grids_of(song: Song, *, name: str, style: str) -> Iterator[GridPiece]:
    """Yield a song's grids: one for each choice of four voices and each unbroken run of bars.

    Bars with more than a tenth of their notes off the 16th grid (triplets, grace notes) are left
    out, except in `arcade`, where notes move to the nearest step.
    """
    for number, tracks in enumerate(takes(song, style)):
        lines = tuple(one_line(track) for track in tracks)
        chosen = Song(lines, song.tempos, song.time_signatures, song.key_signatures)
        suffix = f"~{number + 1}" if number else ""
        voices = voices_of(chosen)
        yield from runs(
            voices.pitch, voices.strike, chosen, song if style == "arcade" else None,
            name=f"{name}{suffix}", style=style,
        )  # fmt: skip


def takes(song: Song, style: str) -> list[tuple[Track, ...]]:
    """Return the choices of up to four tracks that serve as voices, none if there is no such.

    Chorales use the singers' tracks; of five or six voices the outer ones stay and the inner ones
    take turns, at most three times; `arcade` takes melody, two fillers and bass.
    """
    pitched = [t for t in song.tracks if not t.is_drum and len(t.notes)]
    if style == "dance":
        return [(max(pitched, key=lambda t: len(t.notes)),)] if pitched else []
    if style == "arcade":
        return [band] if (band := band_of(pitched)) else []
    if len(pitched) > N_VOICES and (choir := singers(pitched)):
        return [choir]
    if style in {"chorale", "quartet"} or len(pitched) <= N_VOICES:
        return [tuple(pitched)] if len(pitched) == N_VOICES else []
    ordered = sorted(pitched, key=lambda t: -float(t.notes.pitch.mean()))
    inner = list(combinations(ordered[1:-1], N_VOICES - 2))[:MAX_TAKES]
    return [(ordered[0], *middle, ordered[-1]) for middle in inner]


def singers(pitched: Sequence[Track]) -> tuple[Track, ...]:
    """Return the tracks that are named soprano, alto, tenor and bass; nothing if one lacks."""
    found = [next((t for t in pitched if t.name.lower().startswith(n)), None) for n in _SATB]
    return tuple(t for t in found if t) if all(found) else ()


def band_of(pitched: Sequence[Track]) -> tuple[Track, ...]:
    """Return melody, two fillers and bass of four tracks or more, nothing of fewer.

    The bass is known by its program or is the lowest track, the melody is high and of one voice.
    """
    if len(pitched) < N_VOICES:
        return ()
    busiest = sorted(pitched, key=lambda t: -len(t.notes))[:6]
    basses = [t for t in busiest if t.program in BASS_PROGRAMS] or busiest
    bass = min(basses, key=lambda t: float(t.notes.pitch.mean()))
    rest = sorted((t for t in busiest if t is not bass), key=is_like_a_melody)[-3:]
    return (*sorted(rest, key=lambda t: -float(t.notes.pitch.mean())), bass)


def is_like_a_melody(track: Track) -> float:
    """Return how high a track lies, less up to 30 semitones for notes that sound together."""
    n = track.notes
    together = np.mean(np.maximum.accumulate(n.end)[:-1] > n.start[1:]) if len(n) > 1 else 1.0
    return float(n.pitch.mean()) - 30 * float(together)


def one_line(track: Track) -> Track:
    """Return the track with its highest note only wherever several begin; overlaps are cut."""
    n = track.notes
    step = np.rint(n.start / STEP_TICKS).astype(np.int64)
    order = np.lexsort((-n.pitch, step))
    top = order[np.r_[True, step[order][1:] != step[order][:-1]]]
    start = n.start[top]
    end = np.minimum(n.end[top], np.r_[start[1:], np.iinfo(np.int64).max])
    line = Notes.tidy(n.pitch[top], start, end - start, n.velocity[top])
    return Track(track.name, track.program, False, line)


def runs(
    pitch: npt.NDArray[np.int16], strike: npt.NDArray[np.bool_], chosen: Song, band: Song | None, *,
    name: str, style: str, tolerance: int = 0,
) -> Iterator[GridPiece]:  # fmt: skip
    """Yield the unbroken runs of bars that lie on the grid, of a piece's voices (steps, 4).

    `chosen` holds the voices' notes, of which `tolerance` ticks beside the grid are on it. With a
    `band` its drums come along, and all notes count as on the grid.
    """
    if not len(pitch):
        return
    position, bar, bar_steps = metre_of(chosen, len(pitch))
    bars = int(bar[-1]) + 1
    good = np.ones(bars, bool) if band else _on_grid(chosen, bar, bars, tolerance)
    drums = drum_grid(band, len(pitch)) if band else None
    for first, until in _stretches(good[bar]):
        if until - first < MIN_STEPS:
            continue
        cut = slice(first, until)
        begins = strike[cut].copy()
        begins[0] |= pitch[first] >= 0
        yield GridPiece(
            name=f"{name}@{first}" if first else name, style=style,
            pitch=pitch[cut].astype(np.int8), strike=begins,
            position=position[cut].astype(np.uint8), bar_steps=bar_steps[cut].astype(np.uint8),
            drums=np.zeros((0, N_DRUMS), bool) if drums is None else drums[cut],
            qpm=chosen.tempos[0].qpm,
            fifths=chosen.key_signatures[0].sharps if chosen.key_signatures else 0,
        )  # fmt: skip


def _on_grid(
    song: Song, bar_of_step: npt.NDArray[np.int32], bars: int, tolerance: int
) -> npt.NDArray[np.bool_]:
    start = np.concatenate([t.notes.start for t in song.tracks])
    step = np.minimum(np.rint(start / STEP_TICKS).astype(np.int64), len(bar_of_step) - 1)
    bar = bar_of_step[step]
    beside = np.minimum(start % STEP_TICKS, -start % STEP_TICKS)
    off = np.bincount(bar, weights=beside > tolerance, minlength=bars)
    return off <= MAX_OFF_GRID * np.bincount(bar, minlength=bars)


def _stretches(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False].astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def drum_grid(song: Song, n_steps: int) -> npt.NDArray[np.bool_]:
    """Return which drums are struck, shape (steps, 9), in the order of `DRUMS`."""
    grid = np.zeros((n_steps, N_DRUMS), dtype=np.bool_)
    for track in song.tracks:
        if track.is_drum:
            step = np.rint(track.notes.start / STEP_TICKS).astype(np.int64)
            for s, pitch in zip(step.tolist(), track.notes.pitch.tolist(), strict=True):
                if s < n_steps and pitch in _DRUM_ROW:
                    grid[s, _DRUM_ROW[pitch]] = True
    return grid
