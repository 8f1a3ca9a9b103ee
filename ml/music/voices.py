"""A song as four voices on a grid of 16th notes: what the models read, and the way back.

Steps are 1/4 of a beat (120 ticks). Voice 0 is the highest (soprano), voice 3 the lowest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.music.song import TICKS_PER_BEAT, IntArray, Notes, Song, Track

REST = -1
N_VOICES = 4
STEPS_PER_BEAT = 4
STEP_TICKS = TICKS_PER_BEAT // STEPS_PER_BEAT

_FAR = 1 << 20


@dataclass(frozen=True, eq=False)
class Voices:
    """A song's pitched notes in `N_VOICES` columns; drums are left out.

    `pitch` (steps, 4) is the sounding pitch 0-127 or REST, `strike` (steps, 4) whether a note
    begins there, `note` (steps, 4) the note's place in the song's list of all notes (track by
    track) or -1. `left_over` lists pitched notes that have no cell: a fifth voice, or a second
    note of a voice within one step. `tracks` names, for each voice, the track that most of its
    notes come from, -1 for a silent voice. `position`, `bar` and `bar_steps` (steps,) tell each
    step's place within its bar, the bar's number from 0 and the bar's length in steps.
    """

    pitch: npt.NDArray[np.int16]
    strike: npt.NDArray[np.bool_]
    note: npt.NDArray[np.int32]
    left_over: npt.NDArray[np.int32]
    tracks: tuple[int, ...]
    position: npt.NDArray[np.int16]
    bar: npt.NDArray[np.int32]
    bar_steps: npt.NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.pitch)


@dataclass(frozen=True, slots=True, eq=False)
class _Flat:
    """All pitched notes of a song, sorted by first step, then from high to low."""

    index: IntArray  # place in the song's list of all notes
    track: IntArray
    pitch: IntArray
    first: IntArray  # step
    until: IntArray  # step after the last


def voices_of(song: Song) -> Voices:
    """Return the song in four voices. Starts and ends are rounded to steps.

    Up to four tracks of one voice each become the voices, ordered by their mean pitch; all
    other music is taken apart from the highest note down, each note going to the free voice whose
    last pitch is nearest. Fewer voices than four begin at the top; a lone line goes to voice 0.
    """
    flat = _flatten(song)
    n_steps = int(flat.until.max()) if len(flat.until) else 0
    voice = _voice_by_track(flat) if _is_in_parts(flat) else _voice_by_register(flat)
    pitch = np.full((n_steps, N_VOICES), REST, dtype=np.int16)
    strike = np.zeros((n_steps, N_VOICES), dtype=np.bool_)
    note = np.full((n_steps, N_VOICES), -1, dtype=np.int32)
    for i in np.flatnonzero(voice < N_VOICES):
        column, first, until = voice[i], flat.first[i], flat.until[i]
        pitch[first:until, column], note[first:until, column] = flat.pitch[i], flat.index[i]
        strike[first, column] = True
        strike[first + 1 : until, column] = False
    kept = set(note[note >= 0].tolist())
    left_over = sorted(int(n) for n in flat.index.tolist() if n not in kept)
    position, bar, bar_steps = metre_of(song, n_steps)
    return Voices(
        pitch, strike, note, np.array(left_over, dtype=np.int32), _owners(song, note),
        position, bar, bar_steps,
    )  # fmt: skip


def metre_of(
    song: Song, n_steps: int
) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int32], npt.NDArray[np.int16]]:
    """Return position in the bar, number of the bar and length of the bar for each step.

    The last time signature goes on beyond the end of the song.
    """
    changes = song.time_signatures
    position = np.zeros(n_steps, dtype=np.int16)
    bar = np.zeros(n_steps, dtype=np.int32)
    length = np.zeros(n_steps, dtype=np.int16)
    starts = [round(change.tick / STEP_TICKS) for change in changes]
    bars_before = 0
    for change, start, end in zip(changes, starts, [*starts[1:], n_steps], strict=True):
        until, size = min(end, n_steps), max(1, round(change.bar_ticks / STEP_TICKS))
        if until <= start:
            continue
        offset = np.arange(until - start)
        position[start:until], length[start:until] = offset % size, size
        bar[start:until] = bars_before + offset // size
        bars_before = int(bar[until - 1]) + 1
    return position, bar, length


def spans(
    pitch: npt.NDArray[np.int16], strike: npt.NDArray[np.bool_]
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return the notes of a grid of shape (steps, voices): voice, first step, steps, pitch.

    A note ends where the next begins, where the pitch changes or at a rest. They are ordered by
    voice, then by step.
    """
    before = np.vstack([np.full((1, pitch.shape[1]), REST, pitch.dtype), pitch[:-1]])
    sounding = pitch != REST
    begins = sounding & (strike | (pitch != before))
    ends_after = np.vstack([begins[1:] | ~sounding[1:], np.ones((1, pitch.shape[1]), bool)])
    voice, first = np.nonzero(begins.T)
    _, last = np.nonzero((sounding & ends_after).T)
    columns = (voice, first, last - first + 1, pitch[first, voice])
    return tuple(c.astype(np.int64) for c in columns)  # type: ignore[return-value]


