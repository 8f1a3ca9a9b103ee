"""Keeps a lease alive while a handler computes."""

import math
import os
import signal
import threading
import time
from types import TracebackType

import structlog
from django.db import Error, close_old_connections, connection

from jobs import clock, kinds, services
from jobs.services import Lease

PULSES_PER_LEASE = 4
WARN_AT = 0.9  # of the time limit

log = structlog.get_logger(__name__)


class Pulse:
    """A thread that extends a lease every quarter of its length, and learns if it should not.

    It interrupts a handler whose work is wasted or that is about to exceed its kind's time limit,
    and at the limit kills this process, unless it is no child of a worker. A handler that never
    lets another thread run stays alive for longer: then the lease ends without it, and Celery's
    own limit ends the process.
    """

    def __init__(self, lease: Lease) -> None:
        kind = kinds.get(lease.job.kind)
        limit, now = kind.time_limit.total_seconds(), time.monotonic()
        self.cancelled = False
        self.lost = False
        self._lease = lease
        self._every = kind.lease.total_seconds() / PULSES_PER_LEASE
        self._beat_at = now + self._every
        self._warn_at, self._kill_at = now + WARN_AT * limit, now + limit
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()

    def look(self) -> None:
        """Find out why a lease could not be extended."""
        job = self._lease.held().first()
        self.lost = job is None
        self.cancelled = job is not None and job.cancel_requested

    def _run(self) -> None:
        connected = False
        while not self._over.wait(self._until_next()):
            now = time.monotonic()
            if now >= self._kill_at:
                log.error("time_limit_exceeded")
                _signal_this_child(signal.SIGKILL)
                break
            if now >= self._warn_at:
                self._warn_at = math.inf
                _signal_this_child(signal.SIGUSR1)
            if now >= self._beat_at:
                connected = True
                self._beat_at = now + self._every if self._beat() else math.inf
        if connected:
            connection.close()  # this thread's own

    def _until_next(self) -> float:
        next_at = min(self._beat_at, self._warn_at, self._kill_at)
        return max(0.0, next_at - time.monotonic())

    def _beat(self) -> bool:
        """Extend the lease; return whether to go on. A database that is away may come back."""
        try:
            close_old_connections()
            if services.heartbeat(lease=self._lease, now=clock.database_now()):
                return True
            self.look()
        except Error as error:
            log.warning("heartbeat_failed", error=str(error).strip())
            connection.close()
            return True
        if self.lost or self.cancelled:
            _signal_this_child(signal.SIGUSR1)
            return False
        return True


def _signal_this_child(number: signal.Signals) -> None:
    """Signal the process of a worker's pool, where SIGUSR1 raises an error in the handler.

    Elsewhere, as in a test or a worker without a pool, SIGUSR1 would end the process.
    """
    if callable(signal.getsignal(signal.SIGUSR1)):
        os.kill(os.getpid(), number)
