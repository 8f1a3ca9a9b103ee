"""Trains the GAN accompanist: `train` is the whole run.

A run has two parts. In the warm-up, the first 40 % of the budget, the generator learns by
cross-entropy which notes go with a melody (as SRGAN begins with a content loss). Then WGAN-GP
takes over: five critic updates for one of the generator, gradient penalty 10, with the
cross-entropy kept at a tenth of its weight beside the critic's score.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ml.data.grids import FOLDER
from ml.data.own import split_name
from ml.evaluation.window_measures import with_bands
from ml.models.gan_dice import Heat
from ml.training.checkpoint import (
    flatten_optimizer,
    numpy_state,
    restore_optimizer,
    restore_torch_states,
)
from ml.training.gan_batches import Batch
from ml.training.gan_card import LIMITS, command_of
from ml.training.gan_figures import (
    generated_figures,
    grids_of_windows,
    played,
)
from ml.training.gan_music import GanMusic, music_of
from ml.training.gan_sizes import SIZES, config_of
from ml.training.gan_steps import GanTrainer, Rates
from ml.training.presets import WARM_SHARE, is_sampled
from ml.training.run import CHECKPOINT_EVERY, TrainingRun, choose_device
from ml.training.samples import Samples
from ml.training.watch import Watch

CRITIC_EVERY = 4  # warm-up iterations for one update of the critic, which learns beside it
HEAT = {"unet": Heat(pitch=0.45, bass=0.7), "musegan": Heat(pitch=0.52, rhythm=1.1, bass=0.8)}
"""The heat at creative risk 1: chosen on the validation chorales, so that
pitch classes per bar and dissonant pairs come near Bach's."""


def train(
    *, style: str, data: Path | None, out: Path, iterations: int | None, minutes: float | None,
    seed: int, resume: bool, device: str, as_json: bool, algorithm: str = "unet",
    size: str = "shipped", learning_rate: float | None = None, batch_size: int | None = None,
    critic_updates: int = 5, points_every: int | None = None, prepared: Path = FOLDER,
    watch: Watch | None = None, checkpoint_every: float = CHECKPOINT_EVERY,
) -> dict[str, Any] | None:  # fmt: skip
    """Train a GAN in the folder `out` and return its card; the weights lie beside it.

    `style` is one of STYLES, or `all` for the mixture that is shipped; with `data`, a folder of
    MIDI files, they are taken as music of that style (`all` means `chorale` then). `size` is one
    of SIZES, `learning_rate` that of the GAN's two optimizers, `points_every` the iterations from
    one point of the curves to the next, `prepared` the folder of the grids.
    Returns None if `watch` paused the run: call again with `resume`.

    :raises TrainingRefused: if the run cannot start; the message says what to do
    :raises NotPrepared: if the grids of a style are not there
    :raises NoUsableMusic: if the folder holds no music to train on
    """
    name = f"gan_{algorithm}"
    n = batch_size or SIZES[size].batch
    rates = Rates(critic_updates=critic_updates)
    rates = replace(rates, gan=learning_rate or rates.gan)
    settings: dict[str, Any] = {
        "style": style, "data": split_name(data) if data else None, "algorithm": algorithm,
        "size": size, "learning_rate": rates.gan, "batch_size": n,
        "critic_updates": critic_updates,
        "points_every": points_every or SIZES[size].figures_every,
    }  # fmt: skip
    music = music_of(style, data, prepared, seed)
    where = torch.device(choose_device(device))
    run = TrainingRun(
        out, name, settings=settings, seed=seed, device=str(where), iterations=iterations,
        minutes=minutes, resume=resume, as_json=as_json, watch=watch,
        checkpoint_every=checkpoint_every,
    )  # fmt: skip
    trainer = GanTrainer(
        config_of(size, algorithm), SIZES[size].critic_width, rates, seed, where
    )  # fmt: skip
    with run:
        loop = _Loop(run, trainer, music, Samples(out / f"{name}.samples.json"), n,
                     settings["points_every"])  # fmt: skip
        if not loop.go():
            return None
    command = command_of(settings, data, iterations=iterations, minutes=minutes, seed=seed)
    return run.finish(
        name, dict(trainer.average.state_dict()), technique="accompany",
        card=_card(trainer, music, loop, command),
    )  # fmt: skip


