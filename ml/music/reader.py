"""From the bytes of a file to a `Song`. `parse_foreign` belongs in the gate's child process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from symusic.core import KeySignatureTick, ScoreTick, TimeSignatureTick

from ml.music.container import open_container
from ml.music.limits import Limits, MidiRefused
from ml.music.scan import scan_track
from ml.music.song import (
    CENTER,
    DEFAULT_TEMPO,
    DEFAULT_VOLUME,
    TICKS_PER_BEAT,
    IntArray,
    KeySignature,
    Notes,
    Song,
    TempoChange,
    TimeSignature,
    Track,
)
from ml.music.text import clean_name, decode_name
from ml.music.writer import PAN, VOLUME
from ml.words import _

_Change = TypeVar("_Change")

MAX_TICK = 1 << 30
"""symusic keeps ticks in 32 bits and wraps silently, so later ones are refused beforehand."""


def parse_foreign(data: bytes, limits: Limits) -> Song:
    """Return the song in the bytes of any file whatsoever.

    :raises MidiRefused: if it is not a MIDI file within the limits
    """
    container = open_container(data, limits)
    names: dict[str, str] = {}
    note_ons = 0
    for number, body in enumerate(container.tracks, start=1):
        scan = scan_track(body, number)
        note_ons += scan.note_ons
        names |= {raw.decode("utf-8", "replace"): decode_name(raw) for raw in scan.names}
        _check_counts(note_ons, scan.ticks, container.ticks_per_beat, limits)
    try:
        score = ScoreTick.from_midi(container.rebuilt())
    except (RuntimeError, ValueError) as error:
        raise MidiRefused(
            "damaged",
            _(
                "The file cannot be read ({error}). Export it again from the program that made it."
            ).format(error=clean_name(str(error))),
        ) from error
    song = _to_song(score, names, limits)
    check_song(song, limits)
    return song


def read_canonical(data: bytes) -> Song:
    """Return the song in bytes that `Song.to_midi` wrote, in this process and without checks."""
    score = ScoreTick.from_midi(data)
    tracks = tuple(
        Track(
            str(t.name),
            int(t.program),
            bool(t.is_drum),
            _sorted_notes(t.notes.numpy()),
            *_mix(t.controls.numpy()),
        )
        for t in score.tracks
    )
    return Song(
        tracks,
        tuple(TempoChange(t.time, t.mspq) for t in score.tempos),
        tuple(TimeSignature(t.time, t.numerator, t.denominator) for t in score.time_signatures),
        tuple(KeySignature(k.time, k.key, k.tonality == 1) for k in score.key_signatures),
    )


def check_song(song: Song, limits: Limits) -> None:
    """Check what only the parsed song tells.

    :raises MidiRefused: `no_notes`, `too_many_tracks`, `too_many_notes` or `too_long`
    """
    if song.n_notes == 0:
        raise MidiRefused(
            "no_notes", _("The file holds no note that sounds. Record or write some notes first.")
        )
    if song.n_notes > limits.max_notes:
        raise _too_many_notes(song.n_notes, limits)
    if len(song.tracks) > limits.max_tracks:
        raise MidiRefused(
            "too_many_tracks",
            _(
                "The piece uses {tracks} instruments on separate tracks or channels; at most "
                "{max_tracks} are accepted. Join those that play the same sound."
            ).format(tracks=len(song.tracks), max_tracks=limits.max_tracks),
        )
    if song.duration_beats > limits.max_beats or song.duration_seconds > limits.max_seconds:
        raise _too_long(song, limits)


def _check_counts(note_ons: int, ticks: int, ticks_per_beat: int, limits: Limits) -> None:
    if note_ons > limits.max_notes:
        raise _too_many_notes(note_ons, limits)
    if max(ticks, ticks * TICKS_PER_BEAT // ticks_per_beat) > MAX_TICK:
        raise MidiRefused(
            "too_long",
            _(
                "The last event lies {value:,} beats after the start; at most {max_beats:,} "
                "beats are accepted. Remove the empty stretch."
            ).format(value=ticks // ticks_per_beat, max_beats=limits.max_beats),
        )


def _too_many_notes(count: int, limits: Limits) -> MidiRefused:
    return MidiRefused(
        "too_many_notes",
        _(
            "The piece has {count:,} notes or more; at most {max_notes:,} are accepted. "
            "Hand in a shorter piece or a thinner arrangement."
        ).format(count=count, max_notes=limits.max_notes),
    )


def _too_long(song: Song, limits: Limits) -> MidiRefused:
    minutes, seconds = divmod(round(song.duration_seconds), 60)
    return MidiRefused(
        "too_long",
        _(
            "The piece lasts {minutes:,} min {seconds} s ({duration_beats:,.0f} beats); "
            "at most {value:.0f} minutes and {max_beats:,} beats are accepted. Check for "
            "a stray note far behind the end."
        ).format(
            minutes=minutes,
            seconds=seconds,
            duration_beats=song.duration_beats,
            value=limits.max_seconds / 60,
            max_beats=limits.max_beats,
        ),
    )


def _to_song(score: ScoreTick, names: dict[str, str], limits: Limits) -> Song:
    ticks_per_beat = int(score.ticks_per_quarter)
    tracks = []
    for found in score.tracks:
        notes = _tidy_notes(found.notes.numpy(), ticks_per_beat)
        if len(notes):
            raw = str(found.name)
            name = names[raw] if raw in names else clean_name(raw)
            mix = _mix(found.controls.numpy())
            tracks.append(Track(name, int(found.program) & 127, bool(found.is_drum), notes, *mix))
    changes = (score.tempos, score.time_signatures, score.key_signatures)
    _check_changes([len(c) for c in changes], limits)
    end = Song(tuple(tracks)).end_tick
    tempos = _tempos([(_rescale(t.time, ticks_per_beat), int(t.mspq)) for t in score.tempos])
    times = _time_signatures(score.time_signatures, ticks_per_beat)
    keys = _key_signatures(score.key_signatures, ticks_per_beat)
    # Changes behind the last note change nothing that sounds.
    return Song(
        tuple(tracks),
        tuple(t for t in tempos if t.tick < max(end, 1)),
        tuple(t for t in times if t.tick < max(end, 1)),
        tuple(k for k in keys if k.tick < max(end, 1)),
    )


def _check_changes(counts: Sequence[int], limits: Limits) -> None:
    if max(counts) > limits.max_changes:
        raise MidiRefused(
            "too_many_changes",
            _(
                "The tempo, time or key signature changes {counts:,} times; at most "
                "{max_changes:,} changes are accepted. Thin out the tempo curve."
            ).format(counts=max(counts), max_changes=limits.max_changes),
        )


def _rescale(tick: int, ticks_per_beat: int) -> int:
    """Return a tick of the file in ticks of 1/480 beat, halves rounded up."""
    return (2 * tick * TICKS_PER_BEAT + ticks_per_beat) // (2 * ticks_per_beat)


def _tidy_notes(arrays: dict[str, IntArray], ticks_per_beat: int) -> Notes:
    start = arrays["time"].astype(np.int64)
    end = start + arrays["duration"].astype(np.int64)
    if ticks_per_beat != TICKS_PER_BEAT:
        start, end = (
            (2 * t * TICKS_PER_BEAT + ticks_per_beat) // (2 * ticks_per_beat) for t in (start, end)
        )
    pitch = arrays["pitch"].astype(np.int64) & 127
    return Notes.tidy(pitch, start, end - start, arrays["velocity"])


def _mix(controls: dict[str, npt.NDArray[np.generic]]) -> tuple[int, int]:
    """Return a track's volume and pan: the first that is set of each, or the default."""
    order = np.argsort(controls["time"], kind="stable")
    numbers, values = controls["number"][order], controls["value"][order]
    found = [values[numbers == number][:1] for number in (VOLUME, PAN)]
    volume, pan = (int(first[0]) & 127 if len(first) else None for first in found)
    return DEFAULT_VOLUME if volume is None else volume, CENTER if pan is None else pan


