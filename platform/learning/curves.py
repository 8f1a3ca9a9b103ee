"""The training curves that the cards of the shipped models hold."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from ml.techniques import WEIGHTS

CURVES = {
    "transformer": ("Transformer", "valid_chorale", "Nats per note"),
    "ar_cnn": ("AR-CNN", "valid", "Nats per hidden cell"),
    "gan_unet": ("GAN (U-Net), warm-up and after", "ce", "Cross-entropy per cell"),
}
"""Name, the column of the card that shows progress, and what that counts."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Values at some moments of a training, the earliest first."""

    what: str
    minutes: tuple[float, ...]
    iterations: tuple[int, ...]
    values: tuple[float, ...]


@cache
def card(name: str) -> Any:
    """Return the card of a weight file; the answer is shared."""
    return json.loads((WEIGHTS / f"{name}.json").read_text(encoding="utf-8"))


@cache
def curve_of(name: str) -> Curve:
    """Return how a shipped model came along."""
    _, column, what = CURVES[name]
    rows = [row for row in card(name)["curves"] if column in row]
    return Curve(
        what,
        tuple(row["seconds"] / 60 for row in rows),
        tuple(row["iteration"] for row in rows),
        tuple(row[column] for row in rows),
    )


def column(name: str, key: str) -> list[tuple[float, float]]:
    """Return (iteration, value) of one column of a card's curves, where it has a value."""
    return [(float(row["iteration"]), row[key]) for row in card(name)["curves"] if key in row]
