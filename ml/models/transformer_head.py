"""The extender's head: the cells of a frame, voice by voice. N frames, C channels."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F  # noqa: N812 - the name that PyTorch's own documentation uses
from torch import Tensor, nn

from ml.models.transformer_features import (
    HEAD_ROWS,
    N_TOKENS,
    N_VOICES,
    STRIKE_ROWS,
    head_features,
    sounds,
    strike_features,
)
from ml.models.transformer_layers import Linear, Norm, Table

N_STEPS_APART = 49  # -24..24 semitones
N_BELOW = 53  # -40..12 semitones

Dropout = Callable[[Tensor], Tensor]


class VoiceHead(nn.Module):
    """States the cells of a frame one after another, soprano first, then who strikes again.

    A voice's logits are a sum over absolute pitch, the step from its own last pitch and the
    distance to every voice decided before it, so that what is learnt in one key holds in all.
    """

    steps_apart: Tensor
    below: Tensor

    def __init__(self, n_inputs: int, width: int) -> None:
        super().__init__()
        self.inputs = Linear(n_inputs, N_VOICES * width)
        self.decided = Table(HEAD_ROWS, width)
        self.up = Linear(width, 2 * width)
        self.down = Linear(2 * width, width)
        self.norm = Norm(width)
        self.logits = Linear(width, N_TOKENS + N_STEPS_APART + 3 * N_BELOW)
        self.voice_bias = nn.Parameter(torch.zeros(N_VOICES, N_TOKENS))
        self.strike_in = Linear(n_inputs, 64)
        self.strike_table = Table(STRIKE_ROWS, 64)
        self.strike_out = Linear(64, N_VOICES)
        self.strike_together = nn.Parameter(torch.zeros(N_VOICES, N_VOICES))
        self.register_buffer("steps_apart", _steps_apart(), persistent=False)
        self.register_buffer("below", _below(), persistent=False)

    def cell_logits(self, h: Tensor, cells: Tensor, last: Tensor, drop: Dropout) -> Tensor:
        """Return the logits of all cells given the voices above, float32 (4, N, 89).

        :param h: (N, C) what the trunk says of each frame
        :param cells: (N, 4) the tokens that are there, read by lower voices only
        :param last: (N, 4) the tokens of the frame before
        """
        seen = [
            self.decided(head_features(cells, last, voice), h.dtype) for voice in range(1, N_VOICES)
        ]
        none = torch.zeros_like(seen[0])
        x = self.inputs(h).view(len(h), N_VOICES, -1).transpose(0, 1) + torch.stack([none, *seen])
        scores = self.scores(drop(x)).unbind(0)
        return torch.stack([
            self.voice_logits(scores[voice], cells, last, voice) for voice in range(N_VOICES)
        ])  # fmt: skip

    def scores(self, x: Tensor) -> Tensor:
        """Return (..., 89 + 49 + 3 * 53) scores for a voice's inputs (..., width)."""
        x = x + self.down(F.relu(self.up(x)).square())
        found: Tensor = self.logits(self.norm(x.float(), x.dtype)).float()
        return found

    def voice_logits(self, out: Tensor, cells: Tensor, last: Tensor, voice: int) -> Tensor:
        """Return logits (N, 89) of one voice from its scores."""
        absolute, steps, *below = torch.split(
            out, [N_TOKENS, N_STEPS_APART, *[N_BELOW] * 3], dim=-1
        )
        logits: Tensor = absolute + self.voice_bias[voice]
        logits = logits + _picked(steps, self.steps_apart[last[:, voice]])
        for upper in range(voice):
            logits = logits + _picked(below[upper], self.below[cells[:, upper]])
        return logits

    def strike_logits(self, h: Tensor, cells: Tensor, last: Tensor, struck: Tensor) -> Tensor:
        """Return the logit that each voice strikes its last pitch again, float32 (N, 4).

        :param struck: (N, 4) of 0 and 1; a voice reads those of the voices above it
        """
        x = self.strike_in(h) + self.strike_table(strike_features(cells, last), h.dtype)
        alone: Tensor = self.strike_out(F.relu(x)).float()
        return alone + struck.float() @ self.strike_together.triu(diagonal=1)


def _picked(scores: Tensor, index: Tensor) -> Tensor:
    """Return scores[n, index[n, m]], where the index one past the end is worth 0."""
    return F.pad(scores, (0, 1)).gather(1, index)


def _steps_apart() -> Tensor:
    """Return, for each last token and each token, the class of the step, shape (90, 89).

    Steps of more than two octaves, rests and beginnings get the class 49, which weighs nothing.
    """
    return _relative(range(-24, 25), N_STEPS_APART)


def _below() -> Tensor:
    """Return, for each decided token and each token, the class of their distance, (90, 89)."""
    return _relative(range(-40, 13), N_BELOW)


def _relative(steps: range, none: int) -> Tensor:
    token = torch.arange(N_TOKENS)
    other = torch.arange(N_TOKENS + 1)[:, None]
    step = token - other
    known = sounds(token) & sounds(other) & (step >= steps[0]) & (step <= steps[-1])
    return torch.where(known, step - steps[0], none)
