"""Trains the editor: `python -m ml train ar_cnn --style chorale --out DIR --minutes 75`.

Crops of eight bars, transposed at random, with hidden cells to fill in (`ar_cnn_examples`). The
weights that are kept are a running average. Curves: `train` is the loss that is minimized;
`valid` is nats per hidden cell on the beginnings of the validation pieces, the mean over the
four ways of hiding; `valid_steps` and the others are each way by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ml.data import grids
from ml.data.grids import FOLDER, GridPiece
from ml.data.own import NoUsableMusic, from_folder, split_name
from ml.data.phrases import PHRASE
from ml.models.ar_cnn_net import TINY, ArCnn, ArCnnConfig, channels_last
from ml.models.ar_cnn_rolls import Roll
from ml.training import ar_cnn_card
from ml.training import ar_cnn_examples as examples
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
from ml.training.song_samples import given, harmonized, shown_pieces
from ml.training.start import begin_from, hash_of
from ml.training.watch import Watch


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the network is trained."""

    batch: int = 8  # crops
    steps: int = examples.STEPS
    learning_rate: float = 2e-3
    least_learning_rate: float = 0.01  # share of the highest
    warm_up: int = 200  # iterations
    weight_decay: float = 0.03
    average: float = 0.999
    valid_every: int = 500  # iterations


QUICK = Recipe(batch=4, steps=32, learning_rate=1e-2, warm_up=5, average=0.9, valid_every=20)
SIZES = {"shipped": (ArCnnConfig(), Recipe()), "tiny": (TINY, QUICK)}


