"""The networks that only training needs: the critic, and the encoder that reads an idea.

The critic scores a melody and its accompaniment together. It has three ways of looking: at the
rolls in time and pitch, at pitch classes (as MuseGAN's critic does), and at drums; and it
compares the windows of a batch (Karras et al. 2018) so that a generator that repeats itself is
seen. The encoder gives the noise that would explain a real accompaniment (Zhu et al. 2017,
BicycleGAN), with which the auxiliary cross-entropy is measured.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from ml.models.gan_grid import N_DRUMS, PHASES, ROWS, STEPS, STYLES, TRACKS, Windows

_PLANES = 2 + 2 * TRACKS


class Eyes(nn.Module):
    """Features (B, W, T/8) of a melody with its accompaniment."""

    def __init__(self, width: int) -> None:
        super().__init__()
        w = width
        self.rolls = nn.ModuleList([
            nn.Conv2d(_PLANES, w, 4, 2, 1), nn.Conv2d(w, 2 * w, 4, 2, 1),
            nn.Conv2d(2 * w, 4 * w, 4, 2, 1),
        ])  # fmt: skip
        self.columns = nn.Conv1d(4 * w * (ROWS // 8), 4 * w, 1)
        self.chroma = nn.ModuleList([
            nn.Conv2d(_PLANES, w, (1, 12)), nn.Conv2d(w, 2 * w, (4, 1), (4, 1)),
            nn.Conv2d(2 * w, 2 * w, (2, 1), (2, 1)),
        ])  # fmt: skip
        self.steps = nn.ModuleList([
            nn.Conv1d(N_DRUMS + PHASES + len(STYLES), w, 4, 4), nn.Conv1d(w, 2 * w, 2, 2)
        ])  # fmt: skip
        self.join = nn.Conv1d(8 * w, 4 * w, 3, padding=1)

    def forward(self, given: Windows, rolls: Tensor, drums: Tensor) -> Tensor:
        """Return (B, 4W, T/8) for rolls (B, 2K, T, R) and drums (B, 9, T)."""
        planes = torch.cat([given.planes(), rolls], dim=1)
        h = planes.contiguous(memory_format=torch.channels_last)
        for conv in self.rolls:
            h = F.leaky_relu(conv(h), 0.2)
        rolls = self.columns(h.transpose(2, 3).flatten(1, 2))  # (B, 4W, T/8)
        both = torch.cat([rolls, self._chroma(planes), self._steps(given, drums)], dim=1)
        return F.leaky_relu(self.join(F.leaky_relu(both, 0.2)), 0.2)

    def _chroma(self, planes: Tensor) -> Tensor:
        octaves = planes.view(*planes.shape[:3], ROWS // 12, 12)
        folded = octaves.sum(dim=3)  # (B, P, T, 12)
        around = torch.cat([folded, folded[..., :11]], dim=3)  # pitch classes are a circle
        h = F.leaky_relu(self.chroma[0](around), 0.2)
        for conv in list(self.chroma)[1:]:
            h = F.leaky_relu(conv(h), 0.2)
        return h.mean(dim=3)  # (B, 2W, T/8)

    def _steps(self, given: Windows, drums: Tensor) -> Tensor:
        style = F.one_hot(given.style, len(STYLES)).float()[..., None].expand(-1, -1, STEPS)
        h = torch.cat([drums, given.phase, style], dim=1)
        for conv in self.steps:
            h = F.leaky_relu(conv(h), 0.2)
        return h  # (B, 2W, T/8)


class Critic(nn.Module):
    """Score how real an accompaniment is for its melody; higher is more real, without bounds."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.eyes = Eyes(width)
        self.mix = nn.Conv1d(4 * width + 1, 4 * width, 3, padding=1)
        self.out = nn.Linear(4 * width, 1)

    def forward(self, given: Windows, rolls: Tensor, drums: Tensor) -> Tensor:
        """Return scores (B,) for rolls (B, 2K, T, R) and drums (B, 9, T)."""
        h = self.eyes(given, rolls, drums)
        spread = torch.sqrt(h.var(dim=0, unbiased=False) + 1e-6).mean()
        h = torch.cat([h, spread.expand(len(h), 1, h.shape[2])], dim=1)
        h = F.leaky_relu(self.mix(h), 0.2)
        scores: Tensor = self.out(h.mean(dim=2)).squeeze(1)
        return scores


class Encoder(nn.Module):
    """State which noise explains a real accompaniment: mean and log variance."""

    def __init__(self, width: int, z_total: int) -> None:
        super().__init__()
        self.eyes = Eyes(width)
        self.out = nn.Conv1d(4 * width, 2 * z_total, 3, padding=1)

    def forward(self, given: Windows, rolls: Tensor, drums: Tensor) -> tuple[Tensor, Tensor]:
        """Return two tensors (B, Z, T/8); log variances are kept within -6 and 2."""
        mean, log_variance = self.out(self.eyes(given, rolls, drums)).chunk(2, dim=1)
        return mean, log_variance.clamp(-6.0, 2.0)
