"""What to train with when one does not want to choose, and how long it takes. Loads no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KINDS = ("gan", "ar_cnn", "transformer")

Settings = Mapping[str, Any]
"""Arguments of a kind's `train`: `iterations`, `size`, `learning_rate`, `points_every`; of the GAN
`algorithm`, `batch_size` and `critic_updates`; of the others `begin_from`, which is `shipped` for
fine-tuning the shipped weights (the argument `weights`) or `nothing`."""

SAMPLED_EVERY = ((1000, 50), (5000, 250), (20_000, 1000))
RARELY_SAMPLED = 5000
WARM_SHARE = 0.4
"""Share of a GAN's budget in which the generator learns by cross-entropy."""

START_SECONDS = 6.0  # to read music, build the networks and store the result


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings by name, for a run of about `minutes` on one core of an ordinary machine."""

    name: str
    minutes: float
    settings: Settings


@dataclass(frozen=True, slots=True)
class _Cost:
    """Seconds of one core: fixed and per window for each kind of update, and for a point.

    Measured by `python -m ml.training.probe` on a busy core of an AMD EPYC.
    """

    warm: tuple[float, float]
    critic: tuple[float, float]
    generator: tuple[float, float]
    point: float


def _gan(size: str, iterations: int, batch: int, critic: int, points: int) -> Settings:
    return {"algorithm": "unet", "size": size, "iterations": iterations, "batch_size": batch,
            "critic_updates": critic, "learning_rate": 2e-4, "points_every": points}  # fmt: skip


def _tuning(iterations: int, rate: float, points: int, begin_from: str = "shipped") -> Settings:
    return {"size": "shipped", "iterations": iterations, "learning_rate": rate,
            "points_every": points, "begin_from": begin_from}  # fmt: skip


PRESETS: dict[str, tuple[Preset, ...]] = {
    "gan": (
        Preset("quick", 2, _gan("small", 500, 16, 2, 25)),
        Preset("coffee", 15, _gan("medium", 2500, 16, 3, 50)),
        Preset("overnight", 480, _gan("shipped", 24_000, 32, 5, 250)),
    ),
    "ar_cnn": (
        Preset("quick", 2, _tuning(240, 3e-4, 40)),
        Preset("coffee", 15, _tuning(2000, 5e-4, 100)),
        Preset("overnight", 480, _tuning(65_000, 2e-3, 500, "nothing")),
    ),
    "transformer": (
        Preset("quick", 2, _tuning(70, 1e-4, 10)),
        Preset("coffee", 15, _tuning(600, 2e-4, 25)),
        Preset("overnight", 480, _tuning(20_000, 1.2e-3, 250, "nothing")),
    ),
}
"""From the shortest to the longest, by kind."""


def preset(kind: str, name: str) -> Preset:
    """Return a preset by its name.

    :raises KeyError: if there is no such kind or preset
    """
    return {found.name: found for found in PRESETS[kind]}[name]


def is_sampled(iteration: int) -> bool:
    """Return whether a GAN run takes a sample: every 50 iterations at first, more rarely later."""
    every = next((step for until, step in SAMPLED_EVERY if iteration <= until), RARELY_SAMPLED)
    return iteration % every == 0


def sampled_iterations(iterations: int) -> tuple[int, ...]:
    """Return at which iterations a GAN run of this length takes samples, the last one included.

    >>> sampled_iterations(120)
    (0, 50, 100, 120)
    """
    return (*(i for i in range(iterations) if is_sampled(i)), iterations)


def usual_speed(kind: str, settings: Settings) -> float:
    """Return iterations per second of one core, points included, as measured once (`_COSTS`).

    :raises KeyError: if there is no such kind, size or algorithm
    """
    if kind != "gan":
        step, point = _OTHERS[kind, settings["size"]]
        return 1 / (step + point / settings["points_every"])
    cost, n = _COSTS[settings["algorithm"], settings["size"]], settings["batch_size"]
    warm, critic, generator = (a + b * n for a, b in (cost.warm, cost.critic, cost.generator))
    against = generator + settings["critic_updates"] * critic
    mean = WARM_SHARE * (warm + critic / 4) + (1 - WARM_SHARE) * against
    return 1 / (mean + cost.point / settings["points_every"])


def estimate(kind: str, settings: Settings, speed: float | None = None) -> float:
    """Return how many seconds of one core a run takes.

    :param speed: iterations per second that were measured with these settings on the machine in
        question (`ml.training.probe.measure`, or an earlier run), or None for `usual_speed`
    """
    return START_SECONDS + settings["iterations"] / (speed or usual_speed(kind, settings))


def speed_for(kind: str, settings: Settings, *, measured: float, at: Settings) -> float:
    """Return the speed of other settings than those `at` which it was `measured`, by proportion."""
    return measured * usual_speed(kind, settings) / usual_speed(kind, at)


_COSTS: dict[tuple[str, str], _Cost] = {}
_OTHERS: dict[tuple[str, str], tuple[float, float]] = {}
