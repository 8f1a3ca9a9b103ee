import subprocess
import sys

import pytest
from django.utils import timezone

from jobs import bell, services
from jobs.models import Job, JobEvent
from jobs.states import State
from tests.faults.running import (
    ROOT,
    Running,
    assert_each_succeeded_once,
    leased_job,
    make_jobs,
    wait_for_the_end,
    wait_until,
    wipe_broker,
)

pytestmark = pytest.mark.faults

CRASH_BEFORE_RING = """
import os, django
django.setup()
from django.db import transaction
from django.utils import timezone
from jobs import services
with transaction.atomic():
    transaction.on_commit(lambda: os._exit(9))
    services.enqueue(kind="fault-quick", now=timezone.now())
"""


def test_a_wiped_broker_loses_no_job(running: Running) -> None:
    running.start_worker()
    running.start_sweeper()
    make_jobs(12, seconds=0.2)

    leased_job()
    bell.flush(5)
    wipe_broker()
    wait_for_the_end()

    assert_each_succeeded_once()


def test_a_crash_between_commit_and_ring_loses_no_job(running: Running) -> None:
    crash = subprocess.run(
        [sys.executable, "-c", CRASH_BEFORE_RING], cwd=ROOT, env=running.environment, check=False
    )
    assert crash.returncode == 9
    assert Job.objects.get().state == State.READY

    running.start_worker()
    running.start_sweeper()
    wait_for_the_end()

    assert_each_succeeded_once()


def test_ten_rings_for_one_job_do_it_once(running: Running) -> None:
    running.start_worker()
    make_jobs(3, seconds=0.2)
    bell.ring("score", times=10)

    wait_for_the_end()
    make_jobs(1, "quick")  # done after the surplus rings: they were heard and left nothing behind
    wait_for_the_end()

    assert_each_succeeded_once()
    assert JobEvent.objects.filter(name="claimed").count() == 4


def test_two_sweepers_return_each_lost_job_once(running: Running) -> None:
    jobs = make_jobs(20, "quick")
    for _ in jobs:
        assert services.claim(queue="score", worker="elsewhere/1.1/2.2", now=timezone.now())
    wipe_broker()

    running.start_sweeper()
    running.start_sweeper()
    lost = JobEvent.objects.filter(name="lost")
    wait_until(lambda: lost.count() >= 20, "every lease is returned")
    running.start_worker()
    wait_for_the_end()

    assert_each_succeeded_once()
    assert lost.count() == 20


def test_a_killed_sweeper_s_work_is_taken_up_by_the_next(running: Running) -> None:
    sweeper = running.start_sweeper()
    running.kill(sweeper)
    make_jobs(3, "quick")
    bell.flush(5)
    wipe_broker()

    running.start_worker()
    running.start_sweeper()
    wait_for_the_end()

    assert_each_succeeded_once()
