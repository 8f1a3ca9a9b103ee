"""The task that a ring starts."""

import os
import signal
import threading
import time
from typing import Any

from billiard import active_children
from celery.signals import worker_shutdown, worker_shutting_down

from jobs import bell, clock, services
from jobs.models import Job, JobQuerySet
from jobs.services import Lease
from jobs.whereabouts import family, my_name
from workers.celery import app
from workers.runner import work_once

LAST_SECONDS = 2.0  # what a running job gets to end when its worker is told to stop


@app.task(name=bell.WORK, acks_late=False, ignore_result=True)
def work(*, queue: str, again: bool = False, **_later: object) -> None:
    """Do the next job of `queue`, if there is one.

    A ring names no job, so it may be lost, doubled or late: each one heard claims whatever goes
    first. With `again`, ring once more while jobs are waiting. Arguments that a later version of
    the site adds are ignored.
    """
    if work_once(queue, my_name()) and again and Job.objects.ready().filter(queue=queue).exists():
        bell.ring(queue, again=True)


@worker_shutting_down.connect
def stop_soon(how: str, **_: Any) -> None:
    """Let running jobs end for two seconds after SIGTERM, and no longer.

    Celery alone would wait for them without a bound, and idle take five seconds to stop.
    """
    if how == "Warm":
        threading.Thread(target=_stop, name="stop", daemon=True).start()


def _stop() -> None:
    deadline = time.monotonic() + LAST_SECONDS
    while time.monotonic() < deadline and _unfinished().exists():
        time.sleep(0.05)
    for child in active_children():
        os.kill(child.pid, signal.SIGKILL)
    give_back_unfinished()
    os._exit(0)


@worker_shutdown.connect
def give_back_unfinished(**_: Any) -> None:
    """Return what this worker's processes have not finished, so that nobody waits for a lease."""
    for job in _unfinished():
        lease = Lease(job=job, attempt=job.attempt, worker=job.worker)
        services.give_back(lease=lease, now=clock.database_now())


def _unfinished() -> JobQuerySet:
    return Job.objects.leased().filter(worker__startswith=f"{family(os.getpid())}/")
