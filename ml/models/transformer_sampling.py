"""Draws extensions frame by frame: nucleus, top-k or random, under rules, several in step.

Every stream draws from random numbers of its own, all made before it starts. What it draws
therefore does not depend on the streams beside it, up to the rounding of the network's sums.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ml.models.transformer_features import N_TOKENS, N_VOICES, REST
from ml.models.transformer_frames import Line
from ml.models.transformer_net import Transformer
from ml.models.transformer_rules import Masks, Rules
from ml.models.transformer_step import Stepper
from ml.techniques import GenerationCancelled

TECHNIQUES = ("nucleus", "top_k", "random")


@dataclass(frozen=True, slots=True)
class Sampling:
    """How one stream is drawn: one of TECHNIQUES, its threshold (0 to 1) and the temperature."""

    technique: str = "nucleus"
    threshold: float = 0.95
    temperature: float = 1.0


@dataclass(frozen=True, eq=False)
class Stream:
    """One extension to draw.

    `line` is the music so far and one more frame, whose cells are not read; `metre` (frames, 3)
    is the position, bar length and style number of every frame to draw.
    """

    line: Line
    metre: npt.NDArray[np.int64]
    rules: Rules
    sampling: Sampling
    seed: int

    def __len__(self) -> int:
        return len(self.metre)


@dataclass(frozen=True, eq=False)
class Drawn:
    """What was drawn: `tokens` (frames, 4) and `struck` (frames, 4), where notes begin."""

    tokens: npt.NDArray[np.int64]
    struck: npt.NDArray[np.bool_]


@torch.no_grad()
def draw(
    model: Transformer,
    streams: Sequence[Stream],
    *,
    progress: Callable[[float, str], None] = lambda _share, _word: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Drawn]:
    """Return what each stream goes on with, in the order of `streams`.

    :raises GenerationCancelled: if `cancelled` said so between two frames
    """
    order = sorted(range(len(streams)), key=lambda i: -len(streams[i]))  # the longest first
    drawing = _Drawing(model, [streams[i] for i in order])
    n_frames = len(streams[order[0]]) if streams else 0
    for frame in range(n_frames):
        if cancelled():
            raise GenerationCancelled
        drawing.step(frame)
        progress((frame + 1) / n_frames, f"16th note {frame + 1} of {n_frames}")
    found = dict(zip(order, drawing.drawn(), strict=True))
    return [found[i] for i in range(len(streams))]


class _Drawing:
    """Streams that are drawn in step, the longest first, so that the unfinished come first."""

    def __init__(self, model: Transformer, streams: Sequence[Stream]) -> None:
        self._streams = streams
        self._stepper = Stepper(model, len(streams))
        if streams:
            self._stepper.prime([stream.line for stream in streams])
        n_frames = len(streams[0]) if streams else 0
        shape = (len(streams), n_frames, N_VOICES)
        self._tokens = torch.zeros(shape, dtype=torch.long)
        self._struck = torch.zeros(shape, dtype=torch.bool)
        self._metre = torch.zeros(n_frames, 3, len(streams), dtype=torch.long)
        self._noise = torch.zeros(n_frames, len(streams), N_VOICES, N_TOKENS + 1)
        for i, stream in enumerate(streams):
            self._metre[: len(stream), :, i] = torch.from_numpy(stream.metre)
            self._noise[: len(stream), i] = _noise(stream)
        self._active = [sum(len(s) > frame for s in streams) for frame in range(n_frames)]
        self._choice = _Choice([stream.sampling for stream in streams])
        if streams:
            rules = [stream.rules for stream in streams]
            self._masks = Masks(rules, self._stepper.past.history(len(streams)))

    def step(self, frame: int) -> None:
        """Draw one frame of every stream that is not finished."""
        n = self._active[frame]
        position, bar_steps, style = self._metre[frame, :, :n]
        h = self._stepper.frame(position, bar_steps, style)
        last, noise = self._stepper.past.last[:n], self._noise[frame, :n]
        cells = torch.zeros(n, N_VOICES, dtype=torch.long)
        for voice, inputs in enumerate(self._stepper.voice_inputs(h)):
            logits = self._stepper.voice_logits(inputs, cells, voice) + self._masks.leaning[:n]
            forbidden = self._masks.forbidden(cells, last, voice)
            cells[:, voice] = self._choice.pick(logits, forbidden, noise[:, voice, :N_TOKENS])
        struck = self._strikes(h, cells, last, noise[..., N_TOKENS], first=frame == 0)
        self._stepper.past.add(cells, struck)
        self._masks.add(cells, struck)
        self._tokens[:n, frame], self._struck[:n, frame] = cells, struck

    def _strikes(
        self, h: Tensor, cells: Tensor, last: Tensor, noise: Tensor, *, first: bool
    ) -> Tensor:
        """Return where notes begin, (n, 4): all new pitches, and some of the repeated ones.

        In the first frame everything begins: the notes of the input are left as they are.
        """
        sounds, n = cells != REST, len(cells)
        begins = sounds & (cells != last)
        if first:
            return sounds
        repeats = sounds & ~begins
        own = self._stepper.strike_logits(h, cells)
        together, must = self._stepper.strike_together, self._masks.must_strike()[:n]
        again = torch.zeros_like(repeats)
        for voice in range(N_VOICES):
            above = again[:, :voice].float() @ together[:voice, voice]
            drawn = (own[:, voice] + above) / self._choice.temperature[:n, 0] + noise[:, voice] > 0
            again[:, voice] = repeats[:, voice] & (drawn | must[:, voice])
        return begins | again

    def drawn(self) -> list[Drawn]:
        """Return what was drawn for each stream."""
        return [
            Drawn(self._tokens[i, : len(s)].numpy(), self._struck[i, : len(s)].numpy())
            for i, s in enumerate(self._streams)
        ]


class _Choice:
    """Picks one token of each stream by its technique."""

    def __init__(self, samplings: Sequence[Sampling]) -> None:
        self.temperature = torch.tensor([[s.temperature] for s in samplings])
        by = {
            name: torch.tensor([[s.threshold if s.technique == name else 2.0] for s in samplings])
            for name in ("nucleus", "top_k")
        }
        self._nucleus, self._top_k = by["nucleus"], by["top_k"]

    def pick(self, logits: Tensor, forbidden: Tensor, noise: Tensor) -> Tensor:
        """Return one token for each stream, (n,).

        Nucleus keeps the likeliest tokens until their probability reaches the threshold, top-k
        that share of the allowed tokens; at least one. The largest of logit + Gumbel noise is a
        draw from the softmax, without computing it.
        """
        n = len(logits)
        scaled = (logits / self.temperature[:n]).masked_fill(forbidden, -torch.inf)
        ordered, token = scaled.sort(dim=1, descending=True)
        share = ordered.softmax(dim=1)
        before = share.cumsum(dim=1) - share
        rank = torch.arange(N_TOKENS)
        n_allowed = (~forbidden).sum(dim=1, keepdim=True)
        kept = (before < self._nucleus[:n]) & (rank < (self._top_k[:n] * n_allowed).ceil())
        best = (ordered + noise).masked_fill(~kept, -torch.inf).argmax(dim=1, keepdim=True)
        return token.gather(1, best)[:, 0]


def _noise(stream: Stream) -> Tensor:
    """Return (frames, 4, 90): Gumbel noise for the tokens, logistic noise for the strike."""
    generator = torch.Generator().manual_seed(stream.seed % 2**63)
    uniform = torch.rand(len(stream), N_VOICES, N_TOKENS + 1, generator=generator)
    uniform = uniform.clamp(1e-7, 1 - 1e-7)
    gumbel = -(-uniform[..., :N_TOKENS].log()).log()
    return torch.cat([gumbel, uniform[..., N_TOKENS:].logit()], dim=-1)
