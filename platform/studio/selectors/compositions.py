"""A person's compositions, and where each comes from."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from studio.models import Composition, Generation

LONGEST_LINEAGE = 100  # steps that are followed back


def compositions_of(person: User) -> QuerySet[Composition]:
    """Return what a person keeps, the last one first."""
    return (
        Composition.objects.kept()
        .filter(owner=person)
        .select_related("generation__input")
        .order_by("-created_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A generation on the way to a composition, and the composition that it worked on."""

    input: Composition
    generation: Generation


def lineage_of(composition: Composition) -> list[Step]:
    """Return the generations that led to a composition, the first one first."""
    steps: list[Step] = []
    current = composition
    while current.generation_id is not None and len(steps) < LONGEST_LINEAGE:
        generation = Generation.objects.select_related("input", "job").get(pk=current.generation_id)
        steps.append(Step(generation.input, generation))
        current = generation.input
    return steps[::-1]


def lineage_as_json(composition: Composition) -> list[dict[str, Any]]:
    """Return a composition's lineage as a submission keeps it."""
    return [step.generation.step() for step in lineage_of(composition)]
