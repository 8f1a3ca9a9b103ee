"""The two generators of the GAN: a U-Net, and one in the manner of MuseGAN.

Both read a melody window and noise `z`, which has one column per eight steps, and state logits
for every step of every accompanying track; a drum head serves the style that has drums. Their
convolutions run over time, the pitches are channels: at 48 rows and 64 steps that learns as
much per second on a CPU as four times slower convolutions over time and pitch. The U-Net adds
its tracks from the bass up, and each hears the ones below it; MuseGAN's tracks hear the melody
and the shared noise only.

Sources: Ronneberger et al. 2015 (U-Net); Dong et al. 2018 (MuseGAN: generators per track with a
shared and a private latent); Jang et al. 2017 (straight-through Gumbel softmax).

Letters in shapes: B windows, K tracks, T 64 steps, R 48 rows, C 50 classes, w a level's width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (the field's name for it)

from ml.models.gan_dice import AS_TRAINED, Dice, Heat
from ml.models.gan_grid import (
    CLASSES,
    N_DRUMS,
    PHASES,
    ROWS,
    STEPS,
    STYLES,
    TRACKS,
    Windows,
    held,
    held_exactly,
    one_hot_rows,
)


@dataclass(frozen=True, slots=True)
class GanConfig:
    """Sizes of a generator."""

    algorithm: str = "unet"  # or "musegan"
    widths: tuple[int, int, int, int] = (176, 208, 240, 256)  # at 64, 32, 16 and 8 steps
    z_channels: int = 16  # noise per column that all tracks share
    z_private: int = 8  # noise per column of each track's own (MuseGAN)
    dropout: float = 0.1

    @property
    def z_total(self) -> int:
        """Channels of the whole noise, private parts included."""
        return self.z_channels + (TRACKS * self.z_private if self.is_musegan else 0)

    @property
    def is_musegan(self) -> bool:
        """Whether every track has a generator of its own."""
        return self.algorithm == "musegan"

    def as_dict(self) -> dict[str, Any]:
        """Return JSON values for the card."""
        return {**asdict(self), "widths": list(self.widths)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> GanConfig:
        """Return the configuration that `as_dict` wrote."""
        return cls(**{**values, "widths": tuple(values["widths"])})


def active(x: Tensor) -> Tensor:
    """Return the leaky ReLU that all layers share."""
    return F.leaky_relu(x, 0.1)


class Block(nn.Module):
    """Two convolutions over time with a way around them."""

    def __init__(self, width: int, dropout: float, kernel: int = 3) -> None:
        super().__init__()
        pad = kernel // 2
        self.first = nn.Conv1d(width, width, kernel, padding=pad, bias=False)
        self.first_norm = nn.BatchNorm1d(width)
        self.second = nn.Conv1d(width, width, kernel, padding=pad, bias=False)
        self.second_norm = nn.BatchNorm1d(width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, W, T) for (B, W, T)."""
        h = self.dropout(active(self.first_norm(self.first(x))))
        return active(x + self.second_norm(self.second(h)))


class Enter(nn.Module):
    """One convolution, norm and activation: the way into a level."""

    def __init__(self, n_in: int, n_out: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        pad = (kernel - stride + 1) // 2
        self.conv = nn.Conv1d(n_in, n_out, kernel, stride, pad, bias=False)
        self.norm = nn.BatchNorm1d(n_out)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, n_out, T / stride)."""
        entered: Tensor = self.norm(self.conv(x))
        return active(entered)


def line_features(cells: Tensor, strike: Tensor) -> Tensor:
    """Return what a voice says at each step: cells (B, T, R), strikes (B, T) -> (B, 62, T).

    Its row, its pitch class, whether it sounds, whether a note begins.
    """
    classes = cells.view(*cells.shape[:2], ROWS // 12, 12).sum(dim=2)
    sounds = cells.sum(dim=2, keepdim=True)
    return torch.cat([cells, classes, sounds, strike[..., None]], dim=2).transpose(1, 2)


LINE = ROWS + 12 + 2


class MelodyReader(nn.Module):
    """The way down: the melody and what is known of each step, at four resolutions."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        w = config.widths
        self.enter = Enter(LINE + PHASES + len(STYLES), w[0], 5)
        self.block = Block(w[0], config.dropout)
        self.downs = nn.ModuleList(
            nn.Sequential(Enter(n, m, 4, 2), Block(m, config.dropout)) for n, m in pairwise(w)
        )

    def forward(self, given: Windows) -> list[Tensor]:
        """Return features (B, w0, T), (B, w1, T/2), (B, w2, T/4), (B, w3, T/8)."""
        style = F.one_hot(given.style, len(STYLES)).float()[..., None].expand(-1, -1, STEPS)
        line = line_features(one_hot_rows(given.melody), given.strike.float())
        found = [self.block(self.enter(torch.cat([line, given.phase, style], dim=1)))]
        for down in self.downs:
            found.append(down(found[-1]))
        return found


