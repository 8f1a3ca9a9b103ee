"""What a handler may do while it works: report progress, write a log, learn that it should stop."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import Error

from jobs import clock, services
from jobs.errors import CancelRequested, LeaseLost
from jobs.leases import record_during
from jobs.services import Lease
from workers.pulse import Pulse

T = TypeVar("T")

REPORT_EVERY = 0.5  # seconds: progress is for people, who cannot read faster


class Context:
    """One attempt at one job, as its handler sees it."""

    def __init__(self, lease: Lease, pulse: Pulse) -> None:
        self._lease = lease
        self._pulse = pulse
        self._reported = time.monotonic()  # what ends sooner needs no bar
        self._lines: list[str] = []

    @property
    def attempt(self) -> int:
        """Which attempt this is: 1, 2, ...; part of the name of every file a handler writes."""
        return self._lease.attempt

    def report(self, fraction: float, message: str = "") -> None:
        """Show how far the work is, a share from 0 to 1, with a message for people.

        :raises CancelRequested: if somebody cancelled the job
        :raises LeaseLost: if the job belongs to another worker by now
        """
        self.check()
        self.tell(fraction, message)
        self.check()

    def tell(self, fraction: float, message: str = "") -> None:
        """Show how far the work is without stopping the handler, whatever became of the job."""
        if time.monotonic() - self._reported < REPORT_EVERY:
            return
        self._reported = time.monotonic()
        going_on = services.heartbeat(
            lease=self._lease, now=clock.database_now(), progress=fraction, message=message
        )
        if not going_on:
            self._pulse.look(self._lease)
        self.flush()

    def record(self, record: Callable[[], T]) -> T:
        """Store something that counts now, before the job ends, in a transaction of its own.

        :raises CancelRequested: if somebody cancelled the job
        :raises LeaseLost: if the job belongs to another worker by now; nothing is stored
        """
        return record_during(self._lease, record)

    def cancelled(self) -> bool:
        """Return whether the work is wasted: the job was cancelled or taken away."""
        return self._pulse.cancelled(self._lease) or self._pulse.lost(self._lease)

    def check(self) -> None:
        """Stop the handler by an exception if its work is wasted."""
        if self._pulse.cancelled(self._lease):
            raise CancelRequested
        if self._pulse.lost(self._lease):
            raise LeaseLost

    def log(self, line: str) -> None:
        """Add a line to the job's log; it is stored with the next report or at the end."""
        self._lines.append(line)

    def flush(self) -> None:
        """Store the log's new lines. A log is not worth failing a job for."""
        lines, self._lines = self._lines, []
        if not lines:
            return
        try:
            services.write_log(lease=self._lease, lines=lines, now=clock.database_now())
        except Error:
            self._lines = lines
