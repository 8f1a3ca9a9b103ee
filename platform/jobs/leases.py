"""Claiming: how a worker gets the next job of a queue, and what it then holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Exists

from jobs import kinds, transitions
from jobs.errors import CancelRequested, LeaseLost
from jobs.models import Job, JobQuerySet
from jobs.states import FENCED_OUT, State, Step

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's right to one attempt at a job, until it ends or the worker falls silent."""

    job: Job
    attempt: int
    worker: str

    def held(self) -> JobQuerySet:
        """Return the job as a query that is empty once the lease is over."""
        return Job.objects.leased().filter(pk=self.job.pk, attempt=self.attempt, worker=self.worker)


def claim(*, queue: str, worker: str, now: datetime) -> Lease | None:
    """Give `worker` the best ready job of `queue`: by priority, then fair turn, then id.

    Return None if there is none, or if none may start now: a job that took down two workers in a
    row runs alone in its queue, and a kind may bound how many of its jobs run at once.
    """
    names = [kind.name for kind in kinds.in_queue(queue)]
    if not Job.objects.ready().filter(queue=queue, kind__in=names).exists():
        return None  # most rings that find nothing end here, without a write
    with transaction.atomic():
        job = _choose(queue, names)
        return None if job is None else _give(job, worker, now)


def claim_companions(*, lease: Lease, at_most: int, now: datetime) -> list[Lease]:
    """Give the holder of `lease` further ready jobs, to be worked on together with its own.

    They share its kind and batch, and nobody has tried them before: a job that failed, or took its
    worker down, is tried again alone, so that it cannot harm the same companions twice.
    """
    lead = lease.job
    if not lead.batch or lease.attempt > 1 or kinds.get(lead.kind).max_parallel is not None:
        return []
    with transaction.atomic():
        waiting = Job.objects.filter(
            queue=lead.queue, kind=lead.kind, batch=lead.batch, state=State.READY, attempt=0
        )
        jobs = list(_skipping_locked(waiting.in_order())[:at_most])
        leases = [_give(job, lease.worker, now) for job in jobs]
    return [companion for companion in leases if companion is not None]


def _give(job: Job, worker: str, now: datetime) -> Lease | None:
    """Lease a chosen job to `worker`, unless somebody was faster."""
    taken = transitions.take(
        job,
        Step.CLAIMED,
        now=now,
        attempt=job.attempt + 1,
        worker=worker,
        lease_until=now + kinds.get(job.kind).lease,
        started_at=now,
        progress=0.0,
        message="",
    )
    return Lease(job=job, attempt=job.attempt, worker=worker) if taken else None


def _choose(queue: str, names: list[str]) -> Job | None:
    """Lock and return the job to claim next."""
    leased = Job.objects.leased().filter(queue=queue)
    while names:
        waiting = Job.objects.ready().filter(queue=queue, kind__in=names).in_order()
        job = _lock_first(waiting.annotate(suspect_runs=Exists(leased.suspect())))
        if job is None or job.suspect_runs:  # type: ignore[attr-defined]
            return None
        if job.is_suspect:
            _one_at_a_time(queue)
            return None if leased.exists() else job
        limit = kinds.get(job.kind).max_parallel
        if limit is None:
            return job
        _one_at_a_time(f"{queue}/{job.kind}")
        if Job.objects.leased().filter(kind=job.kind).count() < limit:
            return job
        names = [name for name in names if name != job.kind]
    return None


def _lock_first(jobs: JobQuerySet) -> Job | None:
    return _skipping_locked(jobs).filter(state=State.READY).first()


def _skipping_locked(jobs: JobQuerySet) -> JobQuerySet:
    if connection.features.has_select_for_update_skip_locked:
        return jobs.select_for_update(skip_locked=True, of=("self",))
    return jobs


def _one_at_a_time(name: str) -> None:
    """Make claims that have to count what runs wait for each other until they are committed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"jobs/{name}"]
            )


class LeaseOver(Exception):
    """The lease is over: whatever the transaction did is undone."""


def hold(lease: Lease) -> Job:
    """Lock and return the leased job.

    :raises LeaseOver: if the lease is over
    """
    job = lease.held().select_for_update().first()
    if job is None:
        raise LeaseOver
    return job


def record_during(lease: Lease, record: Callable[[], T]) -> T:
    """Run `record` in one transaction that only the holder of the lease can make; the job goes on.

    :raises LeaseLost: if the lease is over
    :raises CancelRequested: if somebody cancelled the job
    """
    try:
        with transaction.atomic():
            if hold(lease).cancel_requested:
                raise CancelRequested
            return record()
    except LeaseOver:
        raise LeaseLost from None


def was_mine(lease: Lease) -> bool:
    """Return whether this very attempt succeeded before: its commit arrived, the answer did not."""
    return Job.objects.filter(
        pk=lease.job.pk, state=State.SUCCEEDED, attempt=lease.attempt, worker=lease.worker
    ).exists()


def fence_out(lease: Lease, *, now: datetime) -> bool:
    """Write to the job's history that the holder of an old lease came too late."""
    job = Job.objects.filter(pk=lease.job.pk).first()
    if job is not None:
        transitions.note(job, FENCED_OUT, now=now, attempt=lease.attempt, worker=lease.worker)
    return False
