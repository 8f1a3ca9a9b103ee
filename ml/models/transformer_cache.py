"""Keys and values of the frames before: a ring of one context for several streams in step.

The newest frame takes the slot of the oldest. Streams end in the same slot, so that a stream with
less behind it leaves slots empty at the front, which are hidden. Shapes: N streams, H heads, D
channels of a head, S slots, L layers.
"""

from __future__ import annotations

import numpy as np

from ml.models.transformer_arrays import Floats, Ints
from ml.models.transformer_net import TransformerConfig

_HIDDEN = -1e4


class Cache:
    """The cache of N streams, of which the first n can be stepped."""

    def __init__(self, config: TransformerConfig, n_streams: int) -> None:
        self.slots, size = config.context, config.width // config.n_heads
        shape = (config.n_layers, n_streams, config.n_heads, self.slots, size)
        self.keys: Floats = np.zeros(shape, np.float32)
        self.values: Floats = np.zeros(shape, np.float32)
        self._bias: Floats = np.full((n_streams, 1, self.slots), _HIDDEN, np.float32)
        self._seen: Ints = np.zeros(n_streams, np.int64)
        self._speed: Floats = np.float32(10_000.0) ** (
            -np.arange(size // 2, dtype=np.float32) / np.float32(size // 2)
        )
        self._slot = self._used = 0

    def begin(self, n_frames: list[int]) -> list[slice]:
        """Return the slots for the frames that each stream has behind it, at most S of them."""
        self._used = max(n_frames, default=0)
        self._seen[:] = n_frames
        places = [slice(self._used - n, self._used) for n in n_frames]
        for stream, place in enumerate(places):
            self._bias[stream, :, place] = 0.0
        self._slot = self._used - 1
        return places

    def advance(self, n: int) -> Floats:
        """Make room for one more frame; return how it turns, complex (n, 1, 1, D / 2)."""
        self._slot = (self._slot + 1) % self.slots
        self._used = min(self._used + 1, self.slots)
        self._bias[:, :, self._slot] = 0.0
        angle = self._seen[:n, None].astype(np.float32) * self._speed
        self._seen[:n] += 1
        turn = np.empty((n, 1, 1, len(self._speed)), np.complex64)
        turn.real[:, 0, 0], turn.imag[:, 0, 0] = np.cos(angle), np.sin(angle)
        return turn

    def attend(self, layer: int, qkv: Floats, turn: Floats) -> Floats:
        """Store a frame's keys and values; return what its queries find, (n, H * D).

        :param qkv: (n, 3 * H * D), queries and keys in pairs that turn together
        """
        n, slot, used = len(qkv), self._slot, self._used
        keys, values = self.keys[layer, :n], self.values[layer, :n]
        heads = qkv.reshape(n, 3, keys.shape[1], -1)
        turned = (heads[:, :2].view(np.complex64) * turn).view(np.float32)
        keys[:, :, slot], values[:, :, slot] = turned[:, 1], heads[:, 2]
        weight = np.matmul(keys[:, :, :used], turned[:, 0, :, :, None])[..., 0]  # (n, H, used)
        weight += self._bias[:n, :, :used]
        weight -= np.maximum.reduce(weight, axis=2, keepdims=True)
        np.exp(weight, out=weight)
        mixed = np.matmul(weight[:, :, None], values[:, :, :used])[:, :, 0]  # (n, H, D)
        mixed /= np.add.reduce(weight, axis=2, keepdims=True)
        return mixed.reshape(n, -1)
