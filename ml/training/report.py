"""What a finished run prints for programs: its card, the losses, the measures, and the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

LOSSES = ("generator_loss", "critic_loss", "ce", "train", "valid")
"""The columns of the curves that are losses, as far as a kind of model has them."""

Point = Mapping[str, float]


def report(card: Mapping[str, Any], out: Path) -> dict[str, Any]:
    """Return the card with `losses`, `metrics` and `paths`; its `curves` stay beside them.

    `losses` holds for each loss the `first`, the `last` and the `curve` of pairs (iteration, loss);
    `metrics` the measures of what was `generated` last beside those of `held_out` music, by name.
    """
    curve: Sequence[Point] = card["curves"]
    held_out: Mapping[str, Any] = card.get("held_out", {})
    return {
        **card,
        "losses": {name: _loss(curve, name) for name in LOSSES if any(name in p for p in curve)},
        "metrics": {
            "generated": {name: _last(curve, name) for name in _measured(curve)},
            "held_out": held_out,
        },
        "paths": paths(str(card["name"]), out),
    }


def paths(name: str, out: Path) -> dict[str, str]:
    """Return the files that a run left in its folder, those that are there."""
    files = {
        "weights": f"{name}.safetensors",
        "card": f"{name}.json",
        "curve": "curve.json",
        "svg": "curve.svg",
        "samples": f"{name}.samples.json",
        "checkpoint": "checkpoint.safetensors",
    }
    return {key: str(out / file) for key, file in files.items() if (out / file).exists()}


def _loss(curve: Sequence[Point], name: str) -> dict[str, Any]:
    points = [(p["iteration"], p[name]) for p in curve if name in p]
    return {"first": points[0][1], "last": points[-1][1], "curve": points}


def _measured(curve: Sequence[Point]) -> list[str]:
    """Return the columns that are measures of the music: of a GAN, or losses on valid pieces."""
    others = {"iteration", "seconds", "kl", "wasserstein", "wrong_melody", "penalty", *LOSSES}
    return list(dict.fromkeys(name for point in curve for name in point if name not in others))


def _last(curve: Sequence[Point], name: str) -> float:
    return next(point[name] for point in reversed(curve) if name in point)
