"""Frame-by-frame generation with a key-value cache: several streams in step, in float32.

`Stepper.prime` reads what the streams have so far in one pass, `Stepper.frame` goes one frame on.
The cache is a ring of one context: the oldest frame makes room for the newest. Shapes: N streams,
T frames, C channels, H heads, D channels of a head, S slots of the cache.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the name that PyTorch's own documentation uses
from torch import Tensor

from ml.models.transformer_features import (
    N_TOKENS,
    N_VOICES,
    REST,
    STRUCK,
    History,
    frame_features,
    head_features,
    strike_features,
)
from ml.models.transformer_frames import Cut, Line, batch
from ml.models.transformer_net import Block, Transformer

_MAX_RUN = 32
_FEW_ROWS = 4  # up to here BLAS's matrix-vector product is quicker than oneDNN's matrix product


class Past:
    """What lies before the next frame of each stream, kept up to date: (N, 4) each."""

    def __init__(self, columns: Tensor) -> None:
        """Begin with `columns` (N, 4, 5) in the order of `History`."""
        self.last, self.run, self.before, self.run_before, self.strike = columns.unbind(-1)

    def add(self, cells: Tensor, struck: Tensor) -> None:
        """Take in one frame: `cells` (n, 4) tokens of the first n streams, and who is struck."""
        n = len(cells)
        last, run = self.last[:n], self.run[:n]
        changed = cells != last
        self.before = torch.where(changed, last, self.before[:n])
        self.run_before = torch.where(changed, run, self.run_before[:n])
        self.run = torch.where(changed, 1, (run + 1).clamp(max=_MAX_RUN))
        self.strike = (struck & ~changed & (cells != REST)).long() * STRUCK
        self.last = cells

    def history(self, n: int) -> History:
        """Return the history of the next frame of the first n streams, (n, 4) each."""
        columns = (self.last, self.run, self.before, self.run_before, self.strike)
        return History(*(c[:n] for c in columns))


class Stepper:
    """The network with a cache for some streams; the first n of them can be stepped."""

    def __init__(self, model: Transformer, n_streams: int) -> None:
        config = model.config
        self._model, self._head = model, model.head
        self._slots, self._n_heads = config.context, config.n_heads
        size = config.width // config.n_heads
        self._scale = size**-0.5
        self._turn = _interleaved(size)
        self._qkv = [_turning_first(block, self._turn) for block in _blocks(model)]
        self._logits = _with_nothing(model.head.logits.weight, model)
        n_steps = int(model.head.steps_apart.max()) + 1
        self._split = [N_TOKENS, n_steps, len(self._logits) - N_TOKENS - n_steps]
        self._keys = [torch.zeros(n_streams, self._n_heads, size, self._slots) for _ in self._qkv]
        self._values = [k.transpose(2, 3).contiguous() for k in self._keys]
        self._bias = torch.full((n_streams, self._n_heads, 1, self._slots), -1e4)
        self._at = torch.zeros(n_streams, dtype=torch.long)  # frames seen
        self._speed = 10_000.0 ** (-torch.arange(size // 2) / (size // 2))
        self._stream = torch.arange(n_streams)
        self.past = Past(torch.zeros(n_streams, N_VOICES, 5, dtype=torch.long))

    def prime(self, lines: Sequence[Line]) -> None:
        """Read the last frames of each stream's line, at most one context.

        The line's own last entry is the frame that comes next: its history is read, its cells
        are not.
        """
        self.past = Past(torch.from_numpy(np.stack([line.voices[-1, :, :5] for line in lines])))
        for stream, line in enumerate(lines):
            n_frames = min(len(line) - 1, self._slots)
            if n_frames:
                self._fill(stream, Cut(line, len(line) - 1 - n_frames, n_frames, 0, 0))
            self._at[stream] = n_frames

    def _fill(self, stream: int, cut: Cut) -> None:
        """Store the keys and values of one stream's frames."""
        seen = list[tuple[Tensor, Tensor]]()
        self._model.trunk(batch([cut], 1, cut.frames), torch.float32, seen=seen)
        for layer, (k, v) in enumerate(seen):
            self._keys[layer][stream, ..., : cut.frames] = k[0, ..., self._turn].transpose(1, 2)
            self._values[layer][stream, :, : cut.frames] = v[0]
        self._bias[stream, ..., : cut.frames] = 0.0

    def frame(self, position: Tensor, bar_steps: Tensor, style: Tensor) -> Tensor:
        """Return what the trunk says of the next frame of the first n streams, (n, C).

        :param position: step within the bar of that frame, (n,), and likewise the others
        """
        n = len(position)
        rows = frame_features(self.past.history(n), position, bar_steps, style)
        x = F.embedding_bag(rows, self._model.table.weight, mode="sum")
        at = self._at[:n]
        angle = at[:, None, None] * self._speed
        turn, slot = torch.complex(angle.cos(), angle.sin()), at % self._slots
        self._bias[self._stream[:n], :, 0, slot] = 0.0
        for layer, block in enumerate(_blocks(self._model)):
            x = x + self._attend(block, layer, block.norm_attention(x), turn, slot)
            hidden = F.relu(_linear(block.norm_mlp(x), block.up.weight))
            x = x + _linear(hidden * hidden, block.down.weight)
        self._at[:n] += 1
        return self._model.norm(x)  # type: ignore[no-any-return]

    def _attend(self, block: Block, layer: int, x: Tensor, turn: Tensor, slot: Tensor) -> Tensor:
        n, heads = len(x), self._n_heads
        qkv = _linear(x, self._qkv[layer]).view(n, 3 * heads, -1)
        pairs = torch.view_as_complex(qkv[:, : 2 * heads].reshape(n, 2 * heads, -1, 2))
        q, k = torch.view_as_real(pairs * turn).flatten(2).chunk(2, dim=1)  # (n, H, D)
        keys, values = self._keys[layer], self._values[layer]
        keys[self._stream[:n], :, :, slot] = k
        values[self._stream[:n], :, slot] = qkv[:, 2 * heads :]
        scores = torch.baddbmm(
            self._bias[:n].flatten(0, 1), q.reshape(n * heads, 1, -1), keys[:n].flatten(0, 1),
            alpha=self._scale,
        )  # fmt: skip
        mixed = torch.bmm(scores.softmax(dim=-1), values[:n].flatten(0, 1))
        return _linear(mixed.view(n, -1), block.out.weight)

    def voice_inputs(self, h: Tensor) -> tuple[Tensor, ...]:
        """Return what the head reads of a frame for each voice, four of (n, head width)."""
        return _linear(h, self._head.inputs.weight).chunk(N_VOICES, dim=-1)

    def voice_logits(self, inputs: Tensor, cells: Tensor, voice: int) -> Tensor:
        """Return the logits (n, 89) of a voice, given the cells decided above it."""
        head, last, x = self._head, self.past.last[: len(inputs)], inputs
        if voice:
            rows = head_features(cells, last, voice)
            x = x + F.embedding_bag(rows, head.decided.weight, mode="sum")
        hidden = F.relu(_linear(x, head.up.weight))
        x = head.norm(x + _linear(hidden * hidden, head.down.weight))
        absolute, steps, below = torch.split(_linear(x, self._logits), self._split, dim=-1)
        logits = absolute + head.voice_bias[voice]
        logits = logits + steps.gather(1, head.steps_apart[last[:, voice]])
        if voice:
            places = head.below[cells[:, :voice]]  # (n, voice, 89)
            logits = logits + below.view(len(x), 3, -1)[:, :voice].gather(2, places).sum(dim=1)
        return logits

    def strike_logits(self, h: Tensor, cells: Tensor) -> Tensor:
        """Return each voice's own logit (n, 4) that it strikes its last pitch again.

        Those of lower voices still lack what `strike_together` adds for upper ones.
        """
        head = self._head
        rows = strike_features(cells, self.past.last[: len(cells)])
        seen = F.embedding_bag(rows, head.strike_table.weight, mode="sum")
        hidden = F.relu(_linear(h, head.strike_in.weight) + seen)
        return _linear(hidden, head.strike_out.weight)

    @property
    def strike_together(self) -> Tensor:
        """What a strike of an upper voice (row) adds to the logit of a lower one (column)."""
        return self._head.strike_together


