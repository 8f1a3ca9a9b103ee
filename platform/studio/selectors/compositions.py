"""What people and guests keep, and where each piece comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from studio.holders import Holder, held_by
from studio.models import Composition, CompositionVersion, Generation
from studio.retention import restorable_since

LONGEST_LINEAGE = 100  # steps that are followed back

ORDERS: dict[str, tuple[StrOrPromise, Sequence[Any]]] = {
    "newest": (_("Newest first"), (F("created_at").desc(), F("pk").desc())),
    "changed": (_("Last changed first"), (F("updated_at").desc(), F("pk").desc())),
    "title": (_("By title"), (Lower("title"), F("pk"))),
    "longest": (_("Longest first"), (F("seconds").desc(), F("pk").desc())),
}
"""The orders in which a list can be read: name for addresses, label, columns."""


def compositions_of(holder: Holder | None) -> QuerySet[Composition]:
    """Return what a person or guest keeps, the last one first; a stranger keeps nothing."""
    return (
        Composition.objects.kept()
        .filter(held_by(holder))
        .select_related("generation__input", "source")
        .order_by("-created_at", "-pk")
    )


def deleted_compositions_of(holder: Holder | None, now: datetime) -> QuerySet[Composition]:
    """Return what a person or guest deleted and can still bring back, the last one first."""
    return (
        Composition.objects.deleted_since(restorable_since(now))
        .filter(held_by(holder))
        .select_related("generation__input", "source")
        .order_by("-deleted_at", "-pk")
    )


def versions_of(composition: Composition) -> QuerySet[CompositionVersion]:
    """Return the states of a composition's music that are kept, the present one first."""
    return composition.versions.order_by("-number")


@dataclass(frozen=True, slots=True)
class Step:
    """A generation on the way to a composition, and the composition that it worked on."""

    input: Composition
    generation: Generation


def lineage_of(composition: Composition) -> list[Step]:
    """Return the generations that led to a composition, the first one first.

    A copy has those of the piece that it is a copy of.
    """
    steps: list[Step] = []
    current: Composition | None = composition
    for _step in range(LONGEST_LINEAGE):
        if current is None:
            break
        if current.generation_id is None:
            current = current.source
            continue
        generation = Generation.objects.select_related("input", "job").get(pk=current.generation_id)
        steps.append(Step(generation.input, generation))
        current = generation.input
    return steps[::-1]


def lineage_as_json(composition: Composition) -> list[dict[str, Any]]:
    """Return a composition's lineage as a submission keeps it."""
    return [step.generation.step() for step in lineage_of(composition)]
