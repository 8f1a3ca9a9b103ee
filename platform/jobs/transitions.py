"""The one place where a job's state changes: a guarded UPDATE and a line of history per step."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from jobs import bell, kinds
from jobs.errors import IllegalStep, UnknownKind
from jobs.models import Job, JobEvent
from jobs.states import EDGES, FINAL, Fault, State, Step


@transaction.atomic
def take(
    job: Job,
    step: Step,
    *,
    now: datetime,
    actor: User | None = None,
    detail: str = "",
    **changes: Any,
) -> bool:
    """Take `job` one step, if the database still has it in the state and attempt of this object.

    Return whether it moved; the object then shows the new state. Fields in `changes` are stored by
    the same UPDATE. A step into READY rings the bell after commit, a step into a final state runs
    the kind's `on_end` in this transaction.

    :raises IllegalStep: if the transition table has no such step from the job's state
    """
    source, edge, attempt = State(job.state), EDGES[step], job.attempt
    if source not in edge.sources:
        raise IllegalStep(
            _("A job cannot be {step} when it is {source}.").format(step=step, source=source)
        )
    values = _entering(edge.target, now) | changes | {"state": edge.target}
    if not Job.objects.filter(pk=job.pk, state=source, attempt=attempt).update(**values):
        return False
    for name, value in values.items():
        setattr(job, name, value)
    note(job, step, now=now, from_state=source, actor=actor, detail=detail)
    if edge.target == State.READY:
        bell.ring_after_commit(job.queue)
    if edge.target in FINAL:
        _end(job, now=now)
    return True


def note(
    job: Job,
    name: str,
    *,
    now: datetime,
    from_state: str | None = None,
    actor: User | None = None,
    detail: str = "",
    attempt: int | None = None,
    worker: str | None = None,
) -> None:
    """Write a line of history; by default about the job as it stands."""
    JobEvent.objects.create(
        job=job,
        at=now,
        name=name,
        from_state=job.state if from_state is None else from_state,
        to_state=job.state,
        attempt=job.attempt if attempt is None else attempt,
        worker=job.worker if worker is None else worker,
        actor=actor,
        detail=detail,
    )


def _entering(target: State, now: datetime) -> dict[str, Any]:
    """Return what every step into `target` stores, whichever step it is."""
    values: dict[str, Any] = {
        "lease_until": None,
        "finished_at": now if target in FINAL else None,
        "fault": "",
    }
    if target == State.READY:
        values |= {"rung_at": now, "not_before": None, "cancel_requested": False}
    return values


def _end(job: Job, *, now: datetime) -> None:
    try:
        on_end = kinds.get(job.kind).on_end
    except UnknownKind:  # a kind of another version of the site: nobody here to tell
        on_end = None
    if on_end is not None:
        on_end(job)
    for dependent in job.dependents.filter(state=State.WAITING):
        settle_waiting(dependent, now=now)


def settle_waiting(job: Job, *, now: datetime) -> bool:
    """Move a waiting job on if what it depends on has ended; return whether it moved."""
    states = set(job.depends_on.values_list("state", flat=True))
    if states & {State.FAILED, State.CANCELLED}:
        return take(
            job,
            Step.EXHAUSTED,
            now=now,
            fault=Fault.PLATFORM,
            error_code="dependency_failed",
            error_detail=gettext_noop("Another job that this one needs did not succeed."),
        )
    if states <= {State.SUCCEEDED}:
        return take(job, Step.RELEASED, now=now)
    return False
