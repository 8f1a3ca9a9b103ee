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

    Measured by `python -m ml.training.probe` on a shared core of an AMD EPYC without AMX.
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
        Preset("coffee", 15, _gan("medium", 2000, 16, 3, 50)),
        Preset("overnight", 480, _gan("shipped", 24_000, 32, 5, 250)),
    ),
    "ar_cnn": (
        Preset("quick", 2, _tuning(240, 3e-4, 40)),
        Preset("coffee", 15, _tuning(2000, 5e-4, 100)),
        Preset("overnight", 480, _tuning(65_000, 2e-3, 500, "nothing")),
    ),
    "transformer": (
        Preset("quick", 2, _tuning(80, 1e-4, 10)),
        Preset("coffee", 15, _tuning(700, 2e-4, 25)),
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

    The size `tiny`, which is for tests, counts as the next larger one.

    :raises KeyError: if there is no such kind, size or algorithm
    """
    size = settings["size"]
    if kind != "gan":
        step, point = _OTHERS[kind, "shipped" if size == "tiny" else size]
        return 1 / (step + point / float(settings["points_every"]))
    cost = _COSTS[settings["algorithm"], "small" if size == "tiny" else size]
    n = int(settings["batch_size"])
    warm, critic, generator = (a + b * n for a, b in (cost.warm, cost.critic, cost.generator))
    against = generator + int(settings["critic_updates"]) * critic
    mean = WARM_SHARE * (warm + critic / 4) + (1 - WARM_SHARE) * against
    return 1 / (mean + cost.point / float(settings["points_every"]))


def estimate(kind: str, settings: Settings, speed: float | None = None) -> float:
    """Return how many seconds of one core a run takes.

    :param speed: iterations per second that were measured with these settings on the machine in
        question (`ml.training.probe.measure`, or an earlier run), or None for `usual_speed`
    """
    return START_SECONDS + int(settings["iterations"]) / (speed or usual_speed(kind, settings))


def speed_for(kind: str, settings: Settings, *, measured: float, at: Settings) -> float:
    """Return the speed of other settings than those `at` which it was `measured`, by proportion."""
    return measured * usual_speed(kind, settings) / usual_speed(kind, at)


_COSTS: dict[tuple[str, str], _Cost] = {
    ("unet", "small"): _Cost((0.052, 0.00374), (0.022, 0.00256), (0.154, 0.004), 0.4),
    ("unet", "medium"): _Cost((0.063, 0.00605), (0.043, 0.00385), (0.124, 0.00807), 0.51),
    ("unet", "shipped"): _Cost((0.09, 0.00772), (0.025, 0.00592), (0.214, 0.00947), 0.81),
    ("musegan", "small"): _Cost((0.039, 0.00292), (0.051, 0.00055), (0.033, 0.00641), 0.28),
    ("musegan", "medium"): _Cost((0.044, 0.00448), (0.036, 0.00202), (0.07, 0.00681), 0.34),
    ("musegan", "shipped"): _Cost((0.058, 0.00623), (0.037, 0.00517), (0.092, 0.00835), 0.47),
}
_OTHERS = {("ar_cnn", "shipped"): (0.344, 1.44), ("transformer", "shipped"): (1.17, 0.65)}
"""Seconds of an iteration and of a point on two dozen pieces."""
