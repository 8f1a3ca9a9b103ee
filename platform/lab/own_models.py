"""The Lab's models as the Studio offers them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.models import User
from lab.models import CustomModel
from lab.selectors.models import models_of, models_open_to, public_models
from ml.techniques.parameters import ACCOMPANY_STYLES
from studio.holders import Holder
from studio.own_models import PREFIX, OwnModel
from studio.wording import Technique

OFFERED = 50  # of each: one's own and the newest public ones


class LabModels:
    """The models that people trained in the Lab."""

    def offered(self, holder: Holder | None) -> Sequence[OwnModel]:
        """Return somebody's own models, then other people's public ones."""
        person = holder if isinstance(holder, User) else None
        own = list(models_of(person)[:OFFERED]) if person is not None else []
        others = public_models().exclude(owner=person) if person is not None else public_models()
        return [_told(model, person) for model in (*own, *others[:OFFERED])]

    def found(self, holder: Holder | None, name: str) -> OwnModel | None:
        """Return the model of that name if it is one's own, unlisted or public."""
        person = holder if isinstance(holder, User) else None
        try:
            key = UUID(name.removeprefix(PREFIX))
        except ValueError:
            return None
        model = models_open_to(person).filter(pk=key).first()
        return None if model is None else _told(model, person)


def _told(model: CustomModel, person: User | None) -> OwnModel:
    is_mine = model.owner_id == getattr(person, "pk", None)
    return OwnModel(
        name=model.own_name,
        title=model.label if is_mine else f"{model.label} ({model.owner.public_name})",
        technique=model.technique,
        weights=model.weights,
        sha256=model.sha256,
        key=model.weights_key,
        card_key=model.card_key,
        api_path=reverse("api-custom-model", kwargs={"pk": model.pk}),
        is_mine=is_mine,
        fixed=_fixed(model),
    )


def _fixed(model: CustomModel) -> dict[str, Any]:
    """Return what a GAN's weights decide whatever is asked for: algorithm and style."""
    if model.technique != Technique.ACCOMPANY:
        return {}
    style = next((s for s in model.styles if s in ACCOMPANY_STYLES), ACCOMPANY_STYLES[0])
    return {"algorithm": model.weights.removeprefix("gan_"), "style": style}