def _blocks(model: Transformer) -> list[Block]:
    return list(model.blocks)  # type: ignore[arg-type]


def _interleaved(size: int) -> Tensor:
    """Return the order that puts the two halves of a head's channels side by side in pairs.

    Queries and keys may be reordered together; in pairs they turn as complex numbers, in one step.
    """
    return torch.arange(size).view(2, -1).T.flatten()


def _turning_first(block: Block, order: Tensor) -> Tensor:
    """Return a block's weight for queries, keys and values with the first two reordered."""
    q, k, v = block.qkv.weight.detach().chunk(3)
    turned = [w.view(block.n_heads, len(order), -1)[:, order].flatten(0, 1) for w in (q, k)]
    return torch.cat([*turned, v]).contiguous()


def _with_nothing(weight: Tensor, model: Transformer) -> Tensor:
    """Return the head's last weight with a row of zeros behind each group of relative scores.

    The index one past the end of a group, which weighs nothing, then needs no special case.
    """
    n_steps, n_below = (int(t.max()) for t in (model.head.steps_apart, model.head.below))
    absolute, steps, *below = torch.split(weight.detach(), [N_TOKENS, n_steps, *[n_below] * 3])
    groups = [F.pad(group, (0, 0, 0, 1)) for group in (steps, *below)]
    return torch.cat([absolute, *groups]).contiguous()


def _linear(x: Tensor, weight: Tensor) -> Tensor:
    """Return x times the weight; many rows go through oneDNN, twice as quick as BLAS on AMD."""
    if len(x) > _FEW_ROWS and torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        found: Tensor = torch.ops.mkldnn._linear_pointwise(x, weight, None, "none", [], "")
        return found
    return F.linear(x, weight)
