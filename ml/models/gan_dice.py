"""The random numbers of the GAN, drawn apart from the networks so that places can share them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ml.models.gan_grid import CLASSES, N_DRUMS, ROWS, STEPS, TRACKS

Z_EVERY = 8
"""Steps that one column of noise stands for."""


@dataclass(frozen=True, slots=True)
class Heat:
    """What logits are divided by: those of pitches among each other, and what happens at a step.

    Below 1 the likelier is drawn more often, above 1 less often. Two numbers, since cooler pitches
    are purer while a cooler rhythm stops moving. The bass has a number of its own: it moves more.
    """

    pitch: float = 1.0
    rhythm: float = 1.0
    bass: float = 1.0

    def times(self, factor: float) -> Heat:
        """Return all multiplied."""
        return Heat(self.pitch * factor, self.rhythm * factor, self.bass * factor)

    def on(self, logits: Tensor, track: int) -> Tensor:
        """Return the logits (…, C) of the heated distribution of a track; all 1 change nothing."""
        heat = self.pitch if track else self.bass
        logs = logits.log_softmax(dim=-1)
        rows, others = logs[..., :ROWS], logs[..., ROWS:]
        kinds = torch.cat([rows.logsumexp(dim=-1, keepdim=True), others], dim=-1)
        kinds = (kinds / self.rhythm).log_softmax(dim=-1)  # a note, a rest, what was goes on
        pitches = (rows / heat).log_softmax(dim=-1)
        return torch.cat([pitches + kinds[..., :1], kinds[..., 1:]], dim=-1)


AS_TRAINED = Heat()


@dataclass(frozen=True, eq=False)
class Dice:
    """The random numbers of B windows: `z` (B, Z, T/8), Gumbel noise for classes and drums."""

    z: Tensor
    classes: Tensor  # (B, K, T, C)
    drums: Tensor  # (B, 9, T), logistic

    def to(self, device: torch.device) -> Dice:
        """Return the same dice on another device."""
        return Dice(self.z.to(device), self.classes.to(device), self.drums.to(device))

    def part(self, rows: slice) -> Dice:
        """Return those of some windows."""
        return Dice(self.z[rows], self.classes[rows], self.drums[rows])


def throw(z_total: int, n: int, generator: torch.Generator) -> Dice:
    """Return fresh random numbers for `n` windows."""
    z = torch.randn(n, z_total, STEPS // Z_EVERY, generator=generator, device=generator.device)
    classes = gumbel((n, TRACKS, STEPS, CLASSES), generator)
    return Dice(z, classes, logistic((n, N_DRUMS, STEPS), generator))


def gumbel(shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Return Gumbel noise: the highest of logits plus noise is a draw from their softmax."""
    return -torch.log(-torch.log(_uniform(shape, generator)))


def logistic(shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Return logistic noise: a logit plus noise is positive as often as its sigmoid says."""
    u = _uniform(shape, generator)
    return torch.log(u) - torch.log1p(-u)


def _uniform(shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    u = torch.rand(shape, generator=generator, device=generator.device)
    return u.clamp(1e-6, 1 - 1e-6)