def train(
    *, style: str, data: Path | None, out: Path, iterations: int | None, minutes: float | None,
    seed: int, resume: bool, device: str, as_json: bool, size: str = "shipped",
    weights: Path | None = None, learning_rate: float | None = None,
    points_every: int | None = None, prepared: Path = FOLDER, watch: Watch | None = None,
    checkpoint_every: float = CHECKPOINT_EVERY,
) -> dict[str, Any] | None:  # fmt: skip
    """Train an editor into the folder `out` and return its card, None if `watch` paused the run.

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
    sides = _sides(style, data, prepared)
    where = choose_device(device)
    settings = {
        "style": style, "size": size, "config": config.as_dict(), "recipe": asdict(recipe),
        "weights": hash_of(weights), "data": split_name(data) if data else None,
    }  # fmt: skip
    run = TrainingRun(
        out, "ar_cnn", settings=settings, seed=seed, device=where, iterations=iterations,
        minutes=minutes, resume=resume, as_json=as_json, watch=watch,
        checkpoint_every=checkpoint_every,
    )  # fmt: skip
    with run:
        card = ar_cnn_card.about(style, data, sides["train"], folder=prepared)
        card["command"] = command_of(
            "ar_cnn", style, data, iterations=iterations, minutes=minutes, seed=seed,
            weights=weights, learning_rate=learning_rate, size=size,
            points_every=points_every,
        )  # fmt: skip
        return _Loop(run, sides, config, recipe, where, weights).go(card)


def _sides(style: str, data: Path | None, prepared: Path) -> dict[str, list[GridPiece]]:
    try:
        if data is not None:
            own = from_folder(data)
            sides = {"train": own.train, "valid": own.valid}
        else:
            sides = {
                side: grids.pieces(style, side, folder=prepared) for side in ("train", "valid")
            }
    except (grids.NotPrepared, NoUsableMusic) as error:
        raise TrainingRefused(str(error)) from None
    for side, found in sides.items():
        if not found:
            raise TrainingRefused(f"There is no music to train on ({side}).")
    return sides


class _Loop:
    """The state of one training run."""

    def __init__(
        self, run: TrainingRun, sides: dict[str, list[GridPiece]], config: ArCnnConfig,
        recipe: Recipe, device: str, weights: Path | None,
    ) -> None:  # fmt: skip
        torch.manual_seed(run.seed)
        self.run, self.recipe, self.device, self.config = run, recipe, device, config
        self.model = channels_last(ArCnn(config)).to(device)
        if weights:
            begin_from(weights, self.model)
        self.averaged = {n: t.detach().clone() for n, t in self.model.state_dict().items()}
        self.optimizer = _optimizer(self.model, recipe)
        self.pieces = sides["train"]
        self.weights = np.array([len(p) for p in self.pieces], dtype=np.float64)
        self.weights /= self.weights.sum()
        self.valid = [examples.crop(p, None, recipe.steps) for p in sides["valid"]]
        self.random = np.random.default_rng((run.seed, 0))
        self.losses = list[float]()
        self.samples = Samples(run.out / "ar_cnn.samples.json")
        self.melodies = given(shown_pieces(sides["valid"]), steps=PHRASE, voices=1)
        if (restored := run.restored()) is not None:
            self._restore(*restored)

    def go(self, card: dict[str, Any]) -> dict[str, Any] | None:
        """Train until the run ends and write the weights with their card; None if it is paused."""
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
        about = {"config": self.config.as_dict(), "samples_file": self.samples.file.name, **card}
        return self.run.finish("ar_cnn", self.averaged, technique="edit", card=about)

    def _close(self) -> None:
        """Add the last point and sample; a run that was stopped goes on as if nothing had been."""
        if self.losses:
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
        loss = _loss(self.model, self._draw().to(self.device)).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self._average()
        return float(loss.detach())

    def _draw(self) -> examples.Batch:
        chosen = self.random.choice(len(self.pieces), self.recipe.batch, p=self.weights)
        rolls = [examples.crop(self.pieces[i], self.random, self.recipe.steps) for i in chosen]
        return examples.batch([examples.example(r, self.random) for r in rolls])

    @torch.no_grad()
    def _average(self) -> None:
        keep = min(self.recipe.average, 1 - 1 / (self.run.iteration / 10 + 1))
        for name, tensor in self.model.state_dict().items():
            if tensor.is_floating_point():
                self.averaged[name].lerp_(tensor, 1 - keep)

    def _measure(self) -> None:
        """Add a point to the curves, measured with the averaged weights."""
        averaged = channels_last(self._averaged()).to(self.device)
        by_kind = {
            k: hidden_cell_loss(averaged, self.valid, k, self.device) for k in examples.KINDS
        }
        self.run.curve_point(
            train=float(np.mean(self.losses)),
            valid=float(np.mean(list(by_kind.values()))),
            **{f"valid_{kind}": loss for kind, loss in by_kind.items()},
        )
        self.losses.clear()

    def _averaged(self) -> ArCnn:
        averaged = ArCnn(self.config)
        averaged.load_state_dict(self.averaged)
        return averaged.eval()

    def _sample(self) -> None:
        """Have the averaged weights add three voices to held-out melodies."""
        with torch.random.fork_rng(devices=[]):
            averaged = self._averaged()
        windows = harmonized(averaged, self.melodies)
        self.run.sampled(self.samples.add(self.run.iteration, self.melodies, windows))

    def _state(self) -> dict[str, Any]:
        return {
            "losses": self.losses, "crops": numpy_state(self.random),
            "samples": self.samples.as_dict(),
        }  # fmt: skip

    def _tensors(self) -> dict[str, Tensor]:
        weights = {f"model.{n}": t for n, t in self.model.state_dict().items()}
        averaged = {f"averaged.{n}": t for n, t in self.averaged.items()}
        return {**weights, **averaged, **flatten_optimizer(self.optimizer)}

    def _restore(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        self.model.load_state_dict({n: tensors[f"model.{n}"] for n in self.averaged})
        self.averaged = {n: tensors[f"averaged.{n}"].to(self.device) for n in self.averaged}
        restore_optimizer(self.optimizer, tensors)
        self.losses = state["losses"]
        self.samples.restore(state["samples"])
        self.random.bit_generator.state = state["crops"]
        restore_torch_states(tensors)


def hidden_cell_loss(
    model: ArCnn, rolls: list[Roll], kind: str, device: str = "cpu", *, seed: int = 0
) -> float:
    """Return nats per hidden cell, the mean over rolls of one length; the same cells each time.

    :param kind: what is hidden, one of `ar_cnn_examples.KINDS`
    """
    random = np.random.default_rng(seed)
    losses = []
    for first in range(0, len(rolls), 16):
        found = [examples.example(r, random, kind=kind) for r in rolls[first : first + 16]]
        with torch.no_grad():
            losses.append(_loss(model, examples.batch(found).to(device)).cpu())
    return float(torch.cat(losses).mean())


def _loss(model: ArCnn, batch: examples.Batch) -> Tensor:
    """Return each example's weighted cross-entropy, shape (B,)."""
    with torch.autocast(batch.truth.device.type, torch.bfloat16):
        logits = model(batch.rolls)
    nats = functional.cross_entropy(logits.permute(0, 3, 1, 2), batch.truth, reduction="none")
    return (nats * batch.weight).sum((1, 2))


def _optimizer(model: ArCnn, recipe: Recipe) -> torch.optim.Optimizer:
    """Return AdamW; only the weights of convolutions and linear maps decay."""
    maps = {id(m.weight) for m in model.modules() if isinstance(m, nn.Conv2d | nn.Linear)}
    decayed = [p for p in model.parameters() if id(p) in maps]
    free = [p for p in model.parameters() if id(p) not in maps]
    return adamw(
        decayed, free, learning_rate=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
