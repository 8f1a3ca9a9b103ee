"""What a model's card says, as people read it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lab.models import CustomModel
from lab.wording import TECHNIQUES


def kind_of(model: CustomModel) -> str:
    """Return which kind of run makes models for this technique."""
    return next(kind for kind, technique in TECHNIQUES.items() if technique == model.technique)


def facts_of(model: CustomModel) -> list[dict[str, Any]]:
    """Return the facts of a model for `components/facts.html`."""
    card, trained = model.card, model.card.get("trained") or {}
    facts: list[dict[str, Any]] = [
        {"label": _("Model"), "value": model.weights},
        {"label": _("Trained on"), "value": _music(model)},
        {"label": _("Iterations"), "value": f"{trained.get('iterations', 0):,}"},
        {"label": _("Seed"), "value": str(card.get("seed", ""))},
    ]
    if parameters := card.get("parameters"):
        facts.append({"label": _("Weights"), "value": f"{parameters:,}"})
    facts.append({"label": _("Size"), "value": f"{model.size / 1e6:.1f} MB"})
    facts.append({"label": _("Made"), "instant": model.created_at})
    return facts


def _music(model: CustomModel) -> str:
    data: Mapping[str, Any] = model.run.data if model.run else {}
    return str(data.get("name") or model.card.get("style") or _("own music"))
