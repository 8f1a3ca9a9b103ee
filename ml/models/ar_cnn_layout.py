"""How a song lies before the editor: which voice is which, how far to transpose, what is open.

The network knows four voices, S A T B, in 48 rows. A lone melody is its soprano (a low one its
bass); the voices that the song lacks are open: the editor may fill them wherever something
sounds. A whole song is transposed by one interval, the one that brings its voices nearest to
where the network knows them; the few notes that still fall outside are left alone and unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from ml.models.ar_cnn_net import N_VOICES, REST, ROWS
from ml.models.ar_cnn_rolls import LOWEST, SILENT, Cells, Mask
from ml.music import Song
from ml.music.voices import STEP_TICKS, Voices

REGISTER = (71.0, 66.0, 60.0, 51.0)  # mean pitch of the chorales' four voices
BASS_BELOW = 53.0  # a lone melody with a lower mean is taken for the bass
HELD_GAP = 2  # steps: a shorter rest between two notes of a voice reads as held
OPEN_REST = 16  # steps: a longer rest of a voice, while others sound, may be filled
FURTHEST = 48  # semitones of transposition
_OUTSIDE_COST = 50.0
_SHIFT_COST = 0.02  # a semitone; decides between equally good ones


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """The song in the network's four voices, each array (steps, V) unless noted.

    `column` names for each voice of `Voices` its place among S A T B, `up` the transposition in
    semitones. `cells` are rows or REST, short gaps filled; `note` is the place of a cell's note
    in the song's list of all notes or -1 (also in filled gaps); `open` marks cells that may be
    filled, `unseen` cells that the network must not look at. `sounds` (steps,) tells where
    anything sounds.
    """

    column: tuple[int, ...]
    up: int
    cells: Cells
    note: npt.NDArray[np.int32]
    open: Mask
    unseen: Mask
    sounds: Mask


def layout_of(voices: Voices, locked: Mask) -> Layout:
    """Return how a song's voices lie; no cell of a `locked` step (steps,) is open."""
    column = columns_of(voices.pitch)
    order = np.argsort(column)
    pitch, note = voices.pitch[:, order].astype(np.int64), voices.note[:, order]
    up = transposition_of(pitch)
    row = held(pitch) + up - LOWEST
    sounding, fits = held(pitch) != SILENT, (row >= 0) & (row < ROWS)
    sounds = sounding.any(axis=1)
    empty = _long_rests(~sounding) & sounds[:, None]
    return Layout(
        column=tuple(int(c) for c in column),
        up=up,
        cells=np.where(sounding & fits, row, REST),
        note=note,
        open=empty & ~locked[:, None],
        unseen=(sounding & ~fits) | (empty & locked[:, None]),
        sounds=sounds,
    )


def columns_of(pitch: npt.NDArray[np.int16]) -> npt.NDArray[np.int64]:
    """Return the place among S A T B of each voice (steps, V); silent ones take what is left."""
    used = [v for v in range(N_VOICES) if (pitch[:, v] != SILENT).any()]
    means = [float(pitch[:, v][pitch[:, v] != SILENT].mean()) for v in used]
    if len(used) == 1:
        chosen: tuple[int, ...] = (N_VOICES - 1,) if means[0] < BASS_BELOW else (0,)
    else:
        places = [(0, *rest) for rest in combinations(range(1, N_VOICES), max(0, len(used) - 1))]
        chosen = min(places, key=lambda place: _spread_cost(means, place))
    rest = iter(sorted(set(range(N_VOICES)) - set(chosen)))
    taken = dict(zip(used, chosen, strict=False))
    return np.array([taken[v] if v in taken else next(rest) for v in range(N_VOICES)])


def _spread_cost(means: list[float], place: tuple[int, ...]) -> float:
    """Return how far the voices' distances are from those of the places."""
    apart = np.array(means) - np.array([REGISTER[p] for p in place[: len(means)]])
    return float(np.abs(apart - np.median(apart)).sum())


def transposition_of(pitch: Cells) -> int:
    """Return the semitones by which a song of four voices is moved before the network sees it."""
    sounding = pitch != SILENT
    if not sounding.any():
        return 0
    register = np.broadcast_to(REGISTER, pitch.shape)[sounding]
    found = pitch[sounding]
    tried = np.arange(-FURTHEST, FURTHEST + 1)
    row = np.unique(found)[None] + tried[:, None] - LOWEST
    share = np.unique(found, return_counts=True)[1] / len(found)
    outside = (((row < 0) | (row >= ROWS)) * share).sum(axis=1)
    distance = np.abs((found - register).mean() + tried)
    cost = _OUTSIDE_COST * outside + distance + _SHIFT_COST * np.abs(tried)
    return int(tried[cost.argmin()])


def held(pitch: Cells) -> Cells:
    """Return the pitches with rests of up to HELD_GAP steps after a note filled by it."""
    out = pitch.copy()
    for v in range(out.shape[1]):
        for first, until in _runs(pitch[:, v] == SILENT):
            if first > 0 and until < len(out) and until - first <= HELD_GAP:
                out[first:until, v] = out[first - 1, v]
    return out


def _long_rests(silent: Mask) -> Mask:
    """Return the cells of rests of OPEN_REST steps or more, and of voices without a note."""
    out = np.zeros_like(silent)
    for v in range(silent.shape[1]):
        whole = bool(silent[:, v].all())
        for first, until in _runs(silent[:, v]):
            out[first:until, v] = whole or until - first >= OPEN_REST
    return out


def _runs(mask: Mask) -> list[tuple[int, int]]:
    """Return first and until of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def locked_ticks(song: Song, bars: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return the ticks of the bars, counted from 1, as pairs of first and until."""
    starts = song.bar_starts.tolist()
    ends = [*starts[1:], max(song.end_tick, starts[-1] + 1)] if starts else []
    return [(starts[b - 1], ends[b - 1]) for b in bars if 1 <= b <= len(starts)]


def steps_within(ticks: list[tuple[int, int]], n_steps: int) -> Mask:
    """Return which steps overlap one of the stretches of ticks."""
    out = np.zeros(n_steps, dtype=np.bool_)
    for first, until in ticks:
        out[first // STEP_TICKS : -(-until // STEP_TICKS)] = True
    return out
