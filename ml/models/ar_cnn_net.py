"""The editor's network: a U-Net over the piano roll that states p(cell | every other cell).

Four voices of 16th-note steps are the planes of an image, time by pitch. A cell is one voice at
one step: a row of the 48-row pitch window, or a rest. Hidden cells are empty and marked in a mask
plane; the network gives every cell a distribution over the 48 rows and the rest. Trained to fill
in any hidden cells from any others, it knows every order of composing at once (Coconet,
Huang et al. 2017, arXiv 1903.07227; Uria et al. 2014 for the orderless training).

The image is halved twice by pooling. At the bottom, where a step is a beat, each beat's rows
become one vector and a few attention and convolution layers let all beats see each other; then
the image is built up again with skip connections (Ronneberger et al. 2015).

Shapes: B pieces, T steps (a multiple of `STEPS_PER_COLUMN`), V = 4 voices, R = 48 rows,
K = 49 classes, C channels, N = T / 4 columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

N_VOICES = 4
ROWS = 48
REST = ROWS  # the class after the rows
N_CLASSES = ROWS + 1
OUTSIDE = 16  # the metre code of steps before or after the piece
N_METRES = 17
PLANES = 3 * N_VOICES + 1  # notes, hidden, rests of each voice; doubt
LEVELS = 3
STEPS_PER_COLUMN: int = 2 ** (LEVELS - 1)

Turns = tuple[Tensor, Tensor]


@dataclass(frozen=True, slots=True)
class ArCnnConfig:
    """Sizes of the network."""

    channels: tuple[int, int, int] = (32, 64, 96)  # of the three image sizes
    width: int = 320  # of a beat's vector at the bottom
    layers: int = 4  # pairs of attention and convolution at the bottom
    heads: int = 5
    dropout: float = 0.1

    def as_dict(self) -> dict[str, Any]:
        """Return the sizes as JSON values; `from_dict` reads them back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> ArCnnConfig:
        """Return the sizes that `as_dict` wrote."""
        first, second, third = row["channels"]
        return cls(**{**row, "channels": (first, second, third)})


TINY = ArCnnConfig(channels=(8, 8, 8), width=16, layers=1, heads=2, dropout=0.0)


@dataclass(frozen=True, eq=False, slots=True)
class Rolls:
    """A batch of pieces as the network reads them.

    `cells` (B, T, V) int64 is the row 0-47 or REST, `known` (B, T, V) bool whether the network
    may see it, `metre` (B, T) int64 the step's place in its bar (0-15) or OUTSIDE, `doubt` (B,)
    bool whether known cells may be wrong, so that the network should judge those too.
    """

    cells: Tensor
    known: Tensor
    metre: Tensor
    doubt: Tensor

    def to(self, device: str) -> Rolls:
        """Return the batch on a device."""
        return Rolls(*(t.to(device) for t in (self.cells, self.known, self.metre, self.doubt)))


class ArCnn(nn.Module):
    """The U-Net. `forward` returns logits (B, T, V, K) in float32."""

    def __init__(self, config: ArCnnConfig) -> None:
        super().__init__()
        self.config = config
        top, middle, low = config.channels
        self.stem = _Convolution(PLANES, top)
        self.metre = nn.Embedding(N_METRES, top)
        self.shrink = nn.ModuleList([_Convolution(top, middle), _Convolution(middle, low)])
        self.down = nn.ModuleList([nn.Identity(), _Residual(middle)])
        self.bottom = _Residual(low)
        self.beats = _Beats(config)
        self.join = nn.ModuleList(
            [_Convolution(low + middle, middle), _Convolution(middle + top, top)]
        )
        self.up = nn.ModuleList([_Residual(middle), _Residual(top)])
        self.notes = nn.Conv2d(top, N_VOICES, 1)
        self.rest = nn.Linear(top, N_VOICES)

    def forward(self, rolls: Rolls) -> Tensor:
        """Return a logit for each class of each cell, known cells included."""
        x = self.stem(planes(rolls, _working_type(self.notes.weight)))  # (B, C, T, R)
        metre = self.metre(rolls.metre)  # (B, T, C)
        x = functional.relu(x + metre.transpose(1, 2)[..., None])
        skipped = []
        for down, shrink in zip(self.down, self.shrink, strict=True):
            x = down(x)
            skipped.append(x)
            x = functional.relu(shrink(functional.max_pool2d(x, 2)))
        x, rest_by_beat = self.beats(self.bottom(x), rolls.metre)
        for join, up in zip(self.join, self.up, strict=True):
            larger = functional.interpolate(x, scale_factor=2)
            x = up(functional.relu(join(torch.cat([larger, skipped.pop()], 1))))
        notes = self.notes(x).permute(0, 2, 1, 3)  # (B, T, V, R)
        rest = rest_by_beat + self.rest(x.mean(3).transpose(1, 2))  # (B, T, V)
        return torch.cat([notes, rest[..., None]], 3).float()


