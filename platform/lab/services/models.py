"""Naming, sharing and deleting models that people trained."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from lab.models import CustomModel, TrainingRun
from lab.services.room import lock_person
from lab.wording import Visibility
from ml.music.text import clean_name
from studio.services.discarding import discard_files

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What a run made: files that are stored already, and the card."""

    name: str
    key: str
    card_key: str
    sha256: str
    size: int
    card: Mapping[str, Any]


def insert_model(*, run: TrainingRun, weights: Weights, now: datetime) -> CustomModel:
    """Make the model of a run, private and named after its music. Once made, it is returned."""
    earlier = CustomModel.objects.filter(run=run).first()
    if earlier is not None:
        return earlier
    name = clean_name(str(run.data.get("name", "")))[:LONGEST_NAME].strip() or _("My model")
    model = CustomModel(
        owner=run.owner,
        run=run,
        name=name,
        technique=run.technique,
        weights=weights.name,
        weights_key=weights.key,
        card_key=weights.card_key,
        sha256=weights.sha256,
        size=weights.size,
        card=dict(weights.card),
        created_at=now,
        updated_at=now,
    )
    while True:
        model.version = _next_version(run.owner, name)
        try:
            with transaction.atomic():
                model.save(force_insert=True)
        except IntegrityError:  # another run of the owner's took this number
            continue
        return model


def _next_version(owner: User, name: str) -> int:
    """Return the number of a person's next model of this name, deleted ones counted."""
    last = CustomModel.objects.filter(owner=owner, name=name).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


@transaction.atomic
def change_model(
    *,
    model: CustomModel,
    now: datetime,
    name: str | None = None,
    description: str | None = None,
    visibility: Visibility | None = None,
) -> CustomModel:
    """Give a model another name or description, or say who may see and use it."""
    lock_person(model.owner)
    model = CustomModel.objects.select_for_update(of=("self",)).get(pk=model.pk)
    cleaned = clean_name(name or "")[:LONGEST_NAME].strip()
    if cleaned and cleaned != model.name:
        model.name, model.version = cleaned, _next_version(model.owner, cleaned)
    if description is not None:
        model.description = description.strip()
    if visibility is not None:
        model.visibility = visibility
    model.updated_at = now
    model.save(update_fields=["name", "version", "description", "visibility", "updated_at"])
    return model


@transaction.atomic
def delete_model(*, model: CustomModel, now: datetime) -> None:
    """Delete a model with its files. Music made with it still says what it was called.

    Deleting it twice is deleting it once.
    """
    model = CustomModel.objects.select_for_update(of=("self",)).get(pk=model.pk)
    if model.deleted_at is not None:
        return
    model.deleted_at = model.updated_at = now
    model.visibility = Visibility.PRIVATE
    model.save(update_fields=["deleted_at", "updated_at", "visibility"])
    discard_files(keys=[model.weights_key, model.card_key], now=now)