def notes_of(
    pitch: npt.NDArray[np.int16], strike: npt.NDArray[np.bool_], voice: int, *, velocity: int = 80
) -> Notes:
    """Return one voice of a grid as notes in ticks."""
    _, first, steps, found = spans(pitch[:, voice : voice + 1], strike[:, voice : voice + 1])
    loud = np.full(len(found), velocity, dtype=np.int64)
    return Notes.tidy(found, first * STEP_TICKS, steps * STEP_TICKS, loud)


def _flatten(song: Song) -> _Flat:
    columns: list[IntArray] = [np.zeros((0, 5), dtype=np.int64)]
    offset = 0
    for number, track in enumerate(song.tracks):
        if not track.is_drum and len(track.notes):
            columns.append(_rows(track, number, offset))
        offset += len(track.notes)
    rows = np.concatenate(columns)
    rows = rows[np.lexsort((-rows[:, 2], rows[:, 3]))]
    return _Flat(*rows.T)


def _rows(track: Track, number: int, offset: int) -> IntArray:
    n = track.notes
    first = np.rint(n.start / STEP_TICKS).astype(np.int64)
    until = np.maximum(np.rint(n.end / STEP_TICKS).astype(np.int64), first + 1)
    index = offset + np.arange(len(n))
    return np.stack([index, np.full(len(n), number), n.pitch, first, until], axis=1)


def _is_in_parts(flat: _Flat) -> bool:
    """Tell whether there are two to four tracks, each of (nearly) one voice."""
    tracks = np.unique(flat.track)
    if not 1 <= len(tracks) <= N_VOICES:
        return False
    for track in tracks:
        mine = flat.track == track
        first, until = flat.first[mine], flat.until[mine]
        together = np.mean(np.maximum.accumulate(until)[:-1] > first[1:]) if len(first) > 1 else 0
        if together > 0.02:  # overlaps of legato playing are no second voice
            return False
    return True


def _voice_by_track(flat: _Flat) -> IntArray:
    tracks = np.unique(flat.track)
    mean = [-flat.pitch[flat.track == t].mean() for t in tracks]
    rank = np.argsort(np.argsort(mean, kind="stable"), kind="stable")
    return rank[np.searchsorted(tracks, flat.track)]


def _voice_by_register(flat: _Flat) -> IntArray:
    """Assign notes to voices from the highest down, each to the free voice nearest in pitch.

    Notes that begin together leave voices for those below them, as long as there are enough.
    """
    n_voices = _voices_needed(flat)
    voice = np.full(len(flat.pitch), N_VOICES, dtype=np.int64)
    busy_until = np.zeros(N_VOICES, dtype=np.int64)
    last = np.full(N_VOICES, _FAR, dtype=np.int64)
    columns = (flat.first.tolist(), flat.until.tolist(), flat.pitch.tolist())
    below = _beginning_below(flat.first)
    for i, (first, until, pitch) in enumerate(zip(*columns, strict=True)):
        free = np.flatnonzero(busy_until[:n_voices] <= first)
        lowest = int(free[-1 - below[i]]) if below[i] < len(free) else n_voices - 1
        chosen = _nearest_free(first, pitch, busy_until, last, lowest + 1)
        if chosen is not None:
            voice[i], busy_until[chosen], last[chosen] = chosen, until, pitch
    return voice


def _beginning_below(first: IntArray) -> list[int]:
    """Return for each note how many that begin with it follow: `first` is sorted."""
    ends = np.searchsorted(first, first, side="right")
    return (ends - 1 - np.arange(len(first))).tolist()  # type: ignore[no-any-return]


def _voices_needed(flat: _Flat) -> int:
    """Return how many notes sound together at most, 1 to 4."""
    if len(flat.first) == 0:
        return 1
    change = np.zeros(int(flat.until.max()) + 1, dtype=np.int64)
    np.add.at(change, flat.first, 1)
    np.add.at(change, flat.until, -1)
    return int(np.clip(np.cumsum(change).max(), 1, N_VOICES))


def _nearest_free(
    first: int, pitch: int, busy_until: IntArray, last: IntArray, n_voices: int
) -> int | None:
    best, cost = None, _FAR * 2
    for v in range(n_voices):
        if busy_until[v] > first or _would_cross(v, first, pitch, busy_until, last):
            continue
        distance = abs(int(last[v]) - pitch) if last[v] != _FAR else _FAR
        if distance < cost:
            best, cost = v, distance
    return best


def _would_cross(voice: int, first: int, pitch: int, busy_until: IntArray, last: IntArray) -> bool:
    """Tell whether a sounding voice above is lower than `pitch`, or one below is higher."""
    above = any(busy_until[v] > first and last[v] < pitch for v in range(voice))
    below = any(busy_until[v] > first and last[v] > pitch for v in range(voice + 1, N_VOICES))
    return above or below


def _owners(song: Song, note: npt.NDArray[np.int32]) -> tuple[int, ...]:
    ends = np.cumsum([len(t.notes) for t in song.tracks])
    owners = []
    for column in note.T:
        found = np.unique(column[column >= 0])
        track = np.searchsorted(ends, found, side="right")
        owners.append(int(np.bincount(track).argmax()) if len(found) else -1)
    return tuple(owners)
