"""What the extender reads of a frame: a handful of places in one table, for any transposition.

A *frame* is one 16th note of four voices; a *cell* is one voice of a frame. Cells are written as
tokens: 0 a rest, 1 to 88 the pitches 21 to 108, and 89 "before the piece". Everything here is a
function of the frames before the one that is to be predicted, and of its metre.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

N_VOICES = 4
LOWEST, HIGHEST = 21, 108
REST = 0
N_TOKENS = HIGHEST - LOWEST + 2
"""What a cell can be: a rest or one of 88 pitches."""
BEGIN = N_TOKENS
HELD, STRUCK, UNKNOWN = 0, 1, 2
"""Whether the cell before was struck; UNKNOWN where the source does not say."""

STYLES = ("chorale", "madrigal", "quartet", "dance", "arcade")

MAX_RUN = 32
MOST_POSITION, MOST_BAR_STEPS = 63, 64
_N_MOTIONS = 27  # -12..12 semitones, from or to a rest, from the beginning
_N_HEIGHTS = 50  # -8..40 semitones, none
PAIRS = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))
"""All pairs of voices, the upper one first."""

_VOICE = torch.arange(N_VOICES)
_UPPER, _LOWER = torch.tensor(PAIRS).unbind(1)

_GROUPS = (
    ("token", 4 * (N_TOKENS + 1)),
    ("motion", 4 * _N_MOTIONS),
    ("run", 4 * (MAX_RUN + 1)),
    ("run_before", 4 * (MAX_RUN + 1)),
    ("strike", 4 * 3),
    ("height", len(PAIRS) * _N_HEIGHTS),
    ("chroma", 13),
    ("position", MOST_POSITION + 1),
    ("bar_steps", MOST_BAR_STEPS + 1),
    ("style", len(STYLES)),
)
_SIZES = dict(_GROUPS)
_OFFSETS = dict(zip(_SIZES, np.cumsum([0, *(n for _, n in _GROUPS[:-1])]).tolist(), strict=True))
TABLE_ROWS = sum(_SIZES.values())
"""Rows of the table of a frame's features."""


