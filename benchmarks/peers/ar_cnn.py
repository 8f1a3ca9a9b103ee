"""The AR-CNN: a U-Net over eight bars of merged voices, one cell flipped per pass."""

from __future__ import annotations

import torch
from torch import Tensor, nn

SIDE = 128  # steps and pitches
_FILTERS = (32, 64, 128, 256, 512)
_BOTTOM = 1024
TRAINABLE = 31_448_833


def _twice(inward: int, outward: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inward, outward, 3, padding=1), nn.ReLU(),
        nn.Conv2d(outward, outward, 3, padding=1), nn.ReLU(),
    )  # fmt: skip


class UNet(nn.Module):
    """Five levels down to 1,024 channels and up again, batch norm at four levels each way."""

    def __init__(self) -> None:
        super().__init__()
        inward = (1, *_FILTERS[:-1])
        self.down = nn.ModuleList(_twice(i, o) for i, o in zip(inward, _FILTERS, strict=True))
        self.pool_norms = nn.ModuleList(
            [*(nn.BatchNorm2d(f) for f in _FILTERS[:-1]), nn.Identity()]
        )
        self.bottom = _twice(_FILTERS[-1], _BOTTOM)
        below = (_BOTTOM, *reversed(_FILTERS[1:]))
        levels = list(zip(below, reversed(_FILTERS), strict=True))
        self.up_norms = nn.ModuleList(
            [*(nn.BatchNorm2d(i + o) for i, o in levels[:-1]), nn.Identity()]
        )
        self.up = nn.ModuleList(_twice(i + o, o) for i, o in levels)
        self.pool = nn.MaxPool2d(2)
        self.rise = nn.Upsample(scale_factor=2)
        self.out = nn.Conv2d(_FILTERS[0], 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return a logit for each cell: (B, 1, 128, 128) in and out."""
        kept = []
        for convolve, norm in zip(self.down, self.pool_norms, strict=True):
            x = convolve(x)
            kept.append(x)
            x = norm(self.pool(x))
        x = self.bottom(x)
        for convolve, norm, skip in zip(self.up, self.up_norms, reversed(kept), strict=True):
            x = convolve(norm(torch.cat([self.rise(x), skip], dim=1)))
        found: Tensor = self.out(x)
        return found


@torch.inference_mode()
def edit(net: UNet, *, iterations: int) -> Tensor:
    """Return a roll of eight bars after `iterations` flips of one sampled cell."""
    roll = (torch.rand(1, 1, SIDE, SIDE) < 0.02).float()
    for _ in range(iterations):
        chances = net(roll).flatten().softmax(dim=0)
        cell = torch.multinomial(chances, 1)
        roll.view(-1)[cell] = 1 - roll.view(-1)[cell]
    return roll
