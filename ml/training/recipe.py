"""The optimizer and the schedule that the editor and the extender are trained by."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from ml.training.run import TrainingRun


def adamw(
    decayed: Sequence[Tensor], free: Sequence[Tensor], *, learning_rate: float, weight_decay: float
) -> torch.optim.Optimizer:
    """Return AdamW in which only the weights `decayed` decay."""
    groups = [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": free, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=learning_rate, betas=(0.9, 0.98), fused=True)


def warm_cosine(run: TrainingRun, *, warm_up: int, least: float) -> float:
    """Return the share of the highest learning rate: a warm-up, then half a cosine to `least`.

    `warm_up` counts iterations, of a short run at most a tenth; the cosine spans the run's whole
    budget.
    """
    if run.iterations is not None:
        warm_up = min(warm_up, max(1, run.iterations // 10))
    warm = min(1.0, run.iteration / warm_up)
    cosine = (1 + math.cos(math.pi * run.progress)) / 2
    return warm * (least + (1 - least) * cosine)
