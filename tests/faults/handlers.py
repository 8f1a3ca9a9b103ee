"""What the workers of these tests do."""

import os
import signal
import time
from collections.abc import Callable

from jobs.models import Job, JobLog
from workers import handlers
from workers.context import Context


def recorder(job: Job, context: Context) -> Callable[[], None]:
    """Return a record that leaves a line: two lines would be work that counted twice."""

    def record() -> None:
        JobLog.objects.create(job=job, attempt=context.attempt, at=job.turn, line="recorded")

    return record


def quick(job: Job, context: Context) -> handlers.Record:
    return recorder(job, context)


def slow(job: Job, context: Context) -> handlers.Record:
    """Compute for some seconds, and report now and then."""
    seconds = job.payload["seconds"]
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        context.report((time.monotonic() - start) / seconds, "Busy")
        time.sleep(0.02)
    return recorder(job, context)


def deaf(job: Job, context: Context) -> handlers.Record:
    """Compute for some seconds without ever asking whether to go on."""
    time.sleep(job.payload["seconds"])
    return recorder(job, context)


def deadly(job: Job, context: Context) -> handlers.Record:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def failing(job: Job, context: Context) -> handlers.Record:
    raise RuntimeError("it never works")


def endless(job: Job, context: Context) -> handlers.Record:
    while True:
        time.sleep(0.02)


for function in (quick, slow, deaf, deadly, failing, endless):
    handlers.register(f"fault-{function.__name__}", function)
