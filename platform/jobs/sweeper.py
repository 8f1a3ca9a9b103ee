"""Puts right what was left behind, so that every job ends. Several sweepers at once are safe.

Each repair is a guarded step of `jobs.transitions`: a second sweeper, or the worker itself, that
was faster simply leaves nothing to do. One job that cannot be repaired does not stop the others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_noop as _

from jobs import bell, periodic, services, transitions
from jobs.models import Job, JobQuerySet
from jobs.states import FINAL, Fault, State, Step
from jobs.whereabouts import is_gone

AT_ONCE = 200  # jobs repaired per rule and sweep: a long outage must not become one long sweep

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Swept:
    """What one sweep did."""

    lost: int = 0
    woken: int = 0
    settled: int = 0
    exhausted: int = 0
    rung: int = 0

    def __bool__(self) -> bool:
        return bool(self.lost or self.woken or self.settled or self.exhausted or self.rung)


def sweep(now: datetime) -> Swept:
    """Apply every rule once: leases, rests, dependencies, attempts, rings; then run what is due."""
    swept = Swept(
        lost=_each(_silent(now), lambda job: _lose(job, now)),
        woken=_each(
            Job.objects.filter(state=State.BACKOFF, not_before__lte=now),
            lambda job: transitions.take(job, Step.WOKEN, now=now),
        ),
        settled=_each(_waiting_for_nothing(), lambda job: transitions.settle_waiting(job, now=now)),
        exhausted=_each(
            Job.objects.filter(
                state__in=[State.READY, State.BACKOFF], attempt__gte=F("max_attempts")
            ),
            lambda job: _exhaust(job, now),
        ),
        rung=_ring_again(now),
    )
    periodic.run_due(now)
    return swept


def _each(jobs: JobQuerySet, repair: Callable[[Job], bool]) -> int:
    return sum(
        _repaired(pk, jobs, repair) for pk in list(jobs.values_list("pk", flat=True)[:AT_ONCE])
    )


def _repaired(pk: UUID, jobs: JobQuerySet, repair: Callable[[Job], bool]) -> bool:
    try:
        with transaction.atomic():
            job = _lock(jobs.filter(pk=pk))
            return job is not None and repair(job)
    except Error:
        raise  # the database itself: the caller waits and connects again
    except Exception:
        log.exception("job_not_repaired", job=str(pk))
        return False


def _lock(jobs: JobQuerySet) -> Job | None:
    """Return the job if the rule still applies; None if it moved on or somebody is moving it."""
    if connection.features.has_select_for_update_skip_locked:
        jobs = jobs.select_for_update(skip_locked=True, of=("self",))
    return jobs.first()


def _silent(now: datetime) -> JobQuerySet:
    """Return the leased jobs whose worker let the lease run out, or is seen to be dead."""
    dead = [name for name in _workers() if is_gone(name)]
    return Job.objects.leased().filter(Q(lease_until__lt=now) | Q(worker__in=dead))


def _workers() -> list[str]:
    return list(Job.objects.leased().order_by().values_list("worker", flat=True).distinct())


def _lose(job: Job, now: datetime) -> bool:
    dead = is_gone(job.worker)
    why = _("The worker process died.") if dead else _("The worker was not heard of in time.")
    return services.lose(job=job, now=now, why=why)


def _waiting_for_nothing() -> JobQuerySet:
    needed = Job.objects.filter(dependents=OuterRef("pk"))
    unmet, hopeless = (
        needed.exclude(state=State.SUCCEEDED),
        needed.filter(state__in=FINAL - {State.SUCCEEDED}),
    )
    return Job.objects.filter(state=State.WAITING).filter(Exists(hopeless) | ~Exists(unmet))


def _exhaust(job: Job, now: datetime) -> bool:
    return transitions.take(
        job, Step.EXHAUSTED, now=now, fault=Fault.PLATFORM, detail=_("No attempt is left.")
    )


def _ring_again(now: datetime) -> int:
    """Ring for jobs that have been ready for long, a bounded number of times per queue."""
    since = settings.JOBS_RING_AGAIN_AFTER
    unheard = Job.objects.ready().filter(Q(rung_at__isnull=True) | Q(rung_at__lte=now - since))
    rung = 0
    for queue in unheard.order_by().values_list("queue", flat=True).distinct():
        if periodic.take_turn(f"bell:{queue}", since, now):
            times = unheard.filter(queue=queue)[: bell.MOST_AT_ONCE].count()
            bell.ring(queue, times=times, again=True)
            rung += times
    return rung
