"""What the techniques need, and whether they run here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from ml.techniques import (
    SHIPPED,
    TECHNIQUES,
    ModelUnavailable,
    Parameter,
    describe,
    read_card,
    unavailable,
)
from studio.wording import Plain, plain


@dataclass(frozen=True, slots=True)
class ModelView:
    """Weights of a technique: their hash and card, or why they cannot be used."""

    name: str
    sha256: str
    card: dict[str, Any] | None
    unavailable: str


@dataclass(frozen=True, slots=True)
class TechniqueView:
    """A technique as people choose it. `unavailable` is empty if it runs here."""

    name: str
    plain: Plain
    parameters: Sequence[Parameter]
    unavailable: str
    models: Sequence[ModelView]


def techniques() -> list[TechniqueView]:
    """Return all techniques in the order in which they are offered."""
    return [
        TechniqueView(
            name=name,
            plain=plain(name),
            parameters=describe(name),
            unavailable=unavailable(name, folder=settings.WEIGHTS_DIR),
            models=[_model(weights) for weights in SHIPPED[name]],
        )
        for name in TECHNIQUES
    ]


def _model(name: str) -> ModelView:
    try:
        card = read_card(name, folder=settings.WEIGHTS_DIR)
    except ModelUnavailable as error:
        return ModelView(name, "", None, error.detail)
    return ModelView(name, card.sha256, card.about, "")