def _sorted_notes(arrays: dict[str, IntArray]) -> Notes:
    pitch, start, duration, velocity = (
        arrays[name].astype(np.int64) for name in ("pitch", "time", "duration", "velocity")
    )
    order = np.lexsort((pitch, start))
    return Notes(pitch[order], start[order], duration[order], velocity[order])


def _tempos(found: Iterable[tuple[int, int]]) -> tuple[TempoChange, ...]:
    kept: list[TempoChange] = []
    for tick, us_per_beat in _last_of_each_tick([(0, DEFAULT_TEMPO), *found]):
        if not 0 < us_per_beat < 1 << 24:
            raise MidiRefused(
                "bad_tempo",
                _(
                    "The file sets a tempo of 0 microseconds per beat, which cannot be played. "
                    "Set a tempo, such as 120, and export it again."
                ),
            )
        if not kept or kept[-1].us_per_beat != us_per_beat:
            kept.append(TempoChange(tick, us_per_beat))
    return tuple(kept)


def _time_signatures(found: Iterable[TimeSignatureTick], tpb: int) -> tuple[TimeSignature, ...]:
    readable = [
        (_rescale(t.time, tpb), (int(t.numerator), int(t.denominator)))
        for t in found
        if 1 <= t.numerator <= 64 and t.denominator in (1, 2, 4, 8, 16, 32, 64)
    ]
    kept: list[TimeSignature] = []
    for tick, (numerator, denominator) in _last_of_each_tick([(0, (4, 4)), *readable]):
        last = kept[-1] if kept else None
        if last is None or (last.numerator, last.denominator) != (numerator, denominator):
            kept.append(TimeSignature(tick, numerator, denominator))
    return tuple(kept)


def _key_signatures(found: Iterable[KeySignatureTick], tpb: int) -> tuple[KeySignature, ...]:
    readable = [
        (_rescale(k.time, tpb), (int(k.key), int(k.tonality)))
        for k in found
        if -7 <= k.key <= 7 and k.tonality in (0, 1)
    ]
    kept: list[KeySignature] = []
    for tick, (sharps, minor) in _last_of_each_tick(readable):
        if not kept or (kept[-1].sharps, kept[-1].is_minor) != (sharps, bool(minor)):
            kept.append(KeySignature(tick, sharps, bool(minor)))
    return tuple(kept)


def _last_of_each_tick(changes: Iterable[tuple[int, _Change]]) -> list[tuple[int, _Change]]:
    """Return the changes by tick; where several share a tick, the last one written holds."""
    return sorted(dict(changes).items(), key=lambda change: change[0])
