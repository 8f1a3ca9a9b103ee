"""One claim, one attempt, one outcome; or several together, each with an outcome of its own."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from billiard.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext_noop as _

from jobs import clock, services
from jobs.errors import BadInput, CancelRequested, LeaseLost
from jobs.services import Lease
from jobs.states import Fault
from workers import handlers
from workers.context import Context
from workers.pulse import Pulse

PATIENCE = 10.0  # seconds that an outcome waits for a database that is away or locked

log = structlog.get_logger(__name__)


class OutOfTime(Exception):
    """One attempt took longer than its kind allows."""


def work_once(queue: str, worker: str) -> bool:
    """Claim the next job of `queue` and see this attempt to its end; return whether there was one.

    However the handler ends, the job is left in a state that somebody goes on from.
    """
    try:
        lease = services.claim(queue=queue, worker=worker, now=clock.database_now())
    except (OperationalError, InterfaceError) as error:
        log.warning("claim_failed", queue=queue, error=str(error).strip())
        connection.close()
        return False  # the sweeper rings again
    if lease is None:
        return False
    leases = [lease, *_companions(lease)]
    names = {"job": str(lease.job.pk), "kind": lease.job.kind, "attempt": lease.attempt}
    with structlog.contextvars.bound_contextvars(**names), Pulse(leases) as pulse:
        _attempt([_Held(lease, Context(lease, pulse), pulse) for lease in leases])
    return True


@dataclass(frozen=True, slots=True)
class _Held:
    """A job that this worker holds."""

    lease: Lease
    context: Context
    pulse: Pulse


def _companions(lease: Lease) -> list[Lease]:
    """Claim further jobs that can be done together with the one just claimed."""
    group = handlers.group(lease.job.kind)
    if group is None:
        return []
    try:
        now = clock.database_now()
        return services.claim_companions(lease=lease, at_most=group.at_most - 1, now=now)
    except (OperationalError, InterfaceError) as error:
        log.warning("claim_failed", queue=lease.job.queue, error=str(error).strip())
        connection.close()
        return []


def _attempt(held: Sequence[_Held]) -> None:
    """Work on the jobs and end each of them in its own way."""
    try:
        for one, outcome in zip(held, _outcomes(held), strict=True):
            with structlog.contextvars.bound_contextvars(job=str(one.lease.job.pk)):
                _end(one.lease, one.context, outcome)
            one.pulse.release(one.lease)
    except BaseException:  # this process is told to end
        for one in held:
            services.give_back(lease=one.lease, now=clock.database_now())
        raise


def _outcomes(held: Sequence[_Held]) -> Sequence[handlers.Outcome]:
    """Compute; an error that the handler raises is the outcome of all."""
    jobs = [(one.lease.job, one.context) for one in held]
    kind = jobs[0][0].kind
    try:
        group = handlers.group(kind)
        if group is not None and len(jobs) > 1:
            return group.function(jobs)
        return [handlers.get(kind)(*jobs[0])]
    except Exception as error:  # noqa: BLE001 - `_end` tells errors apart
        return [error] * len(jobs)


def _end(lease: Lease, context: Context, outcome: handlers.Outcome) -> None:
    try:
        counts = _store(lease, context, outcome)
        log.info("job_done" if counts else "job_not_recorded")
    except LeaseLost as error:
        log.warning("lease_lost")
        _fail(lease, context, error, Fault.PLATFORM)  # refused by the fence, and written down
    except (BadInput, CancelRequested) as error:
        _fail(lease, context, error, Fault.INPUT)
    except SoftTimeLimitExceeded:
        # Raised by the pulse: too late, taken away or cancelled. The fence knows which.
        _fail(lease, context, OutOfTime(_("This attempt took too long.")), Fault.PLATFORM)
    except Exception as error:
        log.exception("attempt_failed")
        _fail(lease, context, error, Fault.PLATFORM)


def _store(lease: Lease, context: Context, outcome: handlers.Outcome) -> bool:
    """Record a result; raise the exception that stands in its place."""
    if isinstance(outcome, Exception):
        raise outcome
    context.flush()
    return _persist(lambda: services.finish(lease=lease, record=outcome, now=clock.database_now()))


def _fail(lease: Lease, context: Context, error: Exception, fault: Fault) -> None:
    context.flush()
    _persist(lambda: services.fail(lease=lease, error=error, kind=fault, now=clock.database_now()))


def _persist(store: Callable[[], bool]) -> bool:
    """Store an outcome, again and again for some seconds if the database is away or locked.

    Storing twice is safe: only the first one counts.
    """
    deadline, pause = time.monotonic() + PATIENCE, 0.1
    while True:
        try:
            return store()
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block or time.monotonic() + pause > deadline:
                raise
            log.warning("outcome_not_stored_yet", error=str(error).strip())
            connection.close()
            time.sleep(pause)
            pause *= 2
