"""Who gets which job, and when."""

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection

from jobs import kinds, services
from jobs.models import Job
from jobs.states import Priority
from tests.factories import make_person

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _kinds():
    kinds.register(kinds.JobKind("plain", "queue"))
    kinds.register(kinds.JobKind("bounded", "queue", max_parallel=2))


def enqueue(now, kind="plain", **options):
    return services.enqueue(kind=kind, now=now, **options)


def claim(now, worker="w"):
    return services.claim(queue="queue", worker=worker, now=now)


def claim_all(now):
    claimed = []
    while (lease := claim(now)) is not None:
        claimed.append(lease.job.pk)
    return claimed


@pytest.mark.django_db
def test_jobs_go_by_priority_and_then_by_age(now):
    late = enqueue(now + SECOND)
    low = enqueue(now - SECOND, priority=Priority.LOW)
    early = enqueue(now)
    high = enqueue(now + 2 * SECOND, priority=Priority.HIGH)

    assert claim_all(now) == [high.pk, early.pk, late.pk, low.pk]


@pytest.mark.django_db
def test_a_hundred_jobs_of_one_person_do_not_hold_up_another(now):
    greedy, modest = make_person(), make_person()
    for _ in range(100):
        enqueue(now, owner=greedy)
    last = enqueue(now + SECOND, owner=modest)

    assert claim_all(now).index(last.pk) == 1


@pytest.mark.django_db
def test_rescoring_uses_its_slots_and_no_more(now):
    bounded = [enqueue(now, "bounded", priority=Priority.HIGH) for _ in range(4)]
    plain = enqueue(now)

    claimed = claim_all(now)

    assert claimed[-1] == plain.pk
    assert len(set(claimed) & {job.pk for job in bounded}) == 2


@pytest.mark.django_db
def test_a_suspect_runs_alone(now):
    other = enqueue(now - SECOND)
    suspect = enqueue(now)
    enqueue(now + SECOND)
    Job.objects.filter(pk=suspect.pk).update(losses=2)

    first = claim(now)
    assert first is not None
    assert first.job.pk == other.pk
    assert claim(now) is None, "the suspect waits for the others to end"
    services.finish(lease=first, record=lambda: None, now=now)

    alone = claim(now)
    assert alone is not None
    assert alone.job.pk == suspect.pk
    assert claim(now) is None, "the others wait for the suspect"
    services.finish(lease=alone, record=lambda: None, now=now)

    assert claim(now) is not None


@pytest.mark.django_db
def test_a_job_of_another_version_s_kind_is_left_to_that_version(now):
    job = enqueue(now)
    Job.objects.filter(pk=job.pk).update(kind="of the future")

    assert claim(now) is None


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_never_share_a_job(now: datetime):
    jobs = [enqueue(now) for _ in range(30)]
    claimed: list[object] = []
    start = threading.Barrier(6)

    def work(name: str) -> None:
        start.wait()
        while services.Job.objects.ready().exists():
            if (lease := claim(now, name)) is not None:
                claimed.append(lease.job.pk)
        connection.close()

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(claimed) == Counter(job.pk for job in jobs)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_keep_to_the_slots(now: datetime):
    for _ in range(12):
        enqueue(now, "bounded")
    start = threading.Barrier(6)

    def work(name: str) -> None:
        start.wait()
        for _ in range(3):
            claim(now, name)
        connection.close()

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Job.objects.leased().count() == 2
