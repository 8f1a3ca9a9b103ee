"""What the techniques need, and whether they run here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.words import translated
from ml.techniques import (
    SHIPPED,
    TECHNIQUES,
    ModelUnavailable,
    Parameter,
    describe,
    read_card,
    unavailable,
)
from studio.holders import Holder
from studio.own_models import OwnModel, offered
from studio.wording import Plain, plain


@dataclass(frozen=True, slots=True)
class ModelView:
    """Weights of a technique: their hash and card, or why they cannot be used.

    Those that somebody trained have an `own` model, and their card elsewhere.
    """

    name: str
    technique: str
    sha256: str
    card: dict[str, Any] | None
    unavailable: str
    own: OwnModel | None = None

    @property
    def title(self) -> str:
        """What people read."""
        return self.name if self.own is None else self.own.title


@dataclass(frozen=True, slots=True)
class TechniqueView:
    """A technique as people choose it. `unavailable` is empty if it runs here."""

    name: str
    plain: Plain
    parameters: Sequence[Parameter]
    unavailable: str

    @property
    def models(self) -> Sequence[str]:
        """The names of its weights."""
        return SHIPPED[self.name]


def techniques() -> list[TechniqueView]:
    """Return all techniques in the order in which they are offered."""
    return [
        TechniqueView(
            name=name,
            plain=plain(name),
            parameters=describe(name),
            unavailable=translated(unavailable(name, folder=settings.WEIGHTS_DIR)),
        )
        for name in TECHNIQUES
    ]


def models() -> list[ModelView]:
    """Return the weights of all techniques."""
    return [_model(name, technique) for technique in TECHNIQUES for name in SHIPPED[technique]]


def models_for(holder: Holder | None) -> list[ModelView]:
    """Return the site's weights, then the models of people that somebody is offered."""
    own = [
        ModelView(model.name, model.technique, model.sha256, None, "", model)
        for model in offered(holder)
    ]
    return models() + own


def _model(name: str, technique: str) -> ModelView:
    try:
        card = read_card(name, folder=settings.WEIGHTS_DIR)
    except ModelUnavailable as error:
        return ModelView(name, technique, "", None, translated(error.detail))
    return ModelView(name, technique, card.sha256, card.about, "")
