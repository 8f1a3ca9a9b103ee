"""A critic of the shipped U-Net, without torch: how real four bars of accompaniment look to it.

`ml.lessons.train_critic` trained it; `recorded/critic.json` says how, and how well it tells apart.
A critic's score has no unit and no zero: it says something only beside the score of another
accompaniment of the same melody.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.lessons import FOLDER, Row

STEPS, ROWS, TRACKS = 64, 48, 3
BAR = 16
N_STYLES = 4
"""Of the GAN; style 0 is the chorale."""

N_DRUMS = 9

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Critic:
    """Weights by name, as `train_critic.WindowCritic` has them, and its card."""

    weights: dict[str, Floats]
    card: dict[str, Any]

    def score(self, rows: list[Row], base: int) -> float:
        """Return how real the lower voices of four bars look to go with the top one.

        :param rows: notes as (voice 0-3, first step, steps, pitch) in bars of 4/4, 0 the melody
        :param base: the pitch of row 0; what lies outside its 48 rows is moved by octaves
        """
        planes = planes_of(rows, base)
        seen = np.concatenate([self._rolls(planes), self._chroma(planes), self._steps()])
        joined = _leaky(self._conv("join", _leaky(seen), pad=1))
        out = self.weights["out.weight"][0] @ joined.mean(axis=1)
        return float(out + self.weights["out.bias"][0])

    def _rolls(self, planes: Floats) -> Floats:
        h = planes
        for number in range(3):
            h = _leaky(self._conv2("rolls", number, h, stride=(2, 2), pad=1))
        return self._conv("columns", h.swapaxes(1, 2).reshape(-1, h.shape[1]))

    def _chroma(self, planes: Floats) -> Floats:
        folded = planes.reshape(len(planes), STEPS, ROWS // 12, 12).sum(axis=2)
        h = np.concatenate([folded, folded[..., :11]], axis=2)  # pitch classes are a circle
        for number, stride in enumerate(((1, 1), (4, 1), (2, 1))):
            h = _leaky(self._conv2("chroma", number, h, stride=stride))
        return np.asarray(h.mean(axis=2))

    def _steps(self) -> Floats:
        style = np.zeros((N_STYLES, STEPS), dtype=np.float32)
        style[0] = 1
        silent = np.zeros((N_DRUMS, STEPS), dtype=np.float32)
        h = np.concatenate([silent, phases(), style])
        for number, stride in enumerate((4, 2)):
            h = _leaky(self._conv(f"steps.{number}", h, stride=stride))
        return h

    def _conv(self, name: str, x: Floats, *, stride: int = 1, pad: int = 0) -> Floats:
        weight, bias = (self.weights[f"eyes.{name}.{part}"] for part in ("weight", "bias"))
        return _convolved(x[..., None], weight[..., None], bias, (stride, 1), (pad, 0))[..., 0]

    def _conv2(
        self, name: str, number: int, x: Floats, *, stride: tuple[int, int], pad: int = 0
    ) -> Floats:  # fmt: skip
        weight, bias = (self.weights[f"eyes.{name}.{number}.{p}"] for p in ("weight", "bias"))
        return _convolved(x, weight, bias, stride, (pad, pad))


def _convolved(
    x: Floats, weight: Floats, bias: Floats, stride: tuple[int, int], pad: tuple[int, int]
) -> Floats:
    """Return (O, H', W') for x (C, H, W) and weight (O, C, h, w)."""
    padded = np.pad(x, ((0, 0), (pad[0], pad[0]), (pad[1], pad[1])))
    views = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], axis=(1, 2))
    some = views[:, :: stride[0], :: stride[1]]  # (C, H', W', h, w)
    found = np.tensordot(weight, some, axes=((1, 2, 3), (0, 3, 4)))
    return np.asarray(found + bias[:, None, None], dtype=np.float32)


def _leaky(x: Floats) -> Floats:
    return np.where(x > 0, x, np.float32(0.2) * x)


def planes_of(rows: list[Row], base: int) -> Floats:
    """Return what sounds and what is struck, (8, 64, 48): of the melody, of bass to alto."""
    sounds = np.zeros((1 + TRACKS, STEPS, ROWS), dtype=np.float32)
    struck = np.zeros_like(sounds)
    for voice, start, length, pitch in rows:
        row = _folded(pitch - base)
        sounds[voice, start : start + length, row] = 1
        struck[voice, start, row] = 1
    upward = [3, 2, 1]  # the GAN counts its tracks from the bass
    return np.concatenate([sounds[:1], struck[:1], sounds[upward], struck[upward]])


def _folded(row: int) -> int:
    if row < 0:
        return row % 12
    return ROWS - 12 + row % 12 if row >= ROWS else row


def phases() -> Floats:
    """Return what each step of four bars of 4/4 is to the metre, (9, 64), as the GAN reads it."""
    at = np.arange(STEPS) % BAR
    turn = 2 * np.pi * at / BAR
    none = np.zeros(STEPS)
    planes = (at == 0, at % 4 == 0, at % 2 == 0, at % 8 == 0, np.sin(turn), np.cos(turn),
              none, none, none)  # fmt: skip
    return np.stack([np.asarray(plane, dtype=np.float32) for plane in planes])


@cache
def critic() -> Critic:
    """Return the trained critic."""
    with np.load(FOLDER / "critic.npz") as kept:
        weights = {name: kept[name].astype(np.float32) for name in kept.files}
    return Critic(weights, json.loads((FOLDER / "critic.json").read_text(encoding="utf-8")))
