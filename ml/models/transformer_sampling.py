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

from ml.models.transformer_arrays import Bools, Floats, Ints
from ml.models.transformer_features import N_TOKENS, N_VOICES, REST
from ml.models.transformer_frames import Line
from ml.models.transformer_net import Transformer
from ml.models.transformer_rules import Masks, Rules
from ml.models.transformer_step import Stepper
from ml.techniques import GenerationCancelled
from ml.words import _

TECHNIQUES = ("nucleus", "top_k", "random")

_RANK = np.arange(N_TOKENS)


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
    if not streams:
        return []
    order = sorted(range(len(streams)), key=lambda i: -len(streams[i]))  # the longest first
    drawing = _Drawing(model, [streams[i] for i in order])
    n_frames = len(streams[order[0]])
    for frame in range(n_frames):
        if cancelled():
            raise GenerationCancelled
        drawing.step(frame)
        progress(
            (frame + 1) / n_frames,
            _("16th note {number} of {n_frames}").format(number=frame + 1, n_frames=n_frames),
        )
    found = dict(zip(order, drawing.drawn(), strict=True))
    return [found[i] for i in range(len(streams))]


class _Drawing:
    """Streams that are drawn in step, the longest first, so that the unfinished come first."""

    def __init__(self, model: Transformer, streams: Sequence[Stream]) -> None:
        self._streams = streams
        n_frames = len(streams[0])
        shape = (len(streams), n_frames, N_VOICES)
        self._tokens = np.zeros(shape, np.int64)
        self._struck = np.zeros(shape, np.bool_)
        self._metre = np.zeros((n_frames, 3, len(streams)), np.int64)
        self._noise = np.zeros((n_frames, len(streams), N_VOICES, N_TOKENS + 1), np.float32)
        for i, stream in enumerate(streams):
            self._metre[: len(stream), :, i] = stream.metre
            self._noise[: len(stream), i] = _noise(stream)
        self._active = [sum(len(s) > frame for s in streams) for frame in range(n_frames)]
        self._choice = _Choice([stream.sampling for stream in streams])
        self._stepper = Stepper(model, len(streams))
        self._stepper.prime([stream.line for stream in streams])
        self._masks = Masks([stream.rules for stream in streams], self._stepper.past)

    def step(self, frame: int) -> None:
        """Draw one frame of every stream that is not finished."""
        n = self._active[frame]
        h = self._stepper.frame(*self._metre[frame, :, :n])
        last, noise = self._stepper.past.last[:n], self._noise[frame, :n]
        cells = np.full((n, N_VOICES), REST)
        for voice, inputs in enumerate(self._stepper.voice_inputs(h)):
            if self._masks.sounds(n, voice):
                logits = self._stepper.voice_logits(inputs, cells, voice)
                logits += self._masks.leaning(cells, last, voice)
                cells[:, voice] = self._choice.pick(logits, noise[:, voice, :N_TOKENS])
        struck = self._strikes(h, cells, last, noise[..., N_TOKENS], first=frame == 0)
        self._stepper.past.add(cells, struck)
        self._masks.add(cells, struck)
        self._tokens[:n, frame], self._struck[:n, frame] = cells, struck

    def _strikes(
        self, h: Floats, cells: Ints, last: Ints, noise: Floats, *, first: bool
    ) -> Bools:  # fmt: skip
        """Return where notes begin, (n, 4): all new pitches, and some of the repeated ones.

        In the first frame everything begins: the notes of the input are left as they are.
        """
        n = len(cells)
        struck: Bools = cells != REST
        if first:
            return struck
        repeats = struck & (cells == last)
        logits = self._stepper.strike_logits(h, cells) + noise * self._choice.temperature[:n]
        must = self._masks.must_strike(n)
        for voice, together in enumerate(self._stepper.strike_together):
            again = (logits[:, voice] > 0) | must[:, voice]
            struck[:, voice] &= again | ~repeats[:, voice]
            logits += (struck[:, voice] & repeats[:, voice])[:, None] * together
        return struck

    def drawn(self) -> list[Drawn]:
        """Return what was drawn for each stream."""
        return [
            Drawn(self._tokens[i, : len(s)], self._struck[i, : len(s)])
            for i, s in enumerate(self._streams)
        ]


class _Choice:
    """Picks one token of each stream by its technique."""

    def __init__(self, samplings: Sequence[Sampling]) -> None:
        self.temperature = np.array([[s.temperature] for s in samplings], np.float32)
        self._nucleus, self._top_k = (
            np.array([[s.threshold if s.technique == name else 2.0] for s in samplings], np.float32)
            for name in ("nucleus", "top_k")
        )
        self._any_top_k = any(s.technique == "top_k" for s in samplings)

    def pick(self, logits: Floats, noise: Floats) -> Ints:
        """Return one token for each stream, (n,); minus infinity forbids one.

        Nucleus keeps the likeliest tokens until their probability reaches the threshold, top-k
        that share of the allowed tokens; at least one. The largest of logit + Gumbel noise is a
        draw from the softmax, without computing it.
        """
        n = len(logits)
        stream = np.arange(n)[:, None]
        falling = logits / -self.temperature[:n]
        token = falling.argsort(axis=1)
        ordered = -falling[stream, token]
        share = np.exp(ordered - ordered[:, :1])
        upto = np.add.accumulate(share, axis=1)
        kept = upto - share < self._nucleus[:n] * upto[:, -1:]
        if self._any_top_k:
            n_allowed = np.count_nonzero(ordered > -np.inf, axis=1, keepdims=True)
            kept &= np.ceil(self._top_k[:n] * n_allowed) > _RANK
        best = np.where(kept, ordered + noise, -np.inf).argmax(axis=1)
        picked: Ints = token[stream[:, 0], best]
        return picked


def _noise(stream: Stream) -> Floats:
    """Return (frames, 4, 90): Gumbel noise for the tokens, logistic noise for the strike."""
    generator = torch.Generator().manual_seed(stream.seed % 2**63)
    uniform = torch.rand(len(stream), N_VOICES, N_TOKENS + 1, generator=generator)
    uniform = uniform.clamp(1e-7, 1 - 1e-7)
    gumbel = -(-uniform[..., :N_TOKENS].log()).log()
    found: Floats = torch.cat([gumbel, uniform[..., N_TOKENS:].logit()], dim=-1).numpy()
    return found
