"""One claim, one attempt, one outcome."""

import time
from collections.abc import Callable

import structlog
from billiard.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection

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
    names = {"job": str(lease.job.pk), "kind": lease.job.kind, "attempt": lease.attempt}
    with structlog.contextvars.bound_contextvars(**names), Pulse(lease) as pulse:
        _attempt(lease, Context(lease, pulse))
    return True


def _attempt(lease: Lease, context: Context) -> None:
    try:
        record = handlers.get(lease.job.kind)(lease.job, context)
        context.flush()
        counts = _persist(
            lambda: services.finish(lease=lease, record=record, now=clock.database_now())
        )
        log.info("job_done" if counts else "job_not_recorded")
    except LeaseLost as error:
        log.warning("lease_lost")
        _fail(lease, context, error, Fault.PLATFORM)  # refused by the fence, and written down
    except (BadInput, CancelRequested) as error:
        _fail(lease, context, error, Fault.INPUT)
    except SoftTimeLimitExceeded:
        # Raised by the pulse: too late, taken away or cancelled. The fence knows which.
        _fail(lease, context, OutOfTime("This attempt took too long."), Fault.PLATFORM)
    except Exception as error:
        log.exception("attempt_failed")
        _fail(lease, context, error, Fault.PLATFORM)
    except BaseException:  # this process is told to end
        services.give_back(lease=lease, now=clock.database_now())
        raise


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
