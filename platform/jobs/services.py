"""What people and workers do with jobs.

`now` is always the caller's; workers and the sweeper take it from `jobs.clock.database_now`, so
that leases do not depend on how well the clocks of several machines agree.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from jobs import bell, kinds, transitions
from jobs.errors import BadInput, JobNotOver, JobOver
from jobs.leases import (
    Lease,
    LeaseOver,
    claim,
    claim_companions,
    fence_out,
    hold,
    was_mine,
)
from jobs.models import LOSSES_UNTIL_FAILED, Job, JobLog
from jobs.states import CANCEL_REQUESTED, ENQUEUED, OPEN, Fault, Priority, State, Step

__all__ = [
    "Lease",
    "cancel",
    "claim",
    "claim_companions",
    "enqueue",
    "fail",
    "finish",
    "give_back",
    "heartbeat",
    "lose",
    "retry",
    "write_log",
]

PENALTY = timedelta(seconds=10)  # how far each open job of an owner pushes back their next one
LONGEST_REST = timedelta(minutes=5)
REST_AFTER_LOSS = timedelta(0)  # the next sweep, often the same one, wakes the job
Result = dict[str, Any] | None


@transaction.atomic
def enqueue(
    *,
    kind: str,
    now: datetime,
    payload: dict[str, Any] | None = None,
    owner: User | None = None,
    share: str = "",
    subject: str = "",
    priority: Priority = Priority.NORMAL,
    dedupe_key: str | None = None,
    depends_on: Iterable[Job] = (),
    batch: str = "",
) -> Job:
    """Make a job inside the caller's transaction; the workers hear of it after commit.

    Whoever has open jobs waits a little longer for their next one: the `owner`, or where there is
    none, whoever else `share` names. With a `dedupe_key` that an earlier job has, that job is
    returned as it is. A broker that is down changes nothing: the sweeper rings for the job later.
    Jobs of one `batch` may be worked on together, if their kind's handler can do that.

    :raises UnknownKind: if no app registered `kind`
    """
    rules, needed = kinds.get(kind), list(depends_on)
    job = Job(
        kind=kind,
        queue=rules.queue,
        state=State.WAITING if needed else State.READY,
        priority=priority,
        turn=now + PENALTY * _open_jobs(owner, share, rules.queue),
        owner=owner,
        share=share,
        subject=subject,
        payload=payload or {},
        dedupe_key=dedupe_key,
        batch=batch,
        max_attempts=rules.max_attempts,
        rung_at=None if needed else now,
        created_at=now,
    )
    if dedupe_key is not None:
        earlier = _insert_unless_known(job)
        if earlier is not None:
            return earlier
    else:
        job.save(force_insert=True)
    return _announce(job, needed, now=now)


def _insert_unless_known(job: Job) -> Job | None:
    known = Job.objects.filter(dedupe_key=job.dedupe_key).first()
    if known is None:
        try:
            with transaction.atomic():
                job.save(force_insert=True)
        except IntegrityError:  # somebody else was faster
            known = Job.objects.get(dedupe_key=job.dedupe_key)
    return known


def _announce(job: Job, needed: Sequence[Job], *, now: datetime) -> Job:
    transitions.note(job, ENQUEUED, now=now, from_state="")
    if needed:
        job.depends_on.set(needed)
        transitions.settle_waiting(job, now=now)
    else:
        bell.ring_after_commit(job.queue)
    return job


def _open_jobs(owner: User | None, share: str, queue: str) -> int:
    if owner is None and not share:
        return 0
    own = Q(owner=owner) if owner is not None else Q(share=share)
    return Job.objects.filter(own, queue=queue, state__in=OPEN).count()


@transaction.atomic
def cancel(*, job: Job, actor: User | None, now: datetime) -> Job:
    """Cancel a job at once, or ask the worker that holds it to stop at its next heartbeat.

    :raises JobOver: if the job has ended
    """
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.is_final:
        raise JobOver(_("This job has already ended."))
    if job.state == State.LEASED:
        if not job.cancel_requested:
            job.cancel_requested = True
            job.save(update_fields=["cancel_requested"])
            transitions.note(job, CANCEL_REQUESTED, now=now, actor=actor)
    else:
        transitions.take(job, Step.CANCELLED, now=now, actor=actor)
    return job


@transaction.atomic
def retry(*, job: Job, actor: User | None, now: datetime) -> Job:
    """Give a failed or cancelled job a fresh set of attempts.

    :raises JobNotOver: if the job has not failed and was not cancelled
    """
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state not in (State.FAILED, State.CANCELLED):
        raise JobNotOver(_("Only a failed or cancelled job can be tried again."))
    transitions.take(
        job,
        Step.RETRIED,
        now=now,
        actor=actor,
        turn=now,
        losses=0,
        progress=0,
        message="",
        error_code="",
        error_detail="",
        # Attempts go on counting: an attempt number is never used twice, so the fence holds.
        max_attempts=job.attempt + kinds.get(job.kind).max_attempts,
    )
    return job


def heartbeat(
    *, lease: Lease, now: datetime, progress: float | None = None, message: str | None = None
) -> bool:
    """Extend a lease and store how far the work is; return whether it is to go on.

    False means that the lease is lost or that somebody asked to cancel the job.
    """
    values: dict[str, Any] = {"lease_until": now + kinds.get(lease.job.kind).lease}
    if progress is not None:
        values["progress"] = min(1.0, max(0.0, progress))
    if message is not None:
        values["message"] = message[:200]
    return bool(lease.held().filter(cancel_requested=False).update(**values))


def write_log(*, lease: Lease, lines: Sequence[str], now: datetime) -> None:
    """Add lines to a job's log."""
    JobLog.objects.bulk_create(
        JobLog(job=lease.job, attempt=lease.attempt, at=now, line=line[:500]) for line in lines
    )


