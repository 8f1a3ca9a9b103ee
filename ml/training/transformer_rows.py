"""What the extender is trained on: rows of frames cut from pieces of all styles, and its recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ml.models.transformer_frames import Cut, Line, batch, without_strikes
from ml.models.transformer_net import TINY, Frames, TransformerConfig

MIXTURE = {"chorale": 0.50, "madrigal": 0.18, "quartet": 0.12, "dance": 0.12, "arcade": 0.08}
"""Share of the rows' frames by style, until `Recipe.turn`."""
LATE_MIXTURE = {"chorale": 0.60, "madrigal": 0.12, "quartet": 0.10, "dance": 0.10, "arcade": 0.08}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the network is trained."""

    rows: int = 16
    learning_rate: float = 1.2e-3
    least_learning_rate: float = 0.02  # share of the highest
    warm_up: int = 200  # iterations
    weight_decay: float = 0.5
    average: float = 0.995
    strike_weight: float = 0.3
    turn: float = 0.65  # share of the budget after which LATE_MIXTURE holds
    least_part: int = 48  # frames: a row's shorter rest stays empty
    valid_every: int = 100  # iterations


QUICK = Recipe(rows=4, learning_rate=5e-3, warm_up=5, average=0.9, valid_every=10, least_part=8)
SIZES = {"shipped": (TransformerConfig(), Recipe()), "tiny": (TINY, QUICK)}


class Sampler:
    """Draws rows of frames from training lines by style."""

    def __init__(self, lines: Mapping[str, list[Line]], recipe: Recipe, seed: int) -> None:
        self._lines = {style: found for style, found in lines.items() if found}
        self._weights = {
            style: np.array([len(line) for line in found]) / sum(len(line) for line in found)
            for style, found in self._lines.items()
        }
        self._recipe = recipe
        self.random = np.random.default_rng(seed)

    def draw(self, n_frames: int, *, late: bool, device: str) -> Frames:
        """Return a batch of rows of `n_frames`."""
        cuts = [cut for row in range(self._recipe.rows) for cut in self._row(row, n_frames, late)]
        return batch(cuts, self._recipe.rows, n_frames, device)

    def _row(self, row: int, n_frames: int, late: bool) -> list[Cut]:
        cuts, at = [], 0
        while n_frames - at >= self._recipe.least_part:
            line = self._pick(late)
            size = min(len(line), n_frames - at)
            start = self._start(len(line) - size)
            cuts.append(Cut(line, start, size, row, at, self._semitones()))
            at += size
        return cuts

    def _pick(self, late: bool) -> Line:
        mixture = LATE_MIXTURE if late else MIXTURE
        styles = list(self._lines)
        share = np.array([mixture[style] for style in styles])
        style = styles[self.random.choice(len(styles), p=share / share.sum())]
        line = self._lines[style][
            self.random.choice(len(self._lines[style]), p=self._weights[style])
        ]
        return without_strikes(line) if self.random.random() < 0.5 else line

    def _start(self, slack: int) -> int:
        """Return where to cut: anywhere, and at the beginning more often than elsewhere."""
        return int(np.clip(self.random.integers(-slack // 3 - 1, slack + 1), 0, slack))

    def _semitones(self) -> int:
        """Return a transposition of at most seven semitones, small ones oftener."""
        return int(np.clip(round(self.random.normal(0, 3.5)), -7, 7))


class DropoutBank:
    """Dropout from a bank of random masks: drawing fresh ones costs more than the layers do."""

    def __init__(self, share: float, device: str, size: int = 2**24) -> None:
        self._share = share
        kept = torch.rand(size, device=device) >= share
        self._bank = kept.to(torch.bfloat16) / (1 - share)

    def __call__(self, x: Tensor) -> Tensor:
        """Return x with a share of its values dropped and the others raised to match."""
        n = x.numel()
        if n >= len(self._bank):
            return torch.nn.functional.dropout(x, self._share)
        start = int(torch.randint(0, len(self._bank) - n, ()))
        return x * self._bank[start : start + n].view(x.shape).to(x.dtype)
