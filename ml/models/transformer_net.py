"""The extender's network: a causal Transformer over frames, and a head that goes voice by voice.

One position stands for one frame (a 16th note of four voices), so that a piece is four times
shorter than cell by cell. The head then states p(S) p(A | S) p(T | S, A) p(B | S, A, T), so the
product over all cells is an exact likelihood. Shapes: B sequences, T frames, C channels, H heads.

References: Vaswani et al. 2017 (attention); Su et al. 2021 (rotary positions); Huang et al. 2018
(Music Transformer: distances matter in music); So et al. 2021 (squared ReLU).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - the name that PyTorch's own documentation uses
from torch import Tensor, nn

from ml.models.transformer_features import (
    N_VOICES,
    TABLE_ROWS,
    History,
    feature_voices,
    frame_features,
)
from ml.models.transformer_head import Dropout, VoiceHead
from ml.models.transformer_layers import Linear, Norm, Table


@dataclass(frozen=True, slots=True)
class TransformerConfig:
    """Sizes of the network; the defaults are the shipped model's, 4.9 million weights."""

    width: int = 256
    n_layers: int = 5
    n_heads: int = 4
    head_width: int = 192
    context: int = 256  # frames that a frame is trained to look back on
    dropout: float = 0.4
    feature_dropout: float = 0.15
    cell_dropout: float = 0.15  # all that is read of a cell
    frame_dropout: float = 0.2  # frames that no other frame may look back on

    def as_dict(self) -> dict[str, Any]:
        """Return the sizes as JSON values."""
        return asdict(self)


TINY = TransformerConfig(width=32, n_layers=2, n_heads=2, head_width=24, context=64)
"""A network for tests: it learns something in seconds."""


@dataclass(frozen=True, eq=False)
class Frames:
    """A batch of frames: what came before each, its metre and style, and what it is.

    `cells` (B, T, 4) are the tokens to predict, `struck` (B, T, 4) whether they are struck,
    `position`, `bar_steps`, `style` (B, T); `piece` (B, T) numbers the pieces in a row, since a
    frame looks back on its own piece only; 0 is padding.
    """

    history: History
    position: Tensor
    bar_steps: Tensor
    style: Tensor
    cells: Tensor
    struck: Tensor
    piece: Tensor


def rotary_angles(config: TransformerConfig, positions: Tensor) -> tuple[Tensor, Tensor]:
    """Return cosines and sines of shape (..., channels of a head / 2) for positions (...)."""
    half = config.width // config.n_heads // 2
    speed = 10_000.0 ** (-torch.arange(half, device=positions.device) / half)
    angle = positions[..., None].float() * speed
    return angle.cos(), angle.sin()


