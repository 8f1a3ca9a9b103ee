"""Questions about jobs: how far is this one, is the queue well, what happened to that subject."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Count, Min, Q

from accounts.words import translated
from jobs import kinds
from jobs.errors import UnknownKind
from jobs.models import Job, JobQuerySet
from jobs.states import State

RECENT = 50  # ended jobs of a kind that its usual duration is taken from


@dataclass(frozen=True, slots=True)
class JobProgress:
    """What a person who waits for a job is told.

    `position` counts the jobs that go first, and is None unless the job is ready; `progress` is a
    share from 0 to 1; `eta` is how long the end is likely to take from now, None if unknown.
    """

    id: UUID
    kind: str
    state: str
    fault: str
    is_final: bool
    position: int | None
    age: timedelta
    attempt: int
    max_attempts: int
    progress: float
    message: str
    eta: timedelta | None
    error_code: str
    error_detail: str
    log: list[str]


@dataclass(frozen=True, slots=True)
class LeaseHealth:
    """A job at work: who holds it and when they were last heard of."""

    job: Job
    worker: str
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """How a queue is doing, for the people who run the site.

    `counts` maps kind and state to a number of jobs; `oldest_waiting` is the age of the job that
    has been ready longest.
    """

    counts: dict[str, dict[str, int]]
    oldest_waiting: timedelta | None
    oldest_leased: timedelta | None
    leases: list[LeaseHealth]
    active_workers: int
    failed_last_day: int


def progress(job: Job, now: datetime) -> JobProgress:
    """Return how far `job` is, freshly read."""
    job = Job.objects.get(pk=job.pk)
    place = position(job)
    return JobProgress(
        id=job.pk,
        kind=job.kind,
        state=job.state,
        fault=job.fault,
        is_final=job.is_final,
        position=place,
        age=timedelta(seconds=job.age(job.finished_at or now)),
        attempt=job.attempt,
        max_attempts=job.max_attempts,
        progress=job.progress,
        message=translated(job.message),
        eta=_eta(job, place, now),
        error_code=job.error_code,
        error_detail=translated(job.error_detail),
        log=_last_lines(job) if job.attempt else [],
    )


def _last_lines(job: Job) -> list[str]:
    return list(job.log_lines.order_by("-id").values_list("line", flat=True)[:10])[::-1]


def position(job: Job) -> int | None:
    """Return how many ready jobs of the queue go before `job`; None if it is not ready."""
    if job.state != State.READY:
        return None
    earlier = (
        Q(priority__lt=job.priority)
        | Q(priority=job.priority, turn__lt=job.turn)
        | Q(priority=job.priority, turn=job.turn, id__lt=job.pk)
    )
    return Job.objects.ready().filter(earlier, queue=job.queue).count()


def usual_duration(kind: str) -> timedelta | None:
    """Return the median duration of the last succeeded jobs of a kind; None before the first."""
    ended = Job.objects.filter(kind=kind, state=State.SUCCEEDED).order_by("-finished_at")
    spans = [
        (end - start).total_seconds()
        for start, end in ended.values_list("started_at", "finished_at")[:RECENT]
        if start is not None and end is not None
    ]
    return timedelta(seconds=median(spans)) if spans else None


def active_workers(queue: str) -> int:
    """Return how many worker processes hold a job of `queue`."""
    return Job.objects.leased().filter(queue=queue).values("worker").distinct().count()


def _eta(job: Job, place: int | None, now: datetime) -> timedelta | None:
    if job.is_final or job.state == State.WAITING:
        return None
    usual = usual_duration(job.kind)
    if usual is None:
        return None
    if job.state == State.LEASED and job.started_at is not None:
        return max(timedelta(0), usual - (now - job.started_at))
    rest = max(timedelta(0), job.not_before - now) if job.not_before else timedelta(0)
    return rest + usual * ((place or 0) / max(1, active_workers(job.queue)) + 1)


def queue_health(now: datetime) -> QueueHealth:
    """Return how all queues are doing together."""
    counts: dict[str, dict[str, int]] = {}
    for row in Job.objects.order_by().values("kind", "state").annotate(n=Count("pk")):
        counts.setdefault(row["kind"], {})[row["state"]] = row["n"]
    oldest = Job.objects.aggregate(
        ready=Min("rung_at", filter=Q(state=State.READY)),
        leased=Min("started_at", filter=Q(state=State.LEASED)),
    )
    leases = [_lease_health(job) for job in Job.objects.leased().order_by("started_at")]
    return QueueHealth(
        counts=counts,
        oldest_waiting=_since(oldest["ready"], now),
        oldest_leased=_since(oldest["leased"], now),
        leases=leases,
        active_workers=len({lease.worker for lease in leases}),
        failed_last_day=Job.objects.filter(
            state=State.FAILED, finished_at__gt=now - timedelta(days=1)
        ).count(),
    )


def _since(moment: datetime | None, now: datetime) -> timedelta | None:
    return None if moment is None else max(timedelta(0), now - moment)


def _lease_health(job: Job) -> LeaseHealth:
    try:
        lease = kinds.get(job.kind).lease
    except UnknownKind:
        return LeaseHealth(job=job, worker=job.worker, heard_at=None)
    return LeaseHealth(
        job=job, worker=job.worker, heard_at=job.lease_until and job.lease_until - lease
    )


def jobs_about(subject: str) -> JobQuerySet:
    """Return the jobs about `subject`, such as "submission:<uuid>", newest first."""
    return Job.objects.filter(subject=subject).order_by("-created_at")
