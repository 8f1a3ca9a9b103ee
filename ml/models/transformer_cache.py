"""Keys and values of the frames before: a ring of one context for several streams in step.

The newest frame takes the slot of the oldest. Streams end in the same slot, so that a stream with
less behind it leaves slots empty at the front, which are hidden. Shapes: N streams, H heads, D
channels of a head, S slots, L layers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.models.transformer_arrays import Floats, Ints, softmax
from ml.models.transformer_net import TransformerConfig

Turn = npt.NDArray[np.complex64]
"""How far each pair of channels turns, by the frame's position: (n, 1, 1, D / 2)."""

_HIDDEN = -1e4


class Cache:
    """The cache of N streams, of which the first n can be stepped."""

    def __init__(self, config: TransformerConfig, n_streams: int) -> None:
        self.slots, size = config.context, config.width // config.n_heads
        shape = (config.n_layers, n_streams, config.n_heads, self.slots, size)
        self._keys: Floats = np.zeros(shape, np.float32)
        self._values: Floats = np.zeros(shape, np.float32)
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

    def advance(self, n: int) -> Turn:
        """Make room for one more frame; return how it turns in the first n streams."""
        self._slot = (self._slot + 1) % self.slots
        self._used = min(self._used + 1, self.slots)
        self._bias[:, :, self._slot] = 0.0
        turn = self.turn(self._seen[:n])
        self._seen[:n] += 1
        return turn

    def turn(self, position: Ints) -> Turn:
        """Return how frames at these positions (n,) turn."""
        angle = position[:, None].astype(np.float32) * self._speed
        turn = np.empty((len(position), 1, 1, len(self._speed)), np.complex64)
        turn.real[:, 0, 0], turn.imag[:, 0, 0] = np.cos(angle), np.sin(angle)
        return turn

    def attend(self, layer: int, qkv: Floats, turn: Turn) -> Floats:
        """Store one frame's keys and values; return what its queries find, (n, H * D).

        :param qkv: (n, 3 * H * D), queries and keys in pairs that turn together
        """
        n, slot, used = len(qkv), self._slot, self._used
        keys, values = self._keys[layer, :n], self._values[layer, :n]
        q, k, v = self._turned(qkv, turn)  # (n, H, D)
        keys[:, :, slot], values[:, :, slot] = k, v
        weight = np.matmul(keys[:, :, :used], q[..., None])[..., 0]  # (n, H, used)
        weight += self._bias[:n, :, :used]
        mixed: Floats = np.matmul(softmax(weight)[:, :, None], values[:, :, :used])  # (n, H, 1, D)
        return mixed.reshape(n, -1)

    def fill(self, layer: int, qkv: Floats, turn: Turn, stream: int, place: slice) -> Floats:
        """Store the T frames of one stream at `place`; return what their queries find, (T, H * D).

        A frame looks back on those before it and on itself.
        """
        q, k, v = (part.swapaxes(0, 1) for part in self._turned(qkv, turn))  # (H, T, D)
        self._keys[layer, stream, :, place], self._values[layer, stream, :, place] = k, v
        weight = np.matmul(q, k.swapaxes(1, 2))  # (H, T, T)
        weight += np.triu(np.full(weight.shape[1:], _HIDDEN, np.float32), k=1)
        mixed: Floats = np.matmul(softmax(weight), v).swapaxes(0, 1)  # (T, H, D)
        return mixed.reshape(len(qkv), -1)

    def _turned(self, qkv: Floats, turn: Turn) -> tuple[Floats, Floats, Floats]:
        """Return queries, keys and values, (n, H, D) each, the first two turned."""
        heads = qkv.reshape(len(qkv), 3, self._keys.shape[2], -1)
        turned = (heads[:, :2].view(np.complex64) * turn).view(np.float32)
        return turned[:, 0], turned[:, 1], heads[:, 2]
