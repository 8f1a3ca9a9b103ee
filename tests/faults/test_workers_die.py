import os
import signal

import pytest
from django.db import connection

from jobs.models import Job, JobEvent
from jobs.states import FENCED_OUT, Fault, State
from tests.faults.running import (
    Running,
    assert_each_succeeded_once,
    child_of,
    leased_job,
    make_jobs,
    wait_for_the_end,
    wait_until,
)

pytestmark = pytest.mark.faults


def test_a_killed_child_s_job_is_done_by_another(running: Running) -> None:
    running.start_worker()
    running.start_sweeper()
    make_jobs(4, seconds=0.8)

    victim = leased_job()
    os.kill(child_of(victim), signal.SIGKILL)
    wait_for_the_end()

    assert_each_succeeded_once()
    victim.refresh_from_db()
    assert victim.attempt == 2
    assert [e.name for e in victim.events.all()].count("lost") == 1


def test_a_killed_worker_s_jobs_are_done_by_the_next(running: Running) -> None:
    worker = running.start_worker()
    running.start_sweeper()
    make_jobs(6, seconds=0.8)

    leased_job()
    running.kill(worker)
    running.start_worker()
    wait_for_the_end()

    assert_each_succeeded_once()


@pytest.mark.parametrize("kind", ["slow", "deaf"])
def test_a_worker_that_wakes_too_late_cannot_record(running: Running, kind: str) -> None:
    frozen = running.start_worker(children=1)
    running.start_sweeper()
    [job] = make_jobs(1, kind, seconds=0.8)

    leased_job()
    running.signal(frozen, signal.SIGSTOP)
    running.start_worker(children=1)
    wait_for_the_end()
    running.signal(frozen, signal.SIGCONT)
    late = JobEvent.objects.filter(job=job, name=FENCED_OUT, attempt=1)
    wait_until(late.exists, "the late result is refused")

    assert_each_succeeded_once()
    job.refresh_from_db()
    assert job.attempt == 2


def test_a_job_that_kills_its_workers_fails_and_harms_no_other(running: Running) -> None:
    running.start_worker()
    running.start_sweeper()
    [poison] = make_jobs(1, "deadly")
    good = make_jobs(6, seconds=0.3)

    wait_for_the_end()

    poison.refresh_from_db()
    assert (poison.state, poison.fault, poison.attempt) == (State.FAILED, Fault.PLATFORM, 3)
    assert poison.log_lines.filter(line="ended").count() == 1
    states = Job.objects.filter(pk__in=[job.pk for job in good]).values_list("state", flat=True)
    assert set(states) == {State.SUCCEEDED}


def test_a_worker_told_to_stop_gives_its_job_back(running: Running) -> None:
    worker = running.start_worker()
    [job] = make_jobs(1, "deaf", seconds=8)
    leased_job()

    worker.terminate()
    worker.wait(5)

    job.refresh_from_db()
    assert (job.state, job.attempt) == (State.READY, 1)
    assert job.max_attempts == 4
    assert job.events.filter(name="returned").count() == 1


def test_a_job_that_never_ends_is_ended(running: Running) -> None:
    running.start_worker()
    running.start_sweeper()
    [endless] = make_jobs(1, "endless")
    make_jobs(2, "quick")

    wait_for_the_end(60)

    endless.refresh_from_db()
    assert (endless.state, endless.fault) == (State.FAILED, Fault.PLATFORM)
    assert endless.attempt == 3


@pytest.mark.postgres
def test_a_database_that_cuts_every_connection_loses_no_job(running: Running) -> None:
    running.start_worker()
    running.start_sweeper()
    make_jobs(6, "deaf", seconds=0.5)

    for _ in range(3):
        leased_job()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    wait_for_the_end()

    assert_each_succeeded_once()