def _first_rows() -> Tensor:
    by_voice = ("token", "motion", "run", "run_before", "strike")
    return torch.cat([
        *(_OFFSETS[name] + _VOICE * (_SIZES[name] // N_VOICES) for name in by_voice),
        _OFFSETS["height"] + torch.arange(len(PAIRS)) * _N_HEIGHTS,
        torch.full((N_VOICES,), _OFFSETS["chroma"]),
        torch.tensor([_OFFSETS[name] for name in ("position", "bar_steps", "style")]),
    ])  # fmt: skip


FIRST_ROWS = _first_rows()
"""The table's first row for each of a frame's 33 features."""

HEAD_ROWS = len(PAIRS) * (N_TOKENS + _N_MOTIONS + _N_HEIGHTS)
"""Rows of the table of what a voice sees of the voices decided before it."""
STRIKE_ROWS = 4 * _N_MOTIONS
"""Rows of the table of how the four voices moved, read by the strike head."""


@dataclass(frozen=True, eq=False)
class History:
    """The frames before each frame, all of shape (..., frames, 4) and integer.

    `last` is the token before, `run` for how many frames it has lasted (0 to 32), `before` the
    token before that run and `run_before` how long that one lasted; `strike` tells whether the
    cell before was struck.
    """

    last: Tensor
    run: Tensor
    before: Tensor
    run_before: Tensor
    strike: Tensor

    def transposed(self, semitones: Tensor) -> History:
        """Return the history moved by `semitones` (broadcast over frames and voices)."""
        return History(
            moved(self.last, semitones), self.run, moved(self.before, semitones),
            self.run_before, self.strike,
        )  # fmt: skip


def moved(tokens: Tensor, semitones: Tensor) -> Tensor:
    """Return tokens transposed; rests stay rests, and pitches beyond the piano fold back."""
    pitched = (tokens > REST) & (tokens < BEGIN)
    there = tokens + semitones
    there = torch.where(there > N_TOKENS - 1, there - 12, there)
    there = torch.where(there < 1, there + 12, there)
    return torch.where(pitched, there, tokens)


def tokens_of(pitch: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return cells as tokens; a pitch beyond the piano is moved by octaves to fit.

    >>> tokens_of([-1, 21, 60, 109]).tolist()
    [0, 1, 40, 77]
    """
    p = np.asarray(pitch, dtype=np.int64)
    low = np.where(p < LOWEST, p + 12 * (-(-(LOWEST - p) // 12)), p)
    fitted = np.where(low > HIGHEST, low - 12 * (-(-(low - HIGHEST) // 12)), low)
    return np.where(p < 0, REST, fitted - LOWEST + 1)


def pitches_of(tokens: npt.NDArray[np.int64]) -> npt.NDArray[np.int16]:
    """Return tokens as MIDI pitches, rests as -1."""
    return np.where(tokens == REST, -1, tokens + LOWEST - 1).astype(np.int16)


def history_of(
    tokens: npt.NDArray[np.int64], strike: npt.NDArray[np.bool_] | None
) -> dict[str, npt.NDArray[np.int64]]:
    """Return the history of every frame of a piece and of the one after it.

    :param tokens: shape (frames, 4)
    :param strike: shape (frames, 4), or None if it is unknown
    :returns: the arrays of `History`, each of shape (frames + 1, 4)
    """
    n_frames = len(tokens)
    padded = np.vstack([np.full((1, N_VOICES), BEGIN), tokens])
    starts = np.vstack([np.ones((1, N_VOICES), bool), padded[1:] != padded[:-1]])
    at = np.arange(n_frames + 1)[:, None]
    first = np.maximum.accumulate(np.where(starts, at, 0), axis=0)
    voice = np.arange(N_VOICES)[None]
    previous = np.maximum(first - 1, 0)
    run = np.where(padded == BEGIN, 0, at - first + 1)
    before = np.where(first > 0, padded[previous, voice], BEGIN)
    run_before = np.where(first > 0, run[previous, voice], 0)
    return {
        "last": padded,
        "run": np.minimum(run, MAX_RUN),
        "before": before,
        "run_before": np.minimum(run_before, MAX_RUN),
        "strike": _strikes(padded, starts, strike),
    }


def _strikes(
    padded: npt.NDArray[np.int64],
    starts: npt.NDArray[np.bool_],
    strike: npt.NDArray[np.bool_] | None,
) -> npt.NDArray[np.int64]:
    """Return HELD or STRUCK for cells that repeat the pitch before; UNKNOWN everywhere without."""
    if strike is None:
        return np.full(padded.shape, UNKNOWN)
    again = np.vstack([np.zeros((1, N_VOICES), bool), strike]) & ~starts & (padded != REST)
    return np.where(again, STRUCK, HELD)


def frame_features(history: History, position: Tensor, bar_steps: Tensor, style: Tensor) -> Tensor:
    """Return the table rows of each frame, shape (..., frames, 33).

    :param position: step within the bar of the frame to predict, shape (..., frames)
    :param style: number of the style, shape (..., frames)
    """
    last = history.last
    upper, lower = (x.to(last.device) for x in (_UPPER, _LOWER))
    groups = [
        last,
        _look_up(MOTION, history.before, last),
        history.run,
        history.run_before,
        history.strike,
        _look_up(HEIGHT, last[..., upper], last[..., lower]),
        CHROMA.to(last.device)[last],
        position.clamp(max=MOST_POSITION)[..., None],
        bar_steps.clamp(max=MOST_BAR_STEPS)[..., None],
        style[..., None],
    ]
    return torch.cat(groups, dim=-1) + FIRST_ROWS.to(last.device)


def feature_voices(n_features: int) -> tuple[Tensor, Tensor]:
    """Return the two voices that each feature of a frame is about, (features,); 4 is none."""
    none = torch.full((n_features - 30,), N_VOICES)
    by_voice = _VOICE.repeat(5)
    first = torch.cat([by_voice, _UPPER, _VOICE, none])
    return first, torch.cat([by_voice, _LOWER, _VOICE, none])


def sounds(tokens: Tensor) -> Tensor:
    """Return which tokens are pitches."""
    return (tokens > REST) & (tokens < BEGIN)


def _motion_class(before: Tensor, after: Tensor) -> Tensor:
    """Return the class of a melodic step: 0-24 for -12..12 semitones, 25 a rest, 26 no before."""
    step = (after - before).clamp(-12, 12) + 12
    step = torch.where(sounds(before) & sounds(after), step, 25)
    return torch.where(before == BEGIN, 26, step)


def _height_class(upper: Tensor, lower: Tensor) -> Tensor:
    """Return the class of an interval: 0-48 for -8..40 semitones, 49 if one does not sound."""
    height = (upper - lower).clamp(-8, 40) + 8
    return torch.where(sounds(upper) & sounds(lower), height, 49)


_ALL = torch.arange(N_TOKENS + 1)
MOTION = _motion_class(_ALL[:, None], _ALL)
"""The class of the step from a token (row) to another."""
HEIGHT = _height_class(_ALL[:, None], _ALL)
"""The class of the interval of an upper token (row) and a lower one."""
CHROMA = torch.where(sounds(_ALL), (_ALL + LOWEST - 1) % 12, 12)
"""The pitch class of a token, 12 if it is no pitch."""


def _look_up(table: Tensor, row: Tensor, column: Tensor) -> Tensor:
    """Return table[row, column] by one flat look-up, the quickest for a few numbers."""
    return table.to(row.device).view(-1)[row * (N_TOKENS + 1) + column]


def head_features(cells: Tensor, last: Tensor, voice: int) -> Tensor:
    """Return the rows of the head's table for one voice, shape (..., 3 * voice).

    :param cells: tokens of the frame, of which the first `voice` are read, shape (..., 4)
    :param last: tokens of the frame before, shape (..., 4)
    """
    decided = cells[..., :voice]
    moves = _look_up(MOTION, last[..., :voice], decided)
    heights = _look_up(HEIGHT, decided, last[..., voice, None])
    return torch.cat([decided, moves, heights], dim=-1) + first_head_rows(voice).to(cells.device)


@cache
def first_head_rows(voice: int) -> Tensor:
    """Return the head's table's first row for each of a voice's features, (3 * voice,)."""
    pairs = torch.tensor([PAIRS.index((upper, voice)) for upper in range(voice)], dtype=torch.long)
    first = pairs * (N_TOKENS + _N_MOTIONS + _N_HEIGHTS)
    return torch.cat([first, first + N_TOKENS, first + (N_TOKENS + _N_MOTIONS)])


FIRST_STRIKE_ROWS = _VOICE * _N_MOTIONS
"""The strike head's table's first row for each voice."""


def strike_features(cells: Tensor, last: Tensor) -> Tensor:
    """Return the rows of the strike head's table, shape (..., 4)."""
    return FIRST_STRIKE_ROWS.to(cells.device) + _look_up(MOTION, last, cells)
