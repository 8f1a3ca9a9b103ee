"""From grids to what the extender's network reads: rows of frames, cut and batched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from ml.models.transformer_features import (
    N_VOICES,
    STYLES,
    UNKNOWN,
    History,
    history_of,
    moved,
    tokens_of,
)
from ml.models.transformer_net import Frames

_COLUMNS = ("last", "run", "before", "run_before", "strike")
_CELLS, _STRUCK = len(_COLUMNS), len(_COLUMNS) + 1

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Line:
    """A piece laid out for the network.

    `voices` (frames, 4, 7) holds the history, the cell and whether it is struck; `metre`
    (frames, 3) the position in the bar, the bar's length in steps and the style's number.
    """

    voices: Ints
    metre: Ints

    def __len__(self) -> int:
        return len(self.voices)


def line_of(
    pitch: npt.ArrayLike,
    strike: npt.NDArray[np.bool_] | None,
    position: npt.ArrayLike,
    bar_steps: npt.ArrayLike,
    style: str,
) -> Line:
    """Return a grid laid out: `pitch` (frames, 4) with -1 for rests, `strike` or None.

    :raises ValueError: if there is no such style
    """
    tokens = tokens_of(pitch).reshape(-1, N_VOICES)
    history = history_of(tokens, strike)
    struck = np.zeros_like(tokens) if strike is None else strike.astype(np.int64)
    columns = [*(history[name][:-1] for name in _COLUMNS), tokens, struck]
    number = np.full(len(tokens), STYLES.index(style))
    metre = [np.asarray(position, np.int64), np.asarray(bar_steps, np.int64), number]
    return Line(np.stack(columns, axis=-1), np.stack(metre, axis=-1))


def without_strikes(line: Line) -> Line:
    """Return the line as if nobody knew which repeated pitches are struck again."""
    voices = line.voices.copy()
    voices[..., _COLUMNS.index("strike")] = UNKNOWN
    return Line(voices, line.metre)


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of a line and where it stands: `frames` frames from `start`, in `row` at `at`."""

    line: Line
    start: int
    frames: int
    row: int
    at: int
    semitones: int = 0


def batch(
    cuts: Sequence[Cut], n_rows: int, n_frames: int, device: str | torch.device = "cpu"
) -> Frames:
    """Return the cuts in rows of `n_frames`; what is not covered is padding (piece 0)."""
    voices = np.zeros((n_rows, n_frames, N_VOICES, _STRUCK + 1), dtype=np.int64)
    metre = np.zeros((n_rows, n_frames, 3), dtype=np.int64)
    about = np.zeros((n_rows, n_frames, 2), dtype=np.int64)
    for number, cut in enumerate(cuts, start=1):
        here = (cut.row, slice(cut.at, cut.at + cut.frames))
        there = slice(cut.start, cut.start + cut.frames)
        voices[here], metre[here] = cut.line.voices[there], cut.line.metre[there]
        about[here] = number, cut.semitones
    return _frames(*(torch.from_numpy(a).to(device) for a in (voices, metre, about)))


def _frames(voices: torch.Tensor, metre: torch.Tensor, about: torch.Tensor) -> Frames:
    semitones = about[..., 1, None]
    columns: dict[str, Any] = {name: voices[..., i] for i, name in enumerate(_COLUMNS)}
    return Frames(
        history=History(**columns).transposed(semitones),
        position=metre[..., 0],
        bar_steps=metre[..., 1],
        style=metre[..., 2],
        cells=moved(voices[..., _CELLS], semitones),
        struck=voices[..., _STRUCK].bool(),
        piece=about[..., 0],
    )
