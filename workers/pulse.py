"""Keeps leases alive while a handler computes."""

import math
import os
import signal
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from uuid import UUID

import structlog
from django.db import Error, close_old_connections, connection

from jobs import clock, kinds, services
from jobs.services import Lease

PULSES_PER_LEASE = 4
WARN_AT = 0.9  # of the time limit

log = structlog.get_logger(__name__)


class Pulse:
    """A thread that extends leases every quarter of their length, and learns if it should not.

    The leases are of one kind, held by one handler that works on all of them together. It is
    interrupted when the work on every one of them is wasted, or when it is about to exceed its
    kind's time limit; at the limit this process is killed, unless it is no child of a worker. A
    handler that never lets another thread run stays alive for longer: then the leases end without
    it, and Celery's own limit ends the process.
    """

    def __init__(self, leases: Sequence[Lease]) -> None:
        kind = kinds.get(leases[0].job.kind)
        limit, now = kind.time_limit.total_seconds(), time.monotonic()
        self._held = {lease.job.pk: lease for lease in leases}
        self._cancelled: set[UUID] = set()
        self._lost: set[UUID] = set()
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

    def cancelled(self, lease: Lease) -> bool:
        """Return whether somebody asked to cancel the job."""
        return lease.job.pk in self._cancelled

    def lost(self, lease: Lease) -> bool:
        """Return whether the job belongs to another worker by now."""
        return lease.job.pk in self._lost

    def release(self, lease: Lease) -> None:
        """Extend a lease no more: its job has ended."""
        self._held.pop(lease.job.pk, None)

    def look(self, lease: Lease) -> None:
        """Find out why a lease could not be extended."""
        job = lease.held().first()
        if job is None:
            self._lost.add(lease.job.pk)
        elif job.cancel_requested:
            self._cancelled.add(lease.job.pk)

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
        """Extend the leases; return whether to go on. A database that is away may come back."""
        try:
            close_old_connections()
            for lease in self._worthwhile():
                if not services.heartbeat(lease=lease, now=clock.database_now()):
                    self.look(lease)
        except Error as error:
            log.warning("heartbeat_failed", error=str(error).strip())
            connection.close()
            return True
        if self._held and not self._worthwhile():
            _signal_this_child(signal.SIGUSR1)
            return False
        return True

    def _worthwhile(self) -> list[Lease]:
        """Return the leases whose jobs are still to be done by this worker."""
        wasted = self._cancelled | self._lost
        return [lease for pk, lease in list(self._held.items()) if pk not in wasted]


def _signal_this_child(number: signal.Signals) -> None:
    """Signal the process of a worker's pool, where SIGUSR1 raises an error in the handler.

    Elsewhere, as in a test or a worker without a pool, SIGUSR1 would end the process.
    """
    if callable(signal.getsignal(signal.SIGUSR1)):
        os.kill(os.getpid(), number)
