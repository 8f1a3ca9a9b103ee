"""Frame-by-frame generation with a key-value cache: several streams in step, in float32.

`Stepper.prime` reads what the streams have so far in one pass, `Stepper.frame` goes one frame on.
This is the network of `transformer_net` and `transformer_head` once more, on numpy arrays and for
one frame at a time. Shapes: N streams, C channels, H heads, D channels of a head.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the name that PyTorch's own documentation uses
from torch import Tensor

from ml.models.transformer_arrays import Floats, Ints, Map, normed, squared_relu, summed
from ml.models.transformer_cache import Cache
from ml.models.transformer_features import N_TOKENS, N_VOICES
from ml.models.transformer_frames import Line
from ml.models.transformer_head import N_BELOW, N_STEPS_APART, VoiceHead
from ml.models.transformer_net import Block, Transformer
from ml.models.transformer_past import Past


class Stepper:
    """The network with a cache for some streams; the first n of them can be stepped."""

    def __init__(self, model: Transformer, n_streams: int) -> None:
        self._table = _array(model.table.weight)
        self._blocks = [_Block(block, n_streams) for block in _blocks(model)]
        self._gain = _array(model.norm.gain)
        self._head = _Head(model.head, n_streams)
        self._cache = Cache(model.config, n_streams)
        self.past = Past(np.zeros((n_streams, N_VOICES, 5), np.int64))

    def prime(self, lines: Sequence[Line]) -> None:
        """Read the last frames of each stream's line, at most one context.

        The line's own last entry is the frame that comes next: its history is read, its cells
        are not.
        """
        self.past = Past(np.stack([line.voices[-1, :, :5] for line in lines]))
        n_frames = [min(len(line) - 1, self._cache.slots) for line in lines]
        places = self._cache.begin(n_frames)
        for stream, (line, n, place) in enumerate(zip(lines, n_frames, places, strict=True)):
            if n:
                self._fill(stream, Line(line.voices[-n - 1 : -1], line.metre[-n - 1 : -1]), place)

    def _fill(self, stream: int, line: Line, place: slice) -> None:
        """Store the keys and values of all frames of one stream's line in these slots."""
        x = summed(self._table, Past(line.voices[..., :5]).rows(*line.metre.T))
        turn = self._cache.turn(np.arange(len(line)))

        def attend(layer: int, qkv: Floats) -> Floats:
            return self._cache.fill(layer, qkv, turn, stream, place)

        *before, last = self._blocks
        x = _through(before, x, attend)
        attend(len(before), last.qkv(normed(x, last.gain_attention)))

    def frame(self, position: Ints, bar_steps: Ints, style: Ints) -> Floats:
        """Return what the trunk says of the next frame of the first n streams, (n, C).

        :param position: step within the bar of that frame, (n,), and likewise the others
        """
        x = summed(self._table, self.past.rows(position, bar_steps, style))
        turn = self._cache.advance(len(x))
        x = _through(self._blocks, x, lambda layer, qkv: self._cache.attend(layer, qkv, turn))
        return normed(x, self._gain)

    def voice_inputs(self, h: Floats) -> tuple[Floats, ...]:
        """Return what the head reads of a frame for each voice, four of (n, head width)."""
        inputs = self._head.inputs(h).reshape(len(h), N_VOICES, -1)
        return tuple(inputs[:, voice] for voice in range(N_VOICES))

    def voice_logits(self, inputs: Floats, cells: Ints, voice: int) -> Floats:
        """Return the logits (n, 89) of a voice, given the cells decided above it."""
        head, n, x = self._head, len(inputs), inputs
        if voice:
            x = x + summed(head.decided, self.past.head_rows(cells, voice))
        x = normed(x + head.down(squared_relu(head.up(x))), head.gain)
        scores = head.logits(x)
        # The voice's own last pitch first, then the pitches above it.
        tokens = np.concatenate([self.past.last[:n, voice, None], cells[:, :voice]], axis=1)
        places = head.places[_VOICE[: voice + 1], tokens]  # (n, 1 + voice, 89)
        places += (np.arange(n) * scores.shape[1])[:, None, None]
        logits: Floats = np.add.reduce(scores.take(places), axis=1)
        logits += scores[:, :N_TOKENS]
        logits += head.voice_bias[voice]
        return logits

    def strike_logits(self, h: Floats, cells: Ints) -> Floats:
        """Return each voice's own logit (n, 4) that it strikes its last pitch again.

        Those of lower voices still lack what `strike_together` adds for upper ones.
        """
        hidden = self._head.strike_in(h)
        hidden += summed(self._head.strike_table, self.past.strike_rows(cells))
        np.maximum(hidden, 0, out=hidden)
        return self._head.strike_out(hidden)

    @property
    def strike_together(self) -> Floats:
        """What a strike of an upper voice (row) adds to the logit of a lower one (column)."""
        return self._head.strike_together


