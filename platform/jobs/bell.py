"""Rings the workers: "there is work in this queue". A ring may be lost, doubled or late.

Nothing here may cost a request its time or its answer. A ring is handed to a thread of its own, so
a broker that is down, hung or full delays only that thread; after a failure the thread stays quiet
for some seconds, and the sweeper rings again for whatever was not heard.
"""

import atexit
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import structlog
from celery import Celery
from django.conf import settings
from django.db import transaction

from jobs import kinds

WORK = "workers.work"  # the task that a ring starts
MOST_AT_ONCE = 32  # rings sent for one burst of jobs
QUIET_SECONDS = 5.0  # after a failure
LAST_WORDS_SECONDS = 0.5  # how long a process that ends waits for its rings to go out

log = structlog.get_logger(__name__)


def ring_after_commit(queue: str) -> None:
    """Ring `queue` once the current transaction is committed."""
    transaction.on_commit(lambda: ring(queue), robust=True)


def ring(queue: str, *, times: int = 1, again: bool = False) -> None:
    """Ring `queue` soon, without waiting for it and without ever raising.

    With `again`, each worker that hears the ring rings once more when it has finished a job and
    more are waiting: so a few rings empty a long queue.
    """
    _ringer().ring(queue, times, again)


def flush(seconds: float) -> bool:
    """Wait up to `seconds` for the rings of this process to go out; return whether they did."""
    return _ringer().flush(seconds)


class Ringer:
    """Sends rings from a daemon thread that starts with the first of them."""

    def __init__(self, send: Callable[[str, bool], None]) -> None:
        self._send = send
        self._pending: Counter[tuple[str, bool]] = Counter()
        self._changed = threading.Condition()
        self._busy = False
        self._quiet_until = 0.0
        self._thread: threading.Thread | None = None

    def ring(self, queue: str, times: int = 1, again: bool = False) -> None:
        """Note the rings for the thread to send, unless the broker failed a moment ago."""
        with self._changed:
            if time.monotonic() < self._quiet_until:
                return
            self._pending[queue, again] += times
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="bell", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, seconds: float) -> bool:
        """Wait until nothing is left to send, at most `seconds`; return whether nothing is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._pending and not self._busy, seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: bool(self._pending))
                pending, self._pending = self._pending, Counter()
                self._busy = True
            self._send_all(pending)

    def _send_all(self, pending: Counter[tuple[str, bool]]) -> None:
        try:
            for (queue, again), times in pending.items():
                for _ in range(min(times, MOST_AT_ONCE)):
                    self._send(queue, again or times > MOST_AT_ONCE)
        except Exception as error:  # noqa: BLE001 - whatever brokers raise, the jobs are safe
            log.warning("broker_unreachable", error=str(error) or type(error).__name__)
            with self._changed:
                self._quiet_until = time.monotonic() + QUIET_SECONDS
                self._pending.clear()


def _publisher() -> Callable[[str, bool], None]:
    """Return a function that publishes one ring with short time-outs and without retries."""
    app = Celery("bell", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_transport_options = (
        settings.CELERY_BROKER_TRANSPORT_OPTIONS | settings.JOBS_BELL_OPTIONS
    )

    def publish(queue: str, again: bool) -> None:
        limit = kinds.queue_time_limit(queue).total_seconds()
        options: dict[str, Any] = {"time_limit": limit, "soft_time_limit": 0.9 * limit}
        app.send_task(
            WORK,
            kwargs={"queue": queue, "again": again},
            queue=queue,
            retry=False,
            ignore_result=True,
            **options,
        )

    return publish


_ringers: dict[int, Ringer] = {}
_making = threading.Lock()


def _ringer() -> Ringer:
    """Return this process's ringer: threads and connections do not survive a fork."""
    pid = os.getpid()
    with _making:
        if pid not in _ringers:
            _ringers.clear()
            _ringers[pid] = Ringer(_publisher())
            atexit.register(_say_last_words)
        return _ringers[pid]


def _say_last_words() -> None:
    ringer = _ringers.get(os.getpid())
    if ringer is not None:
        ringer.flush(LAST_WORDS_SECONDS)


def _new_lock_after_fork() -> None:
    global _making  # a lock held by another thread at the fork would never be released
    _making = threading.Lock()


os.register_at_fork(after_in_child=_new_lock_after_fork)
