"""From what was drawn back to a song: tracks, velocities, drums that go on."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from ml.models.transformer_features import pitches_of
from ml.models.transformer_request import Request
from ml.models.transformer_sampling import Drawn
from ml.music import Notes, Song
from ml.music.song import IntArray
from ml.music.voices import STEP_TICKS, STEPS_PER_BEAT, spans

_BARS_OF_DRUMS = 8  # how many bars back a pattern is looked for
_DEFAULT_VELOCITY = 80


def extended(request: Request, drawn: Drawn) -> Song:
    """Return the song with what was drawn behind it; its own notes stay as they are."""
    voice, first, steps, pitch = spans(pitches_of(drawn.tokens), drawn.struck)
    start = (first + request.start) * STEP_TICKS
    end = np.minimum(start + steps * STEP_TICKS, request.end_tick)
    duration = np.minimum(end - start, request.maximum_ticks)
    owner = np.array(request.context.voices.tracks)[voice]
    tracks = []
    for number, track in enumerate(request.song.tracks):
        mine = (owner == number) & (duration > 0)
        if track.is_drum:
            new = drums_that_go_on(track.notes, request)
        else:
            loud = _velocities(track.notes, start[mine], request)
            new = Notes.tidy(pitch[mine], start[mine], duration[mine], loud)
        tracks.append(track.with_notes(_joined(track.notes, new)))
    song = request.song
    return Song(tuple(tracks), song.tempos, song.time_signatures, song.key_signatures)


def _joined(old: Notes, new: Notes) -> Notes:
    """Return both; a new note waits until an old one of its pitch has stopped."""
    if not len(new):
        return old
    last = np.zeros(128, dtype=np.int64)
    np.maximum.at(last, old.pitch, old.end)
    start = np.maximum(new.start, last[new.pitch])
    kept = new.end > start
    columns = (
        (old.pitch, new.pitch), (old.start, start), (old.duration, new.end - start),
        (old.velocity, new.velocity),
    )  # fmt: skip
    return Notes.tidy(*(np.concatenate([a, b[kept]]) for a, b in columns))


def _velocities(notes: Notes, start: IntArray, request: Request) -> IntArray:
    """Return for new notes the track's median velocity on the beat, and off it."""
    heard_from = (request.start - len(request.context.pitch)) * STEP_TICKS
    heard = notes.start >= heard_from
    heard = heard if heard.any() else np.ones(len(notes), dtype=bool)
    loud, at = notes.velocity[heard], notes.start[heard]
    everywhere = int(np.median(loud)) if len(loud) else _DEFAULT_VELOCITY
    medians = []
    for on in (False, True):
        there = loud[_on_beat(at) == on]
        medians.append(int(np.median(there)) if len(there) else everywhere)
    return np.asarray(np.array(medians, dtype=np.int64)[_on_beat(start).astype(int)])


def _on_beat(ticks: IntArray) -> npt.NDArray[np.bool_]:
    steps = (ticks + STEP_TICKS // 2) // STEP_TICKS
    return np.asarray(steps % STEPS_PER_BEAT == 0)


def drums_that_go_on(notes: Notes, request: Request) -> Notes:
    """Return drums for the extension: the commonest of the last bars' patterns, bar after bar.

    Music over which the drums fall silent sounds broken off; a groove that goes on does not.
    Drums that had stopped before the song's last bar stay silent.
    """
    begin, until = request.start * STEP_TICKS, request.end_tick
    length = int(request.metre[0, 1]) * STEP_TICKS
    bars = [
        np.flatnonzero((notes.start >= begin - (back + 1) * length)
                       & (notes.start < begin - back * length))
        for back in range(_BARS_OF_DRUMS)
    ]  # fmt: skip
    if not len(bars[0]):
        return Notes.tidy([], [], [], [])
    patterns = [_pattern(notes, bar, begin, length) for bar in bars]
    common, _ = Counter(p for p in patterns if p).most_common(1)[0]
    back = patterns.index(common)
    bar, n_bars = bars[back], -(-(until - begin) // length)
    shift = (back + 1 + np.arange(n_bars)) * length
    start = (notes.start[bar][None] + shift[:, None]).ravel()
    pitch, duration, velocity = (
        np.tile(column[bar], n_bars) for column in (notes.pitch, notes.duration, notes.velocity)
    )
    inside = (start >= begin) & (start < until)
    duration = np.minimum(duration, until - start)
    return Notes.tidy(pitch[inside], start[inside], duration[inside], velocity[inside])


def _pattern(notes: Notes, bar: IntArray, begin: int, length: int) -> frozenset[tuple[int, int]]:
    """Return a bar's hits as (step within the bar, drum)."""
    steps = np.rint((notes.start[bar] - begin) % length / STEP_TICKS).astype(int)
    return frozenset(zip(steps.tolist(), notes.pitch[bar].tolist(), strict=True))
