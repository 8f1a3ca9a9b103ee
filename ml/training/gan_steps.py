"""The GAN's losses and updates: a warm-up by cross-entropy, then WGAN-GP with a little of it.

Sources: Gulrajani et al. 2017 (WGAN-GP); Reed et al. 2016 (the third class 'real, but for another
condition'); Zhu et al. 2017 (BicycleGAN: cross-entropy is measured with noise that an encoder
found in the real window, so that it does not fight the noise's freedom).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from ml.models.gan_critic import Critic, Encoder
from ml.models.gan_dice import Dice, throw
from ml.models.gan_grid import Windows, rolls_exactly, rolls_of
from ml.models.gan_nets import GanConfig, Generator
from ml.training.gan_batches import Batch

GRADIENT_PENALTY = 10.0
KL_WEIGHT = 0.6
CELLS_WEIGHT = 0.1
"""Weight of the cross-entropy, summed over a window's cells, beside the critic's score."""

WRONG_WEIGHT = 0.5
CRITIC_RATE = 4.0
"""The critic's learning rate, as a multiple of the generator's (Heusel et al. 2017)."""

EMA_WARM, EMA = 0.99, 0.998
"""How much of the averaged weights stays at an update, once there were many updates."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What is set for a run: the learning rate of the GAN, critic updates per generator update."""

    gan: float = 2e-4
    warm: float = 2e-3
    critic_updates: int = 5


