"""What people and workers do with jobs."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jobs import kinds, selectors, services
from jobs.errors import BadInput, JobNotOver, JobOver, UnknownKind
from jobs.models import Job, JobEvent
from jobs.states import Fault, State

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def ended():
    ends = []
    kinds.register(
        kinds.JobKind(
            "plain", "queue", lease=10 * SECOND, on_end=lambda job: ends.append(job.state)
        )
    )
    return ends


def enqueue(now, **options):
    return services.enqueue(kind="plain", now=now, **options)


def claim(now):
    lease = services.claim(queue="queue", worker="w", now=now)
    assert lease is not None
    return lease


def finish(lease, now, result=None):
    return services.finish(lease=lease, record=lambda: result, now=now)


def test_a_job_is_as_durable_as_what_it_serves(now):
    with transaction.atomic():
        enqueue(now)
        transaction.set_rollback(True)

    assert not Job.objects.exists()


def test_an_unknown_kind_is_refused(now):
    with pytest.raises(UnknownKind):
        services.enqueue(kind="no such kind", now=now)


def test_the_same_key_gives_the_same_job(now):
    first, second = (enqueue(now, dedupe_key="submission 1") for _ in range(2))

    assert first.pk == second.pk
    assert Job.objects.count() == 1


def test_a_result_is_stored_with_the_end(now, ended):
    job = enqueue(now)

    assert finish(claim(now), now, {"score": 61})

    job.refresh_from_db()
    assert (job.state, job.result, job.progress) == (State.SUCCEEDED, {"score": 61}, 1.0)
    assert ended == [State.SUCCEEDED]


def test_a_record_that_fails_leaves_nothing_behind(now):
    lease = claim(now) if enqueue(now) else None

    def record():
        services.write_log(lease=lease, lines=["half"], now=now)
        raise IntegrityError("the score is there already")

    with pytest.raises(IntegrityError):
        services.finish(lease=lease, record=record, now=now)

    assert not lease.job.log_lines.exists()
    assert Job.objects.get().state == State.LEASED


def test_a_late_result_is_refused_and_written_down(now):
    enqueue(now)
    late = claim(now)
    services.lose(job=late.job, now=now, why="silent")
    Job.objects.update(state=State.READY, not_before=None)
    current = claim(now)

    assert not finish(late, now)
    assert not services.heartbeat(lease=late, now=now)
    assert finish(current, now)

    refused = JobEvent.objects.get(name="fenced_out")
    assert (refused.attempt, Job.objects.get().attempt) == (1, 2)


def test_finishing_twice_is_no_contradiction(now, ended):
    enqueue(now)
    lease = claim(now)

    assert finish(lease, now)
    assert finish(lease, now)

    assert ended == [State.SUCCEEDED]
    assert not JobEvent.objects.filter(name="fenced_out").exists()


def test_bad_input_is_not_tried_again(now, ended):
    enqueue(now)
    error = BadInput("no_notes", "There is no note in it.")

    services.fail(lease=claim(now), error=error, kind=Fault.INPUT, now=now)

    job = Job.objects.get()
    assert (job.state, job.fault, job.error_code) == (State.FAILED, Fault.INPUT, "no_notes")
    assert ended == [State.FAILED]


def test_a_fault_of_the_platform_is_tried_three_times(now, ended):
    enqueue(now)
    for _ in range(3):
        Job.objects.filter(state=State.BACKOFF).update(state=State.READY, not_before=None)
        services.fail(lease=claim(now), error=OSError("disk"), kind=Fault.PLATFORM, now=now)

    job = Job.objects.get()
    assert (job.state, job.fault, job.attempt) == (State.FAILED, Fault.PLATFORM, 3)
    assert ended == [State.FAILED]


def test_cancelling_a_waiting_job_ends_it_at_once(now, ended, organizer):
    job = services.cancel(job=enqueue(now), actor=organizer, now=now)

    assert job.state == State.CANCELLED
    assert ended == [State.CANCELLED]
    assert job.events.last().actor == organizer
    with pytest.raises(JobOver):
        services.cancel(job=job, actor=organizer, now=now)


def test_a_cancelled_job_at_work_stops_at_the_next_heartbeat(now, ended):
    job = enqueue(now)
    lease = claim(now)
    services.cancel(job=job, actor=None, now=now)

    assert not services.heartbeat(lease=lease, now=now)
    assert not services.finish(lease=lease, record=lambda: pytest.fail("recorded"), now=now)

    assert Job.objects.get().state == State.CANCELLED
    assert ended == [State.CANCELLED]


def test_a_failed_job_gets_fresh_attempts_and_an_old_lease_none(now):
    job = enqueue(now)
    old = claim(now)
    services.fail(lease=old, error=BadInput("bad", "Bad."), kind=Fault.INPUT, now=now)

    services.retry(job=job, actor=None, now=now)
    lease = claim(now)

    assert (lease.attempt, lease.job.max_attempts) == (2, 4)
    assert not finish(old, now)
    with pytest.raises(JobNotOver):
        services.retry(job=job, actor=None, now=now)


def test_giving_back_costs_no_attempt(now):
    enqueue(now)
    services.give_back(lease=claim(now), now=now)

    job = Job.objects.get()
    assert (job.state, job.max_attempts - job.attempt) == (State.READY, 3)


def test_a_job_waits_for_those_it_depends_on(now):
    needed = [enqueue(now), enqueue(now)]
    job = enqueue(now, depends_on=needed)

    for _ in needed:
        job.refresh_from_db()
        assert job.state == State.WAITING
        finish(claim(now), now)

    job.refresh_from_db()
    assert job.state == State.READY


def test_a_job_fails_with_what_it_depends_on(now, ended):
    needed = enqueue(now)
    job = enqueue(now, depends_on=[needed])

    services.cancel(job=needed, actor=None, now=now)

    job.refresh_from_db()
    assert (job.state, job.fault, job.error_code) == (
        State.FAILED,
        Fault.PLATFORM,
        "dependency_failed",
    )
    assert ended == [State.CANCELLED, State.FAILED]


def test_the_database_refuses_states_that_make_no_sense(now):
    job = enqueue(now)
    for nonsense in ({"state": "asleep"}, {"state": "leased"}, {"state": "failed"}, {"attempt": 9}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(**nonsense)


def test_a_person_sees_their_place_and_how_long_it_takes(now):
    done = enqueue(now)
    finish(claim(now), now + 4 * SECOND)
    first, second = enqueue(now), enqueue(now + SECOND)

    seen = selectors.progress(second, now + 3 * SECOND)

    assert (seen.position, seen.age, seen.eta) == (1, 2 * SECOND, 8 * SECOND)
    assert selectors.progress(first, now).position == 0
    assert selectors.progress(done, now).position is None


def test_a_person_sees_progress_and_the_log(now):
    job = enqueue(now)
    lease = claim(now)
    services.heartbeat(lease=lease, now=now, progress=0.4, message="Reading the notes")
    services.write_log(lease=lease, lines=["one", "two"], now=now)

    seen = selectors.progress(job, now)

    assert (seen.progress, seen.message, seen.log) == (0.4, "Reading the notes", ["one", "two"])


def test_organizers_see_the_queue_s_health(now):
    enqueue(now)
    enqueue(now + SECOND)
    claim(now + 2 * SECOND)

    health = selectors.queue_health(now + 5 * SECOND)

    assert health.counts["plain"] == {"leased": 1, "ready": 1}
    assert health.oldest_waiting == 4 * SECOND
    assert health.oldest_leased == 3 * SECOND
    assert (health.leases[0].worker, health.leases[0].heard_at) == ("w", now + 2 * SECOND)


def test_jobs_are_found_by_what_they_are_about(now):
    job = enqueue(now, subject="submission:7")
    enqueue(now, subject="submission:8")

    assert list(selectors.jobs_about("submission:7")) == [job]
