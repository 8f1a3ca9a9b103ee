"""Trains the GAN accompanist: `train` is the whole run.

A run has two parts. In the warm-up, the first 40 % of the budget, the generator learns by
cross-entropy which notes go with a melody (as SRGAN begins with a content loss). Then WGAN-GP
takes over: five critic updates for one of the generator, gradient penalty 10, with the
cross-entropy kept at a tenth of its weight beside the critic's score.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ml.data.grids import GridPiece, Side, pieces
from ml.data.own import from_folder, split_name
from ml.models.gan_dice import Heat
from ml.models.gan_grid import STYLES
from ml.training.card import about_corpora
from ml.training.gan_batches import Batch, WindowSampler
from ml.training.gan_card import LICENCE, LIMITS, NAMES, about_folder, command_of
from ml.training.gan_figures import (
    SAMPLED_AT,
    Samples,
    config_of,
    generated_figures,
    grids_of_windows,
    window_figures,
)
from ml.training.gan_steps import GanTrainer, Rates
from ml.training.run import (
    TrainingRefused,
    TrainingRun,
    choose_device,
    flatten_optimizer,
    restore_optimizer,
)

WARM_SHARE = 0.4
CRITIC_EVERY = 4  # warm-up iterations for one update of the critic, which learns beside it
FIGURES_EVERY = {"shipped": 250, "tiny": 25}
N_WATCHED = 64
HEAT = {"unet": Heat(pitch=0.45, bass=0.7), "musegan": Heat(pitch=0.52, rhythm=1.1, bass=0.8)}
"""The heat at creative risk 1: chosen on the validation chorales, so that
pitch classes per bar and dissonant pairs come near Bach's."""


@dataclass(frozen=True, eq=False)
class _Music:
    """What a run trains on and is watched by."""

    sampler: WindowSampler
    watched: Batch
    about: dict[str, Any]


def train(
    *, style: str, data: Path | None, out: Path, iterations: int | None, minutes: float | None,
    seed: int, resume: bool, device: str, as_json: bool, algorithm: str = "unet",
    size: str = "shipped", learning_rate: float | None = None, batch_size: int | None = None,
    critic_updates: int = 5,
) -> dict[str, Any]:  # fmt: skip
    """Train a GAN in the folder `out` and return its card; the weights lie beside it.

    `style` is one of STYLES, or `all` for the mixture that is shipped; with `data`, a folder of
    MIDI files, they are taken as music of that style (`all` means `chorale` then). `size` is
    `shipped` or `tiny`, `learning_rate` that of the GAN's two optimizers.

    :raises TrainingRefused: if the run cannot start; the message says what to do
    :raises NotPrepared: if the grids of a style are not there
    :raises NoUsableMusic: if the folder holds no music to train on
    """
    name = f"gan_{algorithm}"
    n = batch_size or (32 if size == "shipped" else 8)
    settings = {
        "style": style, "data": str(data) if data else None, "algorithm": algorithm, "size": size,
        "learning_rate": learning_rate or 2e-4, "batch_size": n, "critic_updates": critic_updates,
    }  # fmt: skip
    music = _music(style, data, seed, n)
    where = torch.device(choose_device(device))
    run = TrainingRun(
        out, name, settings=settings, seed=seed, device=str(where), iterations=iterations,
        minutes=minutes, resume=resume, as_json=as_json,
    )  # fmt: skip
    rates = Rates(gan=settings["learning_rate"], critic_updates=critic_updates)  # type: ignore[arg-type]
    width = 24 if size == "shipped" else 4
    trainer = GanTrainer(config_of(size, algorithm), width, rates, seed, where)
    with run:
        samples = Samples(out / f"{name}.samples.json")
        state = _Loop(run, trainer, music, samples, n, size, minutes)
        state.go()
    return run.finish(
        name, _shipped(trainer), technique="accompany", card=_card(trainer, music, state, settings)
    )


