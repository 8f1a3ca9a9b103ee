"""Where generations stand, and what they did."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from jobs.selectors import JobProgress, progress
from jobs.states import Fault, State
from studio.files import bytes_at
from studio.holders import Holder, held_by
from studio.models import Composition, Generation

PLATFORM_FAILED = _(
    "The site could not finish this generation. That was not your doing; the "
    "organizers see it. Ask for it again."
)


class GenerationState(StrEnum):
    """Where a generation stands, in one word. The last three are final."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINAL_STATES = frozenset(
    {GenerationState.SUCCEEDED, GenerationState.FAILED, GenerationState.CANCELLED}
)
STATES = {
    State.LEASED: GenerationState.RUNNING,
    State.SUCCEEDED: GenerationState.SUCCEEDED,
    State.FAILED: GenerationState.FAILED,
    State.CANCELLED: GenerationState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class GenerationView:
    """A generation with its job, and with its output if it has one that was not deleted.

    `code` and `detail` say why it has none, if it failed.
    """

    generation: Generation
    state: GenerationState
    job: JobProgress
    output: Composition | None
    code: str | None
    detail: str | None

    @property
    def is_final(self) -> bool:
        """Whether the state will not change by itself any more."""
        return self.state in FINAL_STATES


def generations_of(holder: Holder | None) -> QuerySet[Generation]:
    """Return the generations that a person or guest asked for, the last one first."""
    return (
        Generation.objects.filter(held_by(holder))
        .select_related("input", "job")
        .order_by("-created_at", "-pk")
    )


def state_of(generation: Generation) -> GenerationState:
    """Return where a generation stands, from the job as it was read."""
    return STATES.get(State(generation.job.state), GenerationState.WAITING)


def generation_view(*, generation: Generation, now: datetime) -> GenerationView:
    """Return where a generation stands, freshly read."""
    job = progress(generation.job, now)
    generation.job.state = job.state
    state = state_of(generation)
    if state == GenerationState.SUCCEEDED:
        generation.refresh_from_db(fields=RESULT_FIELDS)
    output = Composition.objects.kept().filter(generation=generation).first()
    code, detail = _why_failed(job) if state == GenerationState.FAILED else (None, None)
    return GenerationView(generation, state, job, output, code, detail)


RESULT_FIELDS = (
    "attempt",
    "model_sha256",
    "events_key",
    "n_events",
    "notes_in",
    "notes_out",
    "added",
    "removed",
    "seconds",
    "details",
)


def _why_failed(job: JobProgress) -> tuple[str, str]:
    if job.fault == Fault.INPUT:
        return job.error_code, job.error_detail
    return "platform_failed", gettext(PLATFORM_FAILED)


def events_of(generation: Generation) -> Sequence[dict[str, Any]]:
    """Return the edit events of a generation in the model's order, as `EditEvent.as_dict` writes.

    :raises StorageUnavailable: if the file store does not answer
    """
    if not generation.events_key:
        return []
    found: list[dict[str, Any]] = json.loads(bytes_at(generation.events_key))
    return found