def finish(*, lease: Lease, record: Callable[[], Result], now: datetime) -> bool:
    """Run `record` and end the job as succeeded, in one transaction that only the holder can make.

    Return whether the result counts. A result that comes after the lease was lost is refused, and
    the refusal is written to the job's history. A job that somebody cancelled meanwhile ends as
    cancelled, without its record.
    """
    try:
        with transaction.atomic():
            job = hold(lease)
            if job.cancel_requested:
                transitions.take(job, Step.CANCELLED, now=now)
                return False
            result = record()
            if not transitions.take(
                job,
                Step.SUCCEEDED,
                now=now,
                result=result,
                progress=1.0,
                losses=0,
                error_code="",
                error_detail="",
            ):
                raise LeaseOver  # noqa: TRY301 - undoes the record
    except LeaseOver:
        return was_mine(lease) or fence_out(lease, now=now)
    return True


def fail(*, lease: Lease, error: BaseException, kind: Fault, now: datetime) -> bool:
    """End an attempt that failed; return whether the lease still held.

    Bad input fails the job at once. After a fault of the platform the job rests and is tried
    again until its attempts are used up.
    """
    code, detail = _describe(error)
    values: dict[str, Any] = {"error_code": code[:60], "error_detail": detail, "losses": 0}
    try:
        with transaction.atomic():
            job = hold(lease)
            if job.cancel_requested:
                return transitions.take(job, Step.CANCELLED, now=now, detail=detail, **values)
            if kind == Fault.INPUT:
                return transitions.take(
                    job, Step.REFUSED, now=now, detail=detail, fault=kind, **values
                )
            return _rest_or_end(job, Step.ERRED, now=now, detail=detail, **values)
    except LeaseOver:
        return was_mine(lease) or fence_out(lease, now=now)


def give_back(*, lease: Lease, now: datetime) -> bool:
    """Return an unfinished job to the queue because its worker stops, and count no attempt."""
    try:
        with transaction.atomic():
            job = hold(lease)
            if job.cancel_requested:
                return transitions.take(job, Step.CANCELLED, now=now)
            return transitions.take(
                job, Step.RETURNED, now=now, max_attempts=job.max_attempts + 1, progress=0
            )
    except LeaseOver:
        return False


def lose(*, job: Job, now: datetime, why: str) -> bool:
    """Take a job from a worker that fell silent; return whether it was still there to take.

    A job that did this to its workers three times in a row is not tried again.
    """
    losses = job.losses + 1
    values: dict[str, Any] = {"losses": losses, "error_code": "worker_lost", "error_detail": why}
    with transaction.atomic():
        if job.cancel_requested:
            return transitions.take(job, Step.CANCELLED, now=now, detail=why, **values)
        if losses >= LOSSES_UNTIL_FAILED:
            return transitions.take(
                job, Step.EXHAUSTED, now=now, detail=why, fault=Fault.PLATFORM, **values
            )
        return _rest_or_end(job, Step.LOST, now=now, detail=why, **values)


def _rest_or_end(job: Job, step: Step, *, now: datetime, detail: str, **values: Any) -> bool:
    if job.attempt >= job.max_attempts:
        return transitions.take(
            job, Step.EXHAUSTED, now=now, detail=detail, fault=Fault.PLATFORM, **values
        )
    rest = (
        REST_AFTER_LOSS
        if step == Step.LOST
        else rest_after(job.attempt, kinds.get(job.kind).backoff)
    )
    return transitions.take(
        job, step, now=now, detail=detail, not_before=now + rest, progress=0, **values
    )


def rest_after(attempt: int, base: timedelta) -> timedelta:
    """Return how long a job rests after its failed `attempt` (1, 2, ...).

    The rest doubles with each attempt up to five minutes; up to half of it is random, so that jobs
    that failed together do not come back together.
    """
    longest: timedelta = min(base * 2 ** (attempt - 1), LONGEST_REST)
    return longest * random.uniform(0.5, 1.0)


def _describe(error: BaseException) -> tuple[str, str]:
    if isinstance(error, BadInput):
        return error.code, error.detail
    return type(error).__name__, f"{type(error).__name__}: {error}"[:2000]