class _Loop:
    """The iterations of one run."""

    def __init__(
        self, run: TrainingRun, trainer: GanTrainer, music: _Music, samples: Samples, n: int,
        size: str, minutes: float | None,
    ) -> None:  # fmt: skip
        self.run, self.trainer, self.music, self.samples, self.n = run, trainer, music, samples, n
        self.minutes = minutes
        self.heat = HEAT[trainer.config.algorithm]
        self.every = FIGURES_EVERY[size]
        self.adversarial_since: int | None = None
        self.sums: dict[str, list[float]] = {}
        if (restored := run.restored()) is not None:
            _restore(trainer, restored[0])
            self.adversarial_since = restored[1]["adversarial_since"]
            samples.resume()
            # What was drawn before the stop is not drawn again.
            music.sampler.reseed(run.seed + run.iteration)
            trainer.dice.manual_seed(run.seed + run.iteration)

    def go(self) -> None:
        """Train until the budget is used or somebody stops the run."""
        if self.run.iteration == 0:
            self._sample()
        while self.run.goes_on():
            figures = self._step()
            for name, value in figures.items():
                self.sums.setdefault(name, []).append(value)
            self.run.log(**figures)
            if self.run.iteration in SAMPLED_AT:
                self._sample()
            if self.run.iteration % self.every == 0:
                self._watch()
            self.run.checkpoint(self._tensors, self._state())
        self._watch()
        self._sample()
        self.run.checkpoint(self._tensors, self._state(), now=True)

    def _step(self) -> dict[str, float]:
        share = self.run.progress / WARM_SHARE
        if share < 1 and self.adversarial_since is None:
            rate = _warm_rate(self.trainer, self.run, share)
            found = self.trainer.warm_step(self._batch(), rate, share)
            if self.run.iteration % CRITIC_EVERY == 0:
                found |= self.trainer.critic_step(self._batch().half())
            return found
        if self.adversarial_since is None:
            self.adversarial_since = self.run.iteration
        found = {}
        for _ in range(self.trainer.rates.critic_updates):
            found = self.trainer.critic_step(self._batch().half())
        return {**self.trainer.generator_step(self._batch()), **found}

    def _batch(self) -> Batch:
        return self.music.sampler.draw(self.n).to(self.trainer.device)

    def _watch(self) -> None:
        means = {name: sum(v) / len(v) for name, v in self.sums.items()}
        self.sums.clear()
        watched = self.music.watched.to(self.trainer.device)
        figures = generated_figures(self.trainer.average, watched, self.heat)
        self.run.curve_point(**means, **figures)

    def _sample(self) -> None:
        watched = self.music.watched.to(self.trainer.device)
        self.samples.take(self.run.iteration, self.trainer.average, watched, self.heat)

    def _state(self) -> dict[str, Any]:
        return {"adversarial_since": self.adversarial_since}

    def _tensors(self) -> Mapping[str, Tensor]:
        found = {
            f"{part}/{key}": tensor
            for part, net in self.trainer.parts() for key, tensor in net.state_dict().items()
        }  # fmt: skip
        for part, optimizer in self.trainer.optimizers():
            found |= {f"{part}/{k}": t for k, t in flatten_optimizer(optimizer).items()}
        return found


def _warm_rate(trainer: GanTrainer, run: TrainingRun, share: float) -> float:
    """Return the warm-up's learning rate: up over 50 iterations, then down along a cosine."""
    up = min(1.0, run.iteration / 50)
    return trainer.rates.warm * up * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * share)))


def _restore(trainer: GanTrainer, tensors: Mapping[str, Tensor]) -> None:
    for part, net in trainer.parts():
        net.load_state_dict(_part(tensors, part))
    for part, optimizer in trainer.optimizers():
        restore_optimizer(optimizer, _part(tensors, part))


def _part(tensors: Mapping[str, Tensor], part: str) -> dict[str, Tensor]:
    start = f"{part}/"
    return {key.removeprefix(start): t for key, t in tensors.items() if key.startswith(start)}


def _music(style: str, data: Path | None, seed: int, n: int) -> _Music:
    if style not in (*STYLES, "all"):
        raise TrainingRefused(f"The GAN's styles are: {', '.join(STYLES)}, or all of them: all.")
    sides: dict[Side, dict[str, list[GridPiece]]]
    if data is not None:
        label = "chorale" if style == "all" else style
        own = from_folder(data, style=label)
        sides = {"train": {label: own.train}, "valid": {label: own.valid}}
        about = about_folder(data, len(own.train), len(own.valid), split_name(data))
    else:
        names = STYLES if style == "all" else (style,)
        sides = {side: {s: pieces(s, side) for s in names} for side in ("train", "valid")}
        about = about_corpora(names, NAMES, LICENCE)
    watched_style = "chorale" if "chorale" in sides["valid"] else next(iter(sides["valid"]))
    try:
        sampler = WindowSampler(sides["train"], seed)
        watched = WindowSampler({watched_style: sides["valid"][watched_style]}, 0)
    except ValueError as error:
        raise TrainingRefused(
            f"{error} The GAN needs pieces with a melody and at least one more voice."
        ) from None
    return _Music(sampler, watched.draw(max(n, N_WATCHED), transpose=False), about)


def _shipped(trainer: GanTrainer) -> dict[str, Tensor]:
    return dict(trainer.average.state_dict())


def _card(
    trainer: GanTrainer, music: _Music, loop: _Loop, settings: Mapping[str, Any]
) -> dict[str, Any]:
    pitch, _ = grids_of_windows(music.watched, music.watched.classes.numpy())
    return {
        "config": trainer.config.as_dict(),
        **music.about,
        "command": command_of(settings, minutes=loop.minutes, seed=loop.run.seed),
        "algorithm": settings["algorithm"],
        "heat": asdict(loop.heat),
        "adversarial_since": loop.adversarial_since,
        "watched_data": window_figures(pitch),
        "samples": [{"iteration": s["iteration"]} for s in loop.samples.seen],
        "samples_file": loop.samples.file.name,
        "limits": list(LIMITS),
        "figures": {},
    }