def planes(rolls: Rolls, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return the input image (B, PLANES, T, R), stored channels last."""
    seen = functional.one_hot(rolls.cells, N_CLASSES) * rolls.known[..., None]  # (B, T, V, K)
    notes = seen[..., :ROWS].transpose(2, 3)  # (B, T, R, V)
    flags = [~rolls.known, seen[..., REST], rolls.doubt[:, None, None].expand(*seen.shape[:2], 1)]
    wide = torch.cat([f.to(dtype) for f in flags], 2)[:, :, None].expand(-1, -1, ROWS, -1)
    return torch.cat([notes.to(dtype), wide], 3).permute(0, 3, 1, 2)


def _working_type(weight: Tensor) -> torch.dtype:
    device = weight.device.type
    return torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else weight.dtype


class _Convolution(nn.Module):
    """A 3x3 convolution and batch normalization."""

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.norm: nn.Module = nn.BatchNorm2d(n_out)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv(x))  # type: ignore[no-any-return]


class _Residual(nn.Module):
    """Two convolutions whose outcome is added to their input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _Convolution(channels, channels)
        self.second = _Convolution(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.second(functional.relu(self.first(x))))


class _Beats(nn.Module):
    """The bottom of the U: every beat sees all others.

    Takes the image (B, C, N, R/4), returns it changed and rest logits (B, T, V).
    """

    def __init__(self, config: ArCnnConfig) -> None:
        super().__init__()
        self.shape = (ROWS // STEPS_PER_COLUMN, config.channels[-1])
        self.head_width = config.width // config.heads
        size = self.shape[0] * self.shape[1]
        self.read = nn.Linear(size, config.width)
        self.metre = nn.Embedding(N_METRES, config.width)
        self.layers = nn.ModuleList()
        for _ in range(config.layers):
            self.layers += [_Attention(config), _Neighbors(config)]
        self.norm = nn.LayerNorm(config.width)
        self.write = nn.Linear(config.width, size)
        self.rest = nn.Linear(config.width, N_VOICES * STEPS_PER_COLUMN)
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, metre: Tensor) -> tuple[Tensor, Tensor]:
        b, _, n, _ = x.shape
        z = self.drop(self.read(x.permute(0, 2, 3, 1).reshape(b, n, -1)))  # (B, N, width)
        z = z + self.metre(metre[:, ::STEPS_PER_COLUMN])
        turns = _turns(n, self.head_width, z)
        for layer in self.layers:
            z = layer(z, turns)
        z = self.norm(z)
        change = self.write(z).view(b, n, *self.shape).permute(0, 3, 1, 2)
        return x + change, self.rest(z).view(b, n * STEPS_PER_COLUMN, N_VOICES)


class _Attention(nn.Module):
    """Self-attention over beats with rotary positions (Su et al. 2021)."""

    def __init__(self, config: ArCnnConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.norm = nn.LayerNorm(config.width)
        self.read = nn.Linear(config.width, 3 * config.width)
        self.write = _starts_small(nn.Linear(config.width, config.width))

    def forward(self, x: Tensor, turns: Turns) -> Tensor:
        b, n, width = x.shape
        parts = self.read(self.norm(x)).view(b, n, 3, self.heads, width // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4)  # each (B, heads, N, width / heads)
        scores = _turned(q, turns) @ _turned(k, turns).transpose(2, 3)
        scores = scores * (width // self.heads) ** -0.5
        found = scores.softmax(3).to(v.dtype) @ v  # torch's own attention is slower on so few beats
        return x + self.write(found.transpose(1, 2).reshape(b, n, width))  # type: ignore[no-any-return]


def _turns(n: int, size: int, like: Tensor) -> Turns:
    """Return cosines and sines (n, size / 2) of angles that grow along n, at many speeds."""
    half = size // 2
    speed = 2.0 * 10_000.0 ** (-torch.arange(half, device=like.device) / half)
    angle = torch.arange(n, device=like.device)[:, None] * speed
    return angle.cos().to(like.dtype), angle.sin().to(like.dtype)


def _turned(x: Tensor, turns: Turns) -> Tensor:
    """Return x (B, heads, N, size) with pairs of values turned by their place's angles."""
    cos, sin = (t.to(x.dtype) for t in turns)
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


class _Neighbors(nn.Module):
    """A convolution over three beats."""

    def __init__(self, config: ArCnnConfig) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(config.width)
        self.read = nn.Linear(3 * config.width, config.width)
        self.write = _starts_small(nn.Linear(config.width, config.width))
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, _turns: Turns) -> Tensor:
        n = x.shape[1]
        padded = functional.pad(self.norm(x), (0, 0, 1, 1))
        three = torch.cat([padded[:, i : i + n] for i in range(3)], 2)  # (B, N, 3 width)
        return x + self.drop(self.write(functional.gelu(self.read(three))))  # type: ignore[no-any-return]


def _starts_small(layer: nn.Linear) -> nn.Linear:
    """Return the layer with small weights, so that a deep stack begins near the identity."""
    nn.init.normal_(layer.weight, std=0.01)
    nn.init.zeros_(layer.bias)
    return layer


def folded(model: ArCnn) -> ArCnn:
    """Return a copy for inference: each batch normalization is part of its convolution."""
    copy = ArCnn(model.config)
    copy.load_state_dict(model.state_dict())
    copy.eval()
    for module in copy.modules():
        if isinstance(module, _Convolution) and isinstance(module.norm, nn.BatchNorm2d):
            module.conv = torch.nn.utils.fuse_conv_bn_eval(module.conv, module.norm)
            module.norm = nn.Identity()
    return channels_last(copy)


def channels_last(model: ArCnn) -> ArCnn:
    """Return the network with its weights stored as CPUs and GPUs convolve fastest."""
    return model.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]