_VOICE = np.arange(N_VOICES)


class _Block:
    """The weights of one block, laid out for steps of about `n_rows` streams."""

    def __init__(self, block: Block, n_rows: int) -> None:
        self.gain_attention, self.gain_mlp = (
            _array(norm.gain) for norm in (block.norm_attention, block.norm_mlp)
        )
        self.qkv = Map(_turning(block), n_rows)
        self.out, self.up, self.down = (
            Map(part.weight, n_rows) for part in (block.out, block.up, block.down)
        )


def _through(
    blocks: Sequence[_Block], x: Floats, attend: Callable[[int, Floats], Floats]
) -> Floats:  # fmt: skip
    """Return what blocks make of x (rows, C), which is overwritten.

    :param attend: gives what the queries of a layer find, (rows, C), for its (rows, 3 * C)
    """
    for layer, block in enumerate(blocks):
        x += block.out(attend(layer, block.qkv(normed(x, block.gain_attention))))
        x += block.down(squared_relu(block.up(normed(x, block.gain_mlp))))
    return x


class _Head:
    """The weights of the head; `places` (4, 90, 89) tells where a voice's scores stand.

    Plane 0 is for the step from the voice's own last pitch, the others for the distance to each
    voice above, by the token there.
    """

    def __init__(self, head: VoiceHead, n_rows: int) -> None:
        self.inputs, self.up, self.down, self.strike_in, self.strike_out = (
            Map(part.weight, n_rows)
            for part in (head.inputs, head.up, head.down, head.strike_in, head.strike_out)
        )
        self.decided, self.strike_table = (
            _array(head.decided.weight),
            _array(head.strike_table.weight),
        )
        self.gain, self.voice_bias = _array(head.norm.gain), _array(head.voice_bias)
        self.strike_together = np.triu(_array(head.strike_together), k=1)
        self.logits = Map(_with_nothing(head), n_rows)
        first = N_TOKENS + N_STEPS_APART + 1 + np.arange(3)[:, None, None] * (N_BELOW + 1)
        steps, below = (t.numpy() for t in (head.steps_apart, head.below))
        self.places: Ints = np.concatenate([steps[None] + N_TOKENS, below + first])


def _array(weight: Tensor) -> Floats:
    found: Floats = weight.detach().numpy()
    return found


def _blocks(model: Transformer) -> list[Block]:
    return list(model.blocks)  # type: ignore[arg-type]


def _turning(block: Block) -> Tensor:
    """Return a block's weight for queries, keys and values, ready to turn.

    The two halves of a head's channels of queries and keys are put side by side in pairs, which
    turn as complex numbers in one step; to reorder both together changes nothing. The queries
    are scaled already: by a power of 2 in the shipped network, which is exact.
    """
    q, k, v = block.qkv.weight.detach().chunk(3)
    size = len(q) // block.n_heads
    pairs = torch.arange(size).view(2, -1).T.flatten()
    q, k = (w.view(block.n_heads, size, -1)[:, pairs].flatten(0, 1) for w in (q, k))
    return torch.cat([q * size**-0.5, k, v])


def _with_nothing(head: VoiceHead) -> Tensor:
    """Return the head's last weight with a row of zeros behind each group of relative scores.

    The index one past the end of a group, which weighs nothing, then needs no special case.
    """
    sizes = [N_TOKENS, N_STEPS_APART, *[N_BELOW] * 3]
    absolute, *groups = torch.split(head.logits.weight.detach(), sizes)
    return torch.cat([absolute, *(F.pad(group, (0, 0, 0, 1)) for group in groups)])
