"""Trains the extender: `python -m ml train transformer --style all --out DIR --minutes 75`.

Rows of frames are filled with pieces (or parts of long ones) of all styles, transposed at random.
Chorales weigh most, and more still towards the end. In half of the pieces the network is not told
which repeated pitches are struck again, so that it can be compared with work on data that does
not say. The weights that are kept are a running average.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ml.data import grids
from ml.models.transformer_net import TINY, Dropout, Frames, Transformer, TransformerConfig
from ml.models.transformer_features import N_TOKENS, STYLES
from ml.models.transformer_frames import Cut, Line, batch, line_of, without_strikes
from ml.models.transformer_likelihood import nats_per_note
from ml.training.run import (
    TrainingRefused,
    TrainingRun,
    choose_device,
    flatten_optimizer,
    restore_optimizer,
)

MIXTURE = {"chorale": 0.50, "madrigal": 0.18, "quartet": 0.12, "dance": 0.12, "arcade": 0.08}
"""Share of the rows' frames by style, until `Recipe.turn`."""
LATE_MIXTURE = {"chorale": 0.66, "madrigal": 0.10, "quartet": 0.10, "dance": 0.07, "arcade": 0.07}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the network is trained."""

    rows: int = 16
    learning_rate: float = 1.2e-3
    least_learning_rate: float = 0.02  # share of the highest
    warm_up: int = 200  # iterations
    weight_decay: float = 0.4
    average: float = 0.998
    strike_weight: float = 0.3
    turn: float = 0.65  # share of the budget after which LATE_MIXTURE holds
    least_part: int = 48  # frames: a row's shorter rest stays empty
    valid_every: int = 200  # iterations


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
        cuts = [
            cut for row in range(self._recipe.rows) for cut in self._row(row, n_frames, late)
        ]
        return batch(cuts, self._recipe.rows, n_frames, device)

    def _row(self, row: int, n_frames: int, late: bool) -> list[Cut]:
        cuts, at = [], 0
        while n_frames - at >= self._recipe.least_part:
            line = self._pick(late)
            size = min(len(line), n_frames - at)
            start = self._start(len(line) - size)
            cuts.append(Cut(line, start, size, row, at, self._semitones(line)))
            at += size
        return cuts

    def _pick(self, late: bool) -> Line:
        mixture = LATE_MIXTURE if late else MIXTURE
        styles = list(self._lines)
        share = np.array([mixture[style] for style in styles])
        style = styles[self.random.choice(len(styles), p=share / share.sum())]
        line = self._lines[style][self.random.choice(len(self._lines[style]), p=self._weights[style])]
        return without_strikes(line) if self.random.random() < 0.5 else line

    def _start(self, slack: int) -> int:
        """Return where to cut: anywhere, and at the beginning more often than elsewhere."""
        return int(np.clip(self.random.integers(-slack // 3 - 1, slack + 1), 0, slack))

    def _semitones(self, line: Line) -> int:
        """Return a transposition that stays near the range of the music, small ones oftener."""
        return int(np.clip(round(self.random.normal(0, 3.5)), -7, 7))


class DropoutBank:
    """Dropout from a bank of random masks: drawing fresh ones costs more than the layers do."""

    def __init__(self, share: float, device: str, size: int = 2**24) -> None:
        kept = torch.rand(size, device=device) >= share
        self._bank = kept.to(torch.bfloat16) / (1 - share)

    def __call__(self, x: Tensor) -> Tensor:
        """Return x with a share of its values dropped and the others raised to match."""
        n = x.numel()
        if n >= len(self._bank):
            return torch.nn.functional.dropout(x, 0.1)
        start = int(torch.randint(0, len(self._bank) - n, ()))
        return x * self._bank[start : start + n].view(x.shape).to(x.dtype)


def train(
    *, style: str, data: Path | None, out: Path, iterations: int | None, minutes: float | None,
    seed: int, resume: bool, device: str, as_json: bool, size: str = "shipped",
) -> dict[str, Any]:  # fmt: skip
    """Train an extender into the folder `out` and return its card.

    :param style: one style, or `all` for the shipped mixture
    :param data: a folder of MIDI files to train on instead of the prepared corpora, or None
    :param size: `shipped`, or `tiny` for a network that learns in seconds
    :raises TrainingRefused: if there is nothing to train on or the run cannot start
    """
    config, recipe = SIZES[size]
    lines = _lines(style, data)
    where = choose_device(device)
    settings = {"style": style, "size": size, "config": config.as_dict(), "recipe": asdict(recipe)}
    run = TrainingRun(
        out, "transformer", settings=settings, seed=seed, device=where, iterations=iterations,
        minutes=minutes, resume=resume, as_json=as_json,
    )  # fmt: skip
    with run:
        return _Loop(run, lines, config, recipe, where).go(_command(style, data, minutes))


def _command(style: str, data: Path | None, minutes: float | None) -> str:
    source = f"--data {data.name}" if data else f"--style {style}"
    budget = f" --minutes {minutes:g}" if minutes else ""
    return f"python -m ml train transformer {source} --out DIR{budget}"


def _lines(style: str, data: Path | None) -> dict[str, dict[str, list[Line]]]:
    """Return lines by side, then by style."""
    sides: dict[str, dict[str, list[Line]]] = {"train": {}, "valid": {}}
    wanted = STYLES if style == "all" else (style,)
    for side in sides:
        for name in wanted:
            sides[side][name] = [_laid_out(p) for p in _pieces(name, side, data)]
    if not any(sides["train"].values()):
        raise TrainingRefused("There is no music to train on.")
    return sides


def _pieces(style: str, side: Any, data: Path | None) -> list[grids.GridPiece]:
    if data is not None:
        return [p for s, p in grids.from_folder(data, style=style) if s == side]
    try:
        return grids.pieces(style, side)
    except grids.NotPrepared as error:
        raise TrainingRefused(str(error)) from None


def _laid_out(piece: grids.GridPiece) -> Line:
    return line_of(piece.pitch, piece.strike, piece.position, piece.bar_steps, piece.style)


class _Loop:
    """The state of one training run."""

    def __init__(
        self, run: TrainingRun, lines: dict[str, dict[str, list[Line]]],
        config: TransformerConfig, recipe: Recipe, device: str,
    ) -> None:  # fmt: skip
        torch.manual_seed(run.seed)
        self.run, self.recipe, self.device, self.config = run, recipe, device, config
        self.model = Transformer(config).to(device)
        self.averaged = {n: p.detach().clone() for n, p in self.model.named_parameters()}
        self.best, self.least = self.averaged, math.inf
        self.optimizer = _optimizer(self.model, recipe)
        self.valid = {s: [without_strikes(line) for line in v] for s, v in lines["valid"].items()}
        self._restore()
        self.sampler = Sampler(lines["train"], recipe, run.seed + 1000 * run.iteration)
        self.drop: Dropout = DropoutBank(config.dropout, device, 2**24 if recipe.rows > 4 else 2**16)

    def go(self, command: str) -> dict[str, Any]:
        losses = list[float]()
        while self.run.goes_on():
            losses.append(self._step())
            self.run.log(loss=losses[-1])
            if self.run.iteration % self.recipe.valid_every == 0:
                self._measure(float(np.mean(losses)))
                losses.clear()
            self.run.checkpoint(self._tensors, {"least": self.least})
        self._measure(float(np.mean(losses)) if losses else math.nan)
        self.run.checkpoint(self._tensors, {"least": self.least}, now=True)
        card = {"config": self.config.as_dict(), "command": command}
        return self.run.finish("transformer", self.best, technique="extend", card=card)

    def _step(self) -> float:
        rate = self.recipe.learning_rate * _schedule(self.run, self.recipe)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        late = self.run.progress >= self.recipe.turn
        frames = self.sampler.draw(self.config.context, late=late, device=self.device)
        losses = self.model.losses(frames, torch.bfloat16, self.drop)
        counts = (frames.piece > 0)[..., None].float()
        n_cells = counts.sum() * 4
        cells = (losses.cells * counts).sum() / n_cells
        strikes = (losses.strikes * counts).sum() / n_cells
        (cells + self.recipe.strike_weight * strikes).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self._average()
        return float(cells.detach())

    @torch.no_grad()
    def _average(self) -> None:
        keep = min(self.recipe.average, 1 - 1 / (self.run.iteration / 10 + 1))
        for name, parameter in self.model.named_parameters():
            self.averaged[name].lerp_(parameter, 1 - keep)

    def _measure(self, train_loss: float) -> None:
        """Add a point to the curve: the averaged weights' nats per note on the valid pieces."""
        averaged = Transformer(self.config).to(self.device).eval()
        averaged.load_state_dict(self.averaged, strict=False)
        point = {"train": train_loss}
        for style, found in self.valid.items():
            frequent = style == "chorale" or self.run.iteration % (4 * self.recipe.valid_every) == 0
            if found and frequent:
                point[f"valid_{style}"] = nats_per_note(averaged, found[:70])
        self.run.curve_point(**point)
        reached = next((v for name, v in point.items() if name.startswith("valid_")), 0.0)
        if reached < self.least or not math.isfinite(self.least):
            self.best = {n: t.clone() for n, t in self.averaged.items()}
            self.least = reached

    def _tensors(self) -> dict[str, Tensor]:
        weights = {f"model.{n}": p for n, p in self.model.named_parameters()}
        averaged = {f"averaged.{n}": p for n, p in self.averaged.items()}
        best = {f"best.{n}": p for n, p in self.best.items()}
        return {**weights, **averaged, **best, **flatten_optimizer(self.optimizer)}

    def _restore(self) -> None:
        restored = self.run.restored()
        if restored is None:
            return
        tensors, state = restored
        self.least = state.get("least", math.inf)
        self.best = {n: tensors[f"best.{n}"] for n in self.averaged}
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                parameter.copy_(tensors[f"model.{name}"])
                self.averaged[name].copy_(tensors[f"averaged.{name}"])
        restore_optimizer(self.optimizer, tensors)


def _optimizer(model: Transformer, recipe: Recipe) -> torch.optim.Optimizer:
    """Return AdamW; matrices of linear maps decay, tables and gains do not."""
    decayed, free = [], []
    for name, parameter in model.named_parameters():
        is_map = parameter.ndim == 2 and "table" not in name and "decided" not in name
        (decayed if is_map else free).append(parameter)
    groups = [
        {"params": decayed, "weight_decay": recipe.weight_decay},
        {"params": free, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=recipe.learning_rate, betas=(0.9, 0.98), fused=True)


def _schedule(run: TrainingRun, recipe: Recipe) -> float:
    """Return the share of the highest learning rate: a warm-up, then half a cosine."""
    warm = min(1.0, run.iteration / recipe.warm_up)
    cosine = (1 + math.cos(math.pi * run.progress)) / 2
    return warm * (recipe.least_learning_rate + (1 - recipe.least_learning_rate) * cosine)


__all__ = ["N_TOKENS", "QUICK", "SIZES", "Recipe", "Sampler", "replace", "train"]