class Decoder(nn.Module):
    """Joins the bottom of the U with noise, and goes up again to every step."""

    def __init__(self, config: GanConfig, z_channels: int, *, deep: bool = True) -> None:
        super().__init__()
        w = config.widths
        self.z = nn.Conv1d(z_channels, w[3], 1)
        self.idea = nn.Sequential(Enter(w[3], w[3], 3), Block(w[3], config.dropout))
        self.ups = nn.ModuleList(
            nn.Sequential(Enter(below + here, here, 3),
                          Block(here, config.dropout) if deep else nn.Identity())
            for here, below in reversed(list(pairwise(w)))
        )  # fmt: skip

    def forward(self, skips: list[Tensor], z: Tensor) -> Tensor:
        """Return (B, w0, T) from what the reader found and noise (B, Z, T/8)."""
        h: Tensor = self.idea(skips[-1] + self.z(z))
        for up, skip in zip(self.ups, reversed(skips[:-1]), strict=True):
            h = up(torch.cat([h.repeat_interleave(2, dim=2), skip], dim=1))
        return h


class TrackHead(nn.Module):
    """Logits of one track from the features and from voices that are there already."""

    def __init__(self, config: GanConfig, n_known: int) -> None:
        super().__init__()
        w = config.widths[0]
        self.known = Enter(w + n_known * LINE, w, 3)
        self.block = Block(w, config.dropout)
        self.out = nn.Conv1d(w, CLASSES, 1)

    def forward(self, features: Tensor, known: Sequence[Tensor]) -> Tensor:
        """Return logits (B, T, C) from (B, W, T) and `line_features` of known voices."""
        h = self.block(self.known(torch.cat([features, *known], dim=1)))
        logits: Tensor = self.out(h)
        return logits.transpose(1, 2).float()


class DrumHead(nn.Module):
    """Logits of nine drums per step; each is a binary neuron of its own."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self.enter = Enter(config.widths[0], 96, 5)
        self.out = nn.Conv1d(96, N_DRUMS, 5, padding=2)

    def forward(self, features: Tensor) -> Tensor:
        """Return (B, 9, T)."""
        logits: Tensor = self.out(self.enter(features))
        return logits.float()


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a generator states for B windows.

    `logits` (B, K, T, C); `classes` (B, K, T, C) the drawn classes, one-hot, with gradients that
    pass straight through; `drum_logits` and `drums` (B, 9, T) the same for drums.
    """

    logits: Tensor
    classes: Tensor
    drum_logits: Tensor
    drums: Tensor


class Generator(nn.Module):
    """A melody window and dice in, accompanying tracks out."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self.config = config
        alone = config.is_musegan
        z = config.z_channels + (config.z_private if alone else 0)
        self.reader = MelodyReader(config)
        self.decoders = nn.ModuleList(
            Decoder(config, z, deep=not alone) for _ in range(TRACKS if alone else 1)
        )
        self.heads = nn.ModuleList(TrackHead(config, 1 if alone else k + 1) for k in range(TRACKS))
        self.drums = DrumHead(config)

    def forward(
        self, given: Windows, dice: Dice, *, truth: Tensor | None = None,
        heat: Heat = AS_TRAINED, wants_gradient: bool = True,
    ) -> Drawn:  # fmt: skip
        """Return logits and draws. With `truth`, class numbers (B, K, T), heads see the truth."""
        skips = self.reader(given)
        features = [
            decoder(skips, z) for decoder, z in zip(self.decoders, self._noise(dice.z), strict=True)
        ]
        drum_logits = self.drums(features[0])
        drums = _binary(drum_logits / heat.rhythm + dice.drums)
        known = [line_features(one_hot_rows(given.melody), given.strike.float())]
        logits, classes = [], []
        for k, head in enumerate(self.heads):
            stated = head(features[k % len(features)], known)
            drawn = _one_of(
                (stated if heat == AS_TRAINED else heat.on(stated, k)) + dice.classes[:, k]
            )
            logits.append(stated)
            classes.append(drawn)
            if not self.config.is_musegan:
                shown = drawn if truth is None else F.one_hot(truth[:, k], CLASSES).float()
                known.append(_as_line(shown, wants_gradient=wants_gradient and truth is None))
        return Drawn(torch.stack(logits, 1), torch.stack(classes, 1), drum_logits, drums)

    def _noise(self, z: Tensor) -> list[Tensor]:
        """Split the noise into what each decoder gets: the shared part and its private part."""
        if not self.config.is_musegan:
            return [z]
        shared, private = z[:, : self.config.z_channels], z[:, self.config.z_channels :]
        return [torch.cat([shared, own], dim=1) for own in private.chunk(TRACKS, dim=1)]


def _as_line(classes: Tensor, *, wants_gradient: bool) -> Tensor:
    """Return `line_features` of a track's one-hot classes (B, T, C)."""
    exact = held_exactly(classes.argmax(dim=-1))
    cells = held(classes[:, None])[:, 0] if wants_gradient else exact
    return line_features(cells, classes[..., :ROWS].sum(dim=2))


def _one_of(scores: Tensor) -> Tensor:
    """Return the highest score's one-hot vector, with the gradient of the softmax."""
    soft = scores.softmax(dim=-1)
    hard = F.one_hot(scores.argmax(dim=-1), scores.shape[-1]).to(soft.dtype)
    return hard + soft - soft.detach()


def _binary(scores: Tensor) -> Tensor:
    """Return 1 where the score is positive, with the gradient of the sigmoid."""
    soft = scores.sigmoid()
    return (scores > 0).to(soft.dtype) + soft - soft.detach()
