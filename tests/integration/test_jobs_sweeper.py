"""The sweeper puts right what was left behind, once."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from jobs import bell, kinds, periodic, services, sweeper
from jobs.models import Job
from jobs.states import Fault, State

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
LATER = 11 * SECOND


@pytest.fixture(autouse=True)
def rings(monkeypatch):
    heard = SimpleNamespace(calls=[])
    monkeypatch.setattr(
        bell, "ring", lambda queue, times=1, again=False: heard.calls.append((queue, times, again))
    )
    kinds.register(kinds.JobKind("plain", "queue", lease=10 * SECOND))
    return heard


def enqueue(now, **options):
    return services.enqueue(kind="plain", now=now, **options)


def claim(now):
    lease = services.claim(queue="queue", worker="elsewhere/1.1/2.2", now=now)
    assert lease is not None
    return lease


def test_a_silent_worker_loses_its_job_and_it_is_tried_again(now):
    enqueue(now)
    lease = claim(now)

    assert sweeper.sweep(now + 9 * SECOND).lost == 0
    swept = sweeper.sweep(now + LATER)

    assert (swept.lost, swept.woken) == (1, 1)
    assert claim(now + LATER).attempt == lease.attempt + 1


def test_three_lost_leases_in_a_row_end_a_job(now):
    job = enqueue(now)
    for _ in range(3):
        claim(now)
        now += LATER
        sweeper.sweep(now)
        now += SECOND
        sweeper.sweep(now)

    job.refresh_from_db()
    assert (job.state, job.fault, job.losses) == (State.FAILED, Fault.PLATFORM, 3)


def test_a_cancelled_job_of_a_silent_worker_ends_as_cancelled(now):
    job = enqueue(now)
    claim(now)
    services.cancel(job=job, actor=None, now=now)

    sweeper.sweep(now + LATER)

    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_rings_that_nobody_heard_are_repeated_but_not_without_bound(now, rings):
    for _ in range(300):
        enqueue(now)

    for second in range(1, 31):
        sweeper.sweep(now + second * SECOND)

    assert all(call == ("queue", bell.MOST_AT_ONCE, True) for call in rings.calls)
    assert len(rings.calls) == 6


def test_two_sweepers_ring_once(now, rings):
    enqueue(now)

    sweeper.sweep(now + 6 * SECOND)
    sweeper.sweep(now + 6 * SECOND)

    assert rings.calls == [("queue", 1, True)]


def test_a_missed_release_is_made_up_for(now):
    needed = enqueue(now)
    job = enqueue(now, depends_on=[needed])
    Job.objects.filter(pk=needed.pk).update(state=State.SUCCEEDED, finished_at=now)

    assert sweeper.sweep(now).settled == 1

    job.refresh_from_db()
    assert job.state == State.READY


def test_a_job_without_attempts_left_is_ended(now):
    job = enqueue(now)
    Job.objects.filter(pk=job.pk).update(attempt=3)

    assert sweeper.sweep(now).exhausted == 1

    job.refresh_from_db()
    assert (job.state, job.fault) == (State.FAILED, Fault.PLATFORM)


def test_one_job_that_cannot_be_repaired_does_not_stop_the_others(now):
    def refuse(job):
        if job.subject == "broken":
            raise RuntimeError("a fault in on_end")

    kinds.register(
        kinds.JobKind("plain", "queue", lease=10 * SECOND, max_attempts=1, on_end=refuse)
    )
    broken, sound = enqueue(now, subject="broken"), enqueue(now)
    claim(now)
    claim(now)

    assert sweeper.sweep(now + LATER).lost == 1

    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, sound.state) == (State.LEASED, State.FAILED)


@pytest.fixture
def routine(monkeypatch):
    monkeypatch.setattr(periodic, "_registered", {})
    ran = []
    periodic.register("test", timedelta(minutes=1), ran.append)
    return ran


def test_a_routine_runs_once_per_period_however_many_sweepers(now, routine):
    for second in (0, 0, 30, 59, 60, 60, 61):
        sweeper.sweep(now + second * SECOND)

    assert routine == [now, now + 60 * SECOND]


def test_a_broken_routine_stops_no_other(now, routine):
    def fail(_now):
        raise RuntimeError("broken")

    periodic.register("broken", timedelta(minutes=1), fail)
    periodic.register("zulu", timedelta(minutes=1), routine.append)

    assert periodic.run_due(now) == ["test", "zulu"]
    assert routine == [now, now]
