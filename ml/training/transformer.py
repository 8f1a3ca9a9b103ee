"""Trains the extender: `python -m ml train transformer --style all --out DIR --minutes 75`.

Rows of frames are filled with pieces (or parts of long ones) of all styles, transposed at random.
Chorales weigh most, and more still towards the end. In half of the pieces the network is not told
which repeated pitches are struck again, so that it can be compared with work on data that does
not say. The weights that are kept are a running average.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from ml.data import grids
from ml.data.grids import FOLDER
from ml.data.own import NoUsableMusic, from_folder, split_name
from ml.models.transformer_features import STYLES
from ml.models.transformer_frames import Line, line_of, without_strikes
from ml.models.transformer_likelihood import nats_per_note
from ml.models.transformer_net import Dropout, Transformer, TransformerConfig
from ml.training.card import command_of
from ml.training.checkpoint import (
    flatten_optimizer,
    numpy_state,
    restore_optimizer,
    restore_torch_states,
)
from ml.training.presets import is_sampled
from ml.training.recipe import adamw, warm_cosine
from ml.training.run import CHECKPOINT_EVERY, TrainingRefused, TrainingRun, choose_device
from ml.training.samples import Samples
from ml.training.song_samples import HALF, extended, given, shown_pieces
from ml.training.start import begin_from, hash_of
from ml.training.transformer_card import about
from ml.training.transformer_rows import SIZES, DropoutBank, Recipe, Sampler
from ml.training.watch import Watch

_MEASURED = 70  # pieces of a style in a point of the curve

Sides = dict[Literal["train", "valid"], dict[str, list[grids.GridPiece]]]
"""Pieces by side, then by style."""


def train(
    *, style: str, data: Path | None, out: Path, iterations: int | None, minutes: float | None,
    seed: int, resume: bool, device: str, as_json: bool, size: str = "shipped",
    weights: Path | None = None, learning_rate: float | None = None,
    points_every: int | None = None, prepared: Path = FOLDER, watch: Watch | None = None,
    checkpoint_every: float = CHECKPOINT_EVERY,
) -> dict[str, Any] | None:  # fmt: skip
    """Train an extender into the folder `out` and return its card, None if `watch` paused the run.

    :param style: one style, or `all` for the shipped mixture
    :param data: a folder of MIDI files to train on instead of the prepared corpora, or None
    :param size: `shipped`, or `tiny` for a network that learns in seconds
    :param weights: a file of weights to begin from, or None to begin from random ones
    :param learning_rate: the highest, instead of the recipe's
    :param points_every: iterations from one point of the curves to the next
    :param prepared: the folder of the prepared corpora
    :raises TrainingRefused: if there is nothing to train on or the run cannot start
    """
    config, recipe = SIZES[size]
    recipe = replace(
        recipe, learning_rate=learning_rate or recipe.learning_rate,
        valid_every=points_every or recipe.valid_every,
    )  # fmt: skip
    pieces = _pieces(style, data, prepared)
    where = choose_device(device)
    settings = {
        "style": style, "size": size, "config": config.as_dict(), "recipe": asdict(recipe),
        "weights": hash_of(weights), "data": split_name(data) if data else None,
    }  # fmt: skip
    run = TrainingRun(
        out, "transformer", settings=settings, seed=seed, device=where, iterations=iterations,
        minutes=minutes, resume=resume, as_json=as_json, watch=watch,
        checkpoint_every=checkpoint_every,
    )  # fmt: skip
    with run:
        loop = _Loop(run, pieces, config, recipe, where, weights)
        n_train = sum(len(found) for found in pieces["train"].values())
        card = about(list(pieces["train"]), data, n_train, folder=prepared)
        card["command"] = command_of(
            "transformer", style, data, iterations=iterations, minutes=minutes, seed=seed,
            weights=weights, learning_rate=learning_rate, size=size,
            points_every=points_every,
        )  # fmt: skip
        return loop.go(card)


def _pieces(style: str, data: Path | None, prepared: Path) -> Sides:
    """Return pieces by side, then by style; a folder's music takes the place of one style."""
    sides = _own(style, data) if data else _prepared(style, prepared)
    if not any(sides["train"].values()):
        raise TrainingRefused("There is no music to train on.")
    return sides


def _prepared(style: str, folder: Path) -> Sides:
    wanted = grids.prepared_of(STYLES, folder=folder) if style == "all" else (style,)
    try:
        return {
            side: {name: grids.pieces(name, side, folder=folder) for name in wanted}
            for side in ("train", "valid")
        }  # fmt: skip
    except grids.NotPrepared as error:
        raise TrainingRefused(str(error)) from None


def _own(style: str, data: Path) -> Sides:
    name = STYLES[0] if style == "all" else style
    try:
        found = from_folder(data, style=name)
    except NoUsableMusic as error:
        raise TrainingRefused(str(error)) from None
    return {"train": {name: found.train}, "valid": {name: found.valid}}


def _laid_out(piece: grids.GridPiece) -> Line:
    return line_of(piece.pitch, piece.strike, piece.position, piece.bar_steps, piece.style)