class _Loop:
    """The iterations of one run."""

    def __init__(
        self, run: TrainingRun, trainer: GanTrainer, music: GanMusic, samples: Samples, n: int,
        every: int,
    ) -> None:  # fmt: skip
        self.run, self.trainer, self.music, self.samples, self.n = run, trainer, music, samples, n
        self.every = every
        self.heat = HEAT[trainer.config.algorithm]
        self.adversarial_since: int | None = None
        self.sums: dict[str, list[float]] = {}
        held_out, _ = grids_of_windows(music.watched, music.watched.classes.numpy())
        self.reference = with_bands(list(held_out))
        if (restored := run.restored()) is not None:
            self._restore(*restored)

    def go(self) -> bool:
        """Train until the run ends; false if it is paused and not to be finished."""
        self.run.compared_with(self.reference)
        if not self.samples.seen:
            self._sample()
        while self.run.goes_on():
            figures = self._step()
            for name, value in figures.items():
                self.sums.setdefault(name, []).append(value)
            self.run.log(**figures)
            if is_sampled(self.run.iteration):
                self._sample()
            if self.run.iteration % self.every == 0:
                self._watch()
            self.run.checkpoint(self._tensors, self._state)
        self.run.checkpoint(self._tensors, self._state, now=True)
        if not self.run.paused:
            self._close()
        return not self.run.paused

    def _close(self) -> None:
        """Add the last point and sample; they go into the checkpoint if the budget is used.

        If it is not, the run may be resumed, and is to go on as if it had never stopped.
        """
        if not self.run.has_point:
            self._watch()
        if not self.samples.has(self.run.iteration):
            self._sample()
        if not self.run.stopped:
            self.run.checkpoint(self._tensors, self._state, now=True)

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
        found = played(self.trainer.average, watched, self.heat)
        self.run.sampled(self.samples.add(self.run.iteration, *found))

    def _state(self) -> dict[str, Any]:
        return {
            "adversarial_since": self.adversarial_since, "sums": self.sums,
            "updates": self.trainer.updates,
            "windows": numpy_state(self.music.sampler.dice), "samples": self.samples.as_dict(),
        }  # fmt: skip

    def _tensors(self) -> Mapping[str, Tensor]:
        found = {
            f"{part}/{key}": tensor
            for part, net in self.trainer.parts() for key, tensor in net.state_dict().items()
        }  # fmt: skip
        for part, optimizer in self.trainer.optimizers():
            if part != "warm" or self.adversarial_since is None:  # the warm-up does not come again
                found |= {f"{part}/{k}": t for k, t in flatten_optimizer(optimizer).items()}
        return found | {"random.dice": self.trainer.dice.get_state()}

    def _restore(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        for part, net in self.trainer.parts():
            net.load_state_dict(_part(tensors, part))
        for part, optimizer in self.trainer.optimizers():
            restore_optimizer(optimizer, _part(tensors, part))
        self.adversarial_since, self.sums = state["adversarial_since"], state["sums"]
        self.trainer.updates = state["updates"]
        self.samples.restore(state["samples"])
        self.music.sampler.dice.bit_generator.state = state["windows"]
        self.trainer.dice.set_state(tensors["random.dice"])
        restore_torch_states(tensors)


def _warm_rate(trainer: GanTrainer, run: TrainingRun, share: float) -> float:
    """Return the warm-up's learning rate: up over 50 iterations, then down along a cosine."""
    up = min(1.0, run.iteration / 50)
    return trainer.rates.warm * up * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * share)))


def _part(tensors: Mapping[str, Tensor], part: str) -> dict[str, Tensor]:
    start = f"{part}/"
    return {key.removeprefix(start): t for key, t in tensors.items() if key.startswith(start)}


def _card(trainer: GanTrainer, music: GanMusic, loop: _Loop, command: str) -> dict[str, Any]:
    return {
        "config": trainer.config.as_dict(),
        **music.about,
        "command": command,
        "algorithm": trainer.config.algorithm,
        "styles": list(music.styles),
        "heat": asdict(loop.heat),
        "adversarial_since": loop.adversarial_since,
        "watched_data": {name: row["value"] for name, row in loop.reference.items()},
        "held_out": loop.reference,
        "samples": [{"iteration": s["iteration"]} for s in loop.samples.seen],
        "samples_file": loop.samples.file.name,
        "limits": list(LIMITS),
        "figures": {},
    }
