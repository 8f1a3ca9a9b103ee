"""The U-Net GAN: two bars of melody in, two bars of four tracks out, as 128-row piano rolls."""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn

BARS = 2
STEPS = 32
NOISE = (512, 2, 8)
_FILTERS = (64, 128, 256, 512)
TRAINABLE = 8_270_852
CRITIC_TRAINABLE = 2_766_785


def _down(inward: int, outward: int, *, norm: bool) -> nn.Sequential:
    layers: list[nn.Module] = [
        nn.Conv2d(inward, outward, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
    ]
    if norm:
        layers.append(nn.BatchNorm2d(outward, eps=1e-3, momentum=0.2))
    return nn.Sequential(*layers)


def _up(inward: int, outward: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Upsample(scale_factor=2), nn.ZeroPad2d((1, 2, 1, 2)), nn.Conv2d(inward, outward, 4),
        nn.BatchNorm2d(outward, eps=1e-3, momentum=0.2), nn.ReLU(),
    )  # fmt: skip


class Generator(nn.Module):
    """Four strided convolutions down, noise at the bottom, four up with skips."""

    def __init__(self) -> None:
        super().__init__()
        one, two, three, four = _FILTERS
        self.down = nn.ModuleList(
            [_down(1, one, norm=False), _down(one, two, norm=True),
             _down(two, three, norm=True), _down(three, four, norm=True)]
        )  # fmt: skip
        self.up = nn.ModuleList([_up(2 * four, three), _up(2 * three, two), _up(2 * two, one)])
        self.out = nn.Sequential(
            nn.Upsample(scale_factor=2), nn.ZeroPad2d((1, 2, 1, 2)), nn.Conv2d(2 * one, 4, 4),
            nn.Tanh(),
        )  # fmt: skip

    def forward(self, melody: Tensor, noise: Tensor) -> Tensor:
        """Return four tracks (B, 4, 32, 128) in -1..1 from a melody (B, 1, 32, 128) and noise."""
        kept, x = [], melody
        for layer in self.down:
            x = layer(x)
            kept.append(x)
        x = torch.cat([x, noise], dim=1)  # (B, 1024, 2, 8)
        for layer, skip in zip(self.up, reversed(kept[:-1]), strict=True):
            x = torch.cat([layer(x), skip], dim=1)
        found: Tensor = self.out(x)
        return found


class Critic(nn.Module):
    """Four strided convolutions over melody and tracks, then one number."""

    def __init__(self) -> None:
        super().__init__()
        sizes = (5, *_FILTERS)
        self.look = nn.Sequential(
            *(_down(i, o, norm=False) for i, o in itertools.pairwise(sizes)),
            nn.Flatten(), nn.Linear(512 * 2 * 8, 1),
        )  # fmt: skip

    def forward(self, tracks: Tensor, melody: Tensor) -> Tensor:
        """Return the criticism (B, 1) of tracks (B, 4, 32, 128) under a melody (B, 1, 32, 128)."""
        found: Tensor = self.look(torch.cat([tracks, melody], dim=1))
        return found


@torch.inference_mode()
def accompany(generator: Generator, *, bars: int) -> Tensor:
    """Return `bars` bars of four tracks, two bars a pass as the notebook does."""
    parts = [
        generator(-torch.ones(1, 1, STEPS, 128), torch.randn(1, *NOISE))
        for _ in range(0, bars, BARS)
    ]
    return torch.cat(parts, dim=2)