class _Loop:
    """The state of one training run."""

    def __init__(
        self, run: TrainingRun, pieces: Sides,
        config: TransformerConfig, recipe: Recipe, device: str, weights: Path | None,
    ) -> None:  # fmt: skip
        torch.manual_seed(run.seed)
        self.run, self.recipe, self.device, self.config = run, recipe, device, config
        self.model = Transformer(config).to(device)
        if weights:
            begin_from(weights, self.model)
        self.averaged = {n: p.detach().clone() for n, p in self.model.named_parameters()}
        self.best, self.least = {n: t.clone() for n, t in self.averaged.items()}, math.inf
        self.optimizer = _optimizer(self.model, recipe)
        lines = {
            side: {style: [_laid_out(p) for p in found] for style, found in by_style.items()}
            for side, by_style in pieces.items()
        }
        self.valid = {s: [without_strikes(line) for line in v] for s, v in lines["valid"].items()}
        self.samples = Samples(run.out / "transformer.samples.json")
        self.style, valid = next(iter(pieces["valid"].items()))
        self.openings = given(shown_pieces(valid), steps=HALF, voices=4)
        self.sampler = Sampler(lines["train"], recipe, run.seed)
        self.drop: Dropout = DropoutBank(
            config.dropout, device, 2**24 if recipe.rows > 4 else 2**16
        )
        self.losses = list[float]()
        if (restored := run.restored()) is not None:
            self._restore(*restored)

    def go(self, card: dict[str, Any]) -> dict[str, Any] | None:
        """Train until the run ends and return the finished card, None if it is paused."""
        if not self.samples.seen:
            self._sample()
        while self.run.goes_on():
            self.losses.append(self._step())
            self.run.log(loss=self.losses[-1])
            if self.run.iteration % self.recipe.valid_every == 0:
                self._measure()
            if is_sampled(self.run.iteration):
                self._sample()
            self.run.checkpoint(self._tensors, self._state)
        self.run.checkpoint(self._tensors, self._state, now=True)
        if self.run.paused:
            return None
        self._close()
        whole = {
            **card, "config": self.config.as_dict(), "samples_file": self.samples.file.name
        }  # fmt: skip
        return self.run.finish("transformer", self.best, technique="extend", card=whole)

    def _close(self) -> None:
        """Add the last point and sample; a run that was stopped goes on as if nothing had been."""
        if not self.run.has_point:
            self._measure()
        if not self.samples.has(self.run.iteration):
            self._sample()
        if not self.run.stopped:
            self.run.checkpoint(self._tensors, self._state, now=True)

    def _step(self) -> float:
        rate = self.recipe.learning_rate * warm_cosine(
            self.run, warm_up=self.recipe.warm_up, least=self.recipe.least_learning_rate
        )
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

    def _measure(self) -> None:
        """Add a point to the curve: the averaged weights' nats per note on the valid pieces."""
        averaged = self._averaged().to(self.device)
        point = {"train": float(np.mean(self.losses)) if self.losses else math.nan}
        self.losses.clear()
        rarely = self.run.iteration % (8 * self.recipe.valid_every) == 0
        for number, (style, found) in enumerate(self.valid.items()):
            if found and (number == 0 or rarely):
                point[f"valid_{style}"] = nats_per_note(averaged, found[:_MEASURED])
        self.run.curve_point(**point)
        reached = point.get(f"valid_{next(iter(self.valid))}", -math.inf)
        if reached <= self.least:
            self.best = {n: t.clone() for n, t in self.averaged.items()}
            self.least = reached

    def _averaged(self) -> Transformer:
        averaged = Transformer(self.config)
        averaged.load_state_dict(self.averaged, strict=False)
        return averaged.eval()

    def _sample(self) -> None:
        """Have the averaged weights go on from the openings of held-out pieces."""
        with torch.random.fork_rng(devices=[]):
            averaged = self._averaged()
        windows = extended(averaged, self.openings, self.style)
        self.run.sampled(self.samples.add(self.run.iteration, self.openings, windows))

    def _state(self) -> dict[str, Any]:
        least = self.least if math.isfinite(self.least) else None
        return {
            "least": least, "losses": self.losses, "rows": numpy_state(self.sampler.random),
            "samples": self.samples.as_dict(),
        }  # fmt: skip

    def _tensors(self) -> dict[str, Tensor]:
        weights = {f"model.{n}": p for n, p in self.model.named_parameters()}
        averaged = {f"averaged.{n}": p for n, p in self.averaged.items()}
        best = {f"best.{n}": p for n, p in self.best.items()}
        return {**weights, **averaged, **best, **flatten_optimizer(self.optimizer)}

    def _restore(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        self.least = math.inf if state["least"] is None else state["least"]
        self.losses = state["losses"]
        self.samples.restore(state["samples"])
        self.best = {n: tensors[f"best.{n}"] for n in self.averaged}
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                parameter.copy_(tensors[f"model.{name}"])
                self.averaged[name].copy_(tensors[f"averaged.{name}"])
        restore_optimizer(self.optimizer, tensors)
        self.sampler.random.bit_generator.state = state["rows"]
        restore_torch_states(tensors)


def _optimizer(model: Transformer, recipe: Recipe) -> torch.optim.Optimizer:
    """Return AdamW; matrices of linear maps decay, tables and gains do not."""
    decayed, free = list[Tensor](), list[Tensor]()
    for name, parameter in model.named_parameters():
        is_map = parameter.ndim == 2 and "table" not in name and "decided" not in name
        (decayed if is_map else free).append(parameter)
    return adamw(
        decayed, free, learning_rate=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