class GanTrainer:
    """The networks with their optimizers. Every `…_step` is one update and returns its figures."""

    def __init__(
        self, config: GanConfig, critic_width: int, rates: Rates, seed: int, device: torch.device
    ) -> None:
        torch.manual_seed(seed)
        self.config, self.rates, self.device = config, rates, device
        self.updates = 0  # of the generator
        self.generator = Generator(config).to(device)
        self.critic = Critic(critic_width).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.encoder = Encoder(critic_width, config.z_total).to(device)
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        self.dice = torch.Generator(device=device).manual_seed(seed)
        both = [*self.generator.parameters(), *self.encoder.parameters()]
        self.warm_optimizer = torch.optim.AdamW(both, rates.warm, (0.9, 0.98), weight_decay=0.01)
        self.optimizer = torch.optim.Adam(both, rates.gan, (0.0, 0.9))
        self.critic_optimizer = torch.optim.Adam(
            self.critic.parameters(), CRITIC_RATE * rates.gan, (0.0, 0.9)
        )

    def _half(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16)

    def warm_step(self, batch: Batch, lr: float, share: float) -> dict[str, float]:
        """Update the generator and the encoder by cross-entropy alone.

        The divergence gains weight during the first `share` 0-0.3 of the warm-up: at full weight
        from the start, the noise would say nothing ever.
        """
        for group in self.warm_optimizer.param_groups:
            group["lr"] = lr
        cells, drums, divergence = self._explain(batch)
        loss = cells + drums + KL_WEIGHT * min(1.0, 0.05 + share / 0.3) * divergence
        self._update(self.warm_optimizer, loss / 100.0, EMA_WARM)
        return {"ce": cells.item() / _cells(batch), "kl": divergence.item()}

    def generator_step(self, batch: Batch) -> dict[str, float]:
        """Update the generator by the critic's score and a little cross-entropy."""
        some = batch.half()
        with self._half():
            drawn = self.generator(some.given, self._throw(some))
        rolls = rolls_of(drawn.classes.float())
        score = self.critic(some.given, rolls, _masked(drawn.drums, some)).mean()
        cells, drums, divergence = self._explain(batch)
        loss = -score + CELLS_WEIGHT * (cells + drums + KL_WEIGHT * divergence)
        self._update(self.optimizer, loss, EMA)
        return {"generator_loss": -score.item(), "ce": cells.item() / _cells(batch),
                "kl": divergence.item()}  # fmt: skip

    def critic_step(self, batch: Batch) -> dict[str, float]:
        """Update the critic: real above fake, and above real notes of another melody."""
        with torch.no_grad(), self._half():
            drawn = self.generator(batch.given, self._throw(batch), wants_gradient=False)
        real, drums = rolls_exactly(batch.classes), _masked(batch.drums, batch)
        fake, fake_drums = rolls_exactly(drawn.classes.argmax(-1)), _masked(drawn.drums, batch)
        wrong, wrong_drums = self._of_another_melody(real, drums)
        real_score = self.critic(batch.given, real, drums).mean()
        fake_score = self.critic(batch.given, fake, fake_drums).mean()
        wrong_score = self.critic(batch.given, wrong, wrong_drums).mean()
        against = (fake_score + WRONG_WEIGHT * wrong_score) / (1 + WRONG_WEIGHT)
        is_fake = (torch.arange(len(real), device=self.device) % 4 < 2)[:, None, None]
        rivals = (torch.where(is_fake[..., None], fake, wrong),
                  torch.where(is_fake, fake_drums, wrong_drums))  # fmt: skip
        some = slice(0, None, 2)  # the penalty is the dear part: every other window is enough
        penalty = self._penalty(
            batch.given.part(some), (real[some], drums[some]), (rivals[0][some], rivals[1][some])
        )
        loss = against - real_score + GRADIENT_PENALTY * penalty
        self.critic_optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.critic_optimizer.step()
        return {
            "critic_loss": loss.item(), "wasserstein": (real_score - fake_score).item(),
            "wrong_melody": (real_score - wrong_score).item(), "penalty": penalty.item(),
        }  # fmt: skip

    def _explain(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Return cross-entropy of notes and of drums, and the divergence, per window (sums)."""
        real = rolls_exactly(batch.classes)
        mean, log_variance = self.encoder(batch.given, real, _masked(batch.drums, batch))
        dice = self._throw(batch)
        z = mean + dice.z * torch.exp(0.5 * log_variance)
        with self._half():
            stated = self.generator(
                batch.given, Dice(z, dice.classes, dice.drums), truth=batch.classes
            )
        n = len(real)
        cells = F.cross_entropy(
            stated.logits.flatten(0, 2), batch.classes.flatten(), reduction="none"
        ).view_as(batch.classes)
        cells = (cells * batch.is_music[:, None]).sum() / n
        wanted = batch.has_drums[:, None, None] & batch.is_music[:, None]
        drums = F.binary_cross_entropy_with_logits(
            stated.drum_logits, batch.drums, reduction="none"
        )
        divergence = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum() / n
        return cells, (drums * wanted).sum() / n, divergence

    def _of_another_melody(self, real: Tensor, drums: Tensor) -> tuple[Tensor, Tensor]:
        """Return real accompaniments that do not belong: of the next window, or late by beats.

        A batch is ordered by style, so the next window is mostly of the same one.
        """
        late = 4 * int(torch.randint(1, 15, (1,), generator=self.dice, device=self.device))
        is_moved = (torch.arange(len(real), device=self.device) % 3 == 0)[:, None, None]
        rolls = torch.where(is_moved[..., None], real.roll(late, 2), real.roll(1, 0))
        return rolls, torch.where(is_moved, drums.roll(late, 2), drums.roll(1, 0))

    def _penalty(
        self, given: Windows, real: tuple[Tensor, Tensor], rival: tuple[Tensor, Tensor]
    ) -> Tensor:
        share = torch.rand(len(given), 1, 1, 1, generator=self.dice, device=self.device)
        between = (share * real[0] + (1 - share) * rival[0]).requires_grad_(True)
        drums = (share[..., 0] * real[1] + (1 - share[..., 0]) * rival[1]).requires_grad_(True)
        score = self.critic(given, between, drums).sum()
        slopes = torch.autograd.grad(score, [between, drums], create_graph=True)
        squares = slopes[0].flatten(1).square().sum(1) + slopes[1].flatten(1).square().sum(1)
        return ((squares + 1e-8).sqrt() - 1).square().mean()

    def _throw(self, batch: Batch) -> Dice:
        return throw(self.config.z_total, len(batch.given), self.dice)

    def _update(self, optimizer: torch.optim.Optimizer, loss: Tensor, decay: float) -> None:
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.generator.parameters(), 5.0)
        optimizer.step()
        self.updates += 1
        decay = min(decay, 1 - 1 / (self.updates / 10 + 1))  # a short run must not look far back
        with torch.no_grad():
            for kept, now in zip(
                self.average.state_dict().values(),
                self.generator.state_dict().values(), strict=True,
            ):  # fmt: skip
                kept.lerp_(now, 1 - decay) if kept.is_floating_point() else kept.copy_(now)

    def parts(self) -> Iterator[tuple[str, nn.Module]]:
        """Return the networks by name, as a checkpoint stores them."""
        yield from (("generator", self.generator), ("critic", self.critic),
                    ("encoder", self.encoder), ("average", self.average))  # fmt: skip

    def optimizers(self) -> Iterator[tuple[str, torch.optim.Optimizer]]:
        """Return the optimizers by name, as a checkpoint stores them."""
        yield from (("warm", self.warm_optimizer), ("gan", self.optimizer),
                    ("judge", self.critic_optimizer))  # fmt: skip


def _masked(drums: Tensor, batch: Batch) -> Tensor:
    """Silence the drums of pieces that tell nothing about drums."""
    return drums * batch.has_drums[:, None, None]


def _cells(batch: Batch) -> float:
    return float(batch.is_music.sum()) * batch.classes.shape[1] / len(batch.given)