def rotated(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn pairs of channels (i, i + half) by the angles of their position."""
    left, right = x.chunk(2, dim=-1)
    return torch.cat([left * cos - right * sin, right * cos + left * sin], dim=-1)


class Block(nn.Module):
    """Attention over the frames before, then a position-wise network; both add to the stream."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        width = config.width
        self.n_heads = config.n_heads
        self.norm_attention = Norm(width)
        self.qkv = Linear(width, 3 * width)
        self.out = Linear(width, width)
        self.norm_mlp = Norm(width)
        self.up = Linear(width, 4 * width)
        self.down = Linear(4 * width, width)

    def forward(
        self, x: Tensor, angles: tuple[Tensor, Tensor], bias: Tensor, dtype: torch.dtype,
        drop: Dropout, seen: list[tuple[Tensor, Tensor]] | None = None,
    ) -> Tensor:  # fmt: skip
        """Return the stream (B, T, C); `bias` (B, 1, T, T) forbids what may not be seen.

        Keys and values (B, H, T, C / H) are added to `seen`, for a cache.
        """
        x = x + drop(self._attend(self.norm_attention(x, dtype), angles, bias, seen).float())
        hidden = F.relu(self.up(self.norm_mlp(x, dtype))).square()
        return x + drop(self.down(hidden).float())

    def _attend(
        self, x: Tensor, angles: tuple[Tensor, Tensor], bias: Tensor,
        seen: list[tuple[Tensor, Tensor]] | None,
    ) -> Tensor:  # fmt: skip
        n_rows, n_frames, width = x.shape
        q, k, v = (
            part.view(n_rows, n_frames, self.n_heads, -1).transpose(1, 2)  # (B, H, T, C / H)
            for part in self.qkv(x).chunk(3, dim=-1)
        )
        cos, sin = (a.to(x.dtype) for a in angles)
        q, k = rotated(q, cos, sin), rotated(k, cos, sin)
        if seen is not None:
            seen.append((k, v))
        # Written out: on the CPUs measured its gradient costs less than half of the fused one's.
        scores = torch.matmul(q * q.shape[-1] ** -0.5, k.transpose(-1, -2)) + bias
        mixed = torch.matmul(scores.softmax(dim=-1), v)
        found: Tensor = self.out(mixed.transpose(1, 2).reshape(n_rows, n_frames, width))
        return found


@dataclass(frozen=True, eq=False)
class Losses:
    """Negative log-likelihoods in nats, each (B, T, 4); `strikes` is 0 where nothing repeats.

    `right` tells where the likeliest token is the one that is there.
    """

    cells: Tensor
    strikes: Tensor
    right: Tensor


class Transformer(nn.Module):
    """The extender's network."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        self.table = Table(TABLE_ROWS, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.n_layers))
        self.norm = Norm(config.width)
        self.head = VoiceHead(config.width, config.head_width)
        self._start()

    def _start(self) -> None:
        """Begin with branches that add nothing and with even odds for every cell."""
        for block in self.blocks:
            nn.init.zeros_(block.out.weight)  # type: ignore[union-attr,arg-type]
            nn.init.zeros_(block.down.weight)  # type: ignore[union-attr,arg-type]
        nn.init.zeros_(self.head.logits.weight)
        nn.init.zeros_(self.head.strike_out.weight)

    def trunk(
        self, frames: Frames, dtype: torch.dtype, drop: Dropout | None = None,
        seen: list[tuple[Tensor, Tensor]] | None = None,
    ) -> Tensor:  # fmt: skip
        """Return what the frames before say about each frame, (B, T, C) in `dtype`.

        Every block adds its keys and values to `seen`, for a cache.
        """
        keep_all = drop or nn.Identity()
        n_rows, n_frames = frames.piece.shape
        rows = frame_features(frames.history, frames.position, frames.bar_steps, frames.style)
        flat = rows.view(n_rows * n_frames, -1)
        keep = _kept_features(flat, self.config) if drop else None
        x = self.table(flat, dtype, keep).float().view(n_rows, n_frames, -1)
        angles = rotary_angles(self.config, torch.arange(n_frames, device=x.device))
        hidden = self.config.frame_dropout if drop else 0.0
        bias = _look_back_bias(frames.piece, self.config.context, hidden).to(dtype)
        for block in self.blocks:
            x = block(x, angles, bias, dtype, keep_all, seen)
        return self.norm(x, dtype)  # type: ignore[no-any-return]

    def losses(
        self, frames: Frames, dtype: torch.dtype = torch.float32, drop: Dropout | None = None
    ) -> Losses:
        """Return the nats of every cell and every repeated pitch's strike; padding included."""
        h = self.trunk(frames, dtype, drop).flatten(0, 1)
        cells, last, struck = (
            x.flatten(0, 1) for x in (frames.cells, frames.history.last, frames.struck)
        )
        logits = self.head.cell_logits(h, cells, last, drop or nn.Identity())
        nats = F.cross_entropy(logits.flatten(0, 1), cells.T.flatten(), reduction="none")
        repeats = (cells == last) & (cells > 0)
        again = F.binary_cross_entropy_with_logits(
            self.head.strike_logits(h, cells, last, struck & repeats), struck.float(),
            reduction="none",
        )  # fmt: skip
        shape = (*frames.piece.shape, N_VOICES)
        right = cells == logits.detach().argmax(dim=-1).T
        return Losses(
            nats.view(N_VOICES, -1).T.reshape(shape), (again * repeats).view(shape),
            right.view(shape),
        )  # fmt: skip


def _kept_features(rows: Tensor, config: TransformerConfig) -> Tensor:
    """Return weights (N, K) for features: most 1 and more, some 0, some cells 0 as a whole."""
    device, n_features = rows.device, rows.shape[1]
    keep = (torch.rand(rows.shape, device=device) >= config.feature_dropout).float()
    cells = (torch.rand(len(rows), N_VOICES + 1, device=device) >= config.cell_dropout).float()
    cells[:, N_VOICES] = 1.0  # the metre and the style belong to no voice
    first, second = (c.to(device) for c in feature_voices(n_features))
    return keep * cells[:, first] * cells[:, second] / (1 - config.feature_dropout)


def _look_back_bias(piece: Tensor, context: int, hidden: float) -> Tensor:
    """Return (B, 1, T, T): 0 where frame t may look at frame s, a large negative elsewhere.

    A share of the frames, `hidden`, is seen by none but itself.
    """
    at = torch.arange(piece.shape[1], device=piece.device)
    near = (at[:, None] >= at) & (at[:, None] - at < context)
    same = piece[:, :, None] == piece[:, None, :]
    shown = torch.rand(piece.shape, device=piece.device)[:, None] >= hidden
    return torch.where(same & near & (shown | (at[:, None] == at)), 0.0, -1e4)[:, None]


__all__ = ["TINY", "Block", "Dropout", "Frames", "Losses", "Transformer", "TransformerConfig"]
