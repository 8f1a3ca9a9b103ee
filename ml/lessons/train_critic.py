"""Trains the lessons' critic: WGAN-GP against the shipped U-Net, whose weights stay as they are.

The critic that trained with the generator is not shipped. This one learns what that one had to
learn, from the same windows: real accompaniments above generated ones, and above real ones of
another melody (`ml.training.gan_steps`). It judges one window at a time, so it has no part that
compares the windows of a batch.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from ml.data.grids import FOLDER, Side, pieces
from ml.lessons import Row, recording
from ml.lessons.critic import phases, planes_of
from ml.models import gan
from ml.models.gan_critic import Eyes
from ml.models.gan_grid import HOLD_CLASS, N_DRUMS, ROWS, SILENT, STEPS, Windows, rolls_exactly
from ml.music.voices import spans
from ml.training.gan_batches import Batch, WindowSampler
from ml.training.gan_figures import drawn_classes, grids_of_windows
from ml.training.gan_steps import GRADIENT_PENALTY, WRONG_WEIGHT

ALGORITHM, STYLE = "unet", "chorale"
WIDTH = 24
BATCH = 32
POOL = 64  # batches of generated windows that are drawn once and used again and again
STEPS_OF_TRAINING = 1000
RATE = 4e-4
N_HELD_OUT = 512
SEED = 1
SEEDS = (1, 2, 3)  # of what the generator plays to Bach's melody

Classes = npt.NDArray[np.int64]


class WindowCritic(nn.Module):
    """Score how real an accompaniment is for its melody; higher is more real, without bounds."""

    def __init__(self, width: int = WIDTH) -> None:
        super().__init__()
        self.eyes = Eyes(width)
        self.out = nn.Linear(4 * width, 1)

    def forward(self, given: Windows, rolls: Tensor) -> Tensor:
        """Return scores (B,) for rolls (B, 2K, T, R); drums are none of its business."""
        silent = rolls.new_zeros(len(rolls), N_DRUMS, STEPS)
        scores: Tensor = self.out(self.eyes(given, rolls, silent).mean(dim=2)).squeeze(1)
        return scores


@dataclass(frozen=True, eq=False)
class _Pair:
    """The melodies of a batch with what was written and what was generated for them."""

    given: Windows
    real: Tensor
    fake: Tensor


def train(*, folder: Path = FOLDER, steps: int = STEPS_OF_TRAINING) -> tuple[
    dict[str, npt.NDArray[np.float16]], dict[str, Any]
]:  # fmt: skip
    """Return the critic's weights by name, and its card: how it was trained, how it tells apart.

    :raises NotPrepared: if `python -m ml data` has not prepared the chorales
    :raises ModelUnavailable: if the generator's weights are missing or damaged
    """
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    began = time.perf_counter()
    pool = _pool("train", POOL, folder=folder, seed=SEED)
    critic = WindowCritic()
    optimizer = torch.optim.Adam(critic.parameters(), RATE, (0.0, 0.9))
    curve, sums = list[dict[str, float]](), list[dict[str, float]]()
    dice = torch.Generator().manual_seed(SEED)
    for step in range(1, steps + 1):
        pair = pool[int(torch.randint(len(pool), (1,), generator=dice))]
        sums.append(_step(critic, optimizer, pair, dice))
        if step % 100 == 0:
            curve.append({"step": step, **_means(sums)})
            sums.clear()
    minutes = (time.perf_counter() - began) / 60
    weights = {name: t.detach().half().numpy() for name, t in critic.state_dict().items()}
    restore(critic, weights)  # what is measured is what is shipped
    card = {
        "command": "python -m ml lessons --critic", "seed": SEED, "steps": steps,
        "minutes": round(minutes, 1), "curve": curve,
        "parameters": sum(p.numel() for p in critic.parameters()),
        "held_out": evaluated(critic, folder=folder), "window": window(),
    }  # fmt: skip
    return weights, card


@torch.no_grad()
def restore(critic: WindowCritic, weights: Mapping[str, npt.NDArray[np.float16]]) -> None:
    """Fill a critic with weights that were stored."""
    for name, tensor in critic.state_dict().items():
        tensor.copy_(torch.from_numpy(weights[name].astype(np.float32)))


def window() -> dict[str, Any]:
    """Return four held-out bars of Bach, and what the generator plays to their melody."""
    rows = [row for row in recording("bach")["rows"] if row[1] < STEPS]
    rows = [
        [voice, start, min(length, STEPS - start), pitch] for voice, start, length, pitch in rows
    ]
    pitches = [row[3] for row in rows]
    base = (min(pitches) + max(pitches) - ROWS + 1) // 2
    batch = _batch_of(rows, base)
    voice = gan.load().generator(ALGORITHM)
    drawn = [
        grids_of_windows(batch, drawn_classes(voice.generator, batch, seed, voice.heat))
        for seed in SEEDS
    ]
    return {
        "base": base, "bach": rows,
        "generated": [_lower_voices(pitch[0], strike[0]) for pitch, strike in drawn],
    }  # fmt: skip


def _batch_of(rows: list[Row], base: int) -> Batch:
    planes = planes_of(rows, base)
    melody = np.where(planes[0].any(axis=1), planes[0].argmax(axis=1), SILENT)
    given = Windows(
        torch.from_numpy(melody)[None], torch.from_numpy(planes[1].any(axis=1))[None],
        torch.from_numpy(phases())[None], torch.zeros(1, dtype=torch.int64),
    )  # fmt: skip
    nothing = torch.zeros(1)
    return Batch(given, nothing, nothing, nothing, nothing, torch.tensor([base]))


def _lower_voices(pitch: Classes, strike: npt.NDArray[np.bool_]) -> list[Row]:
    columns = spans(pitch.astype(np.int16), strike)
    rows = sorted([int(x) for x in row] for row in zip(*columns, strict=True))
    return [row for row in rows if row[0] > 0]


def _pool(side: Side, n: int, *, folder: Path, seed: int) -> list[_Pair]:
    sampler = WindowSampler({STYLE: pieces(STYLE, side, folder=folder)}, seed)
    voice = gan.load().generator(ALGORITHM)
    pairs = []
    for number in range(n):
        batch = sampler.draw(BATCH)
        fake = torch.from_numpy(drawn_classes(voice.generator, batch, seed + number, voice.heat))
        pairs.append(_Pair(batch.given, rolls_exactly(batch.classes), rolls_exactly(fake)))
    return pairs


def _step(
    critic: WindowCritic, optimizer: torch.optim.Optimizer, pair: _Pair, dice: torch.Generator
) -> dict[str, float]:  # fmt: skip
    real, fake = pair.real, pair.fake
    wrong = _of_another_melody(real, dice)
    scores = [critic(pair.given, rolls).mean() for rolls in (real, fake, wrong)]
    against = (scores[1] + WRONG_WEIGHT * scores[2]) / (1 + WRONG_WEIGHT)
    is_fake = (torch.arange(len(real)) % 2 == 0)[:, None, None, None]
    some = slice(0, None, 2) if torch.rand(1, generator=dice) < 0.5 else slice(1, None, 2)
    rival = torch.where(is_fake, fake, wrong)
    penalty = _penalty(critic, pair.given.part(some), real[some], rival[some], dice)
    loss = against - scores[0] + GRADIENT_PENALTY * penalty
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return {
        "loss": loss.item(), "wasserstein": (scores[0] - scores[1]).item(),
        "wrong_melody": (scores[0] - scores[2]).item(), "penalty": penalty.item(),
    }  # fmt: skip


def _of_another_melody(real: Tensor, dice: torch.Generator) -> Tensor:
    """Return real accompaniments that do not belong: of the next window, or late by beats."""
    late = 4 * int(torch.randint(1, 15, (1,), generator=dice))
    is_moved = (torch.arange(len(real)) % 3 == 0)[:, None, None, None]
    return torch.where(is_moved, real.roll(late, 2), real.roll(1, 0))


def _penalty(
    critic: WindowCritic, given: Windows, real: Tensor, rival: Tensor, dice: torch.Generator
) -> Tensor:  # fmt: skip
    share = torch.rand(len(given), 1, 1, 1, generator=dice)
    between = (share * real + (1 - share) * rival).requires_grad_(True)
    (slope,) = torch.autograd.grad(critic(given, between).sum(), between, create_graph=True)
    return ((slope.flatten(1).square().sum(1) + 1e-8).sqrt() - 1).square().mean()


def _means(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(sum(row[name] for row in rows) / len(rows), 4) for name in rows[0]}


@torch.no_grad()
def evaluated(critic: WindowCritic, *, folder: Path = FOLDER) -> dict[str, Any]:
    """Return how held-out windows score, and how surely they score above others.

    `auc` is the chance that a random real window scores higher than a random other one; `same
    melody` the share of melodies whose real accompaniment scores higher than the other one.
    """
    sampler = WindowSampler({STYLE: pieces(STYLE, "test", folder=folder)}, SEED)
    batch = sampler.draw(N_HELD_OUT, transpose=False)
    voice = gan.load().generator(ALGORITHM)
    real = critic(batch.given, rolls_exactly(batch.classes)).numpy()
    found: dict[str, Any] = {"windows": len(real), "real": _spread(real)}
    others = {
        "generated": drawn_classes(voice.generator, batch, SEED, voice.heat),
        **corrupted(batch),
    }
    for name, classes in others.items():
        scores = critic(batch.given, rolls_exactly(torch.from_numpy(classes))).numpy()
        found[name] = {
            **_spread(scores), "auc": _auc(real, scores),
            "same_melody": round(float((real > scores).mean()), 4),
        }  # fmt: skip
    return found


def _spread(scores: npt.NDArray[np.float32]) -> dict[str, float]:
    low, middle, high = np.quantile(scores, [0.1, 0.5, 0.9]).tolist()
    return {"low": round(low, 3), "median": round(middle, 3), "high": round(high, 3)}


def _auc(real: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> float:
    return round(float((real[:, None] > other[None]).mean()), 4)


def corrupted(batch: Batch) -> Mapping[str, Classes]:
    """Return the written accompaniments spoiled in several ways, as classes (B, K, T)."""
    real, dice = batch.classes.numpy(), np.random.default_rng(SEED)
    struck = real < ROWS
    shape = real.shape
    return {
        "moved_5": np.where(struck & (dice.random(shape) < 0.05), _moved(real, dice), real),
        "moved_20": np.where(struck & (dice.random(shape) < 0.20), _moved(real, dice), real),
        "another_melody": np.roll(real, 1, axis=0),
        "two_beats_late": np.roll(real, 8, axis=2),
        "random_notes": np.where(struck, dice.integers(0, ROWS, shape), real),
        "silence": np.full(shape, HOLD_CLASS),
    }  # fmt: skip


def _moved(real: Classes, dice: np.random.Generator) -> Classes:
    """Return every note one to three semitones away."""
    by = dice.choice([-3, -2, -1, 1, 2, 3], real.shape)
    return np.asarray((real + by).clip(0, ROWS - 1))
