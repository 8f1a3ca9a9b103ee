"""A broker in trouble costs a request nothing: the job is saved, and rung for later."""

import socket
import time

import pytest
from celery import Celery
from django.utils import timezone

from jobs import bell, kinds, services
from jobs.models import Job
from jobs.states import State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fresh_ringer(settings):
    kinds.register(kinds.JobKind("plain", "queue"))
    bell.flush(5)
    yield
    bell._ringers.clear()


def use_redis_at(settings, port):
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{port}/0"
    settings.CELERY_BROKER_TRANSPORT = None
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
    bell._ringers.clear()


def assert_jobs_cost_nothing(count=20):
    start = time.perf_counter()
    for _ in range(count):
        services.enqueue(kind="plain", now=timezone.now())
    assert time.perf_counter() - start < 1
    assert Job.objects.filter(state=State.READY).count() == count


def test_a_broker_that_is_down(settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        use_redis_at(settings, unused.getsockname()[1])

        assert_jobs_cost_nothing()


def test_a_broker_that_hangs(settings):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        use_redis_at(settings, deaf.getsockname()[1])

        assert_jobs_cost_nothing()


def test_a_broker_without_room(settings, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.CELERY_BROKER_TRANSPORT = "jobs.spool:Transport"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(blocked / "rings"),
        "data_folder_out": str(blocked / "rings"),
        "control_folder": str(blocked / "control"),
    }
    bell._ringers.clear()

    assert_jobs_cost_nothing()


def test_a_ring_on_a_sound_broker_is_heard():
    services.enqueue(kind="plain", now=timezone.now())

    assert bell.flush(5)
    with Celery("reader", set_as_current=False) as app:
        app.config_from_object("django.conf:settings", namespace="CELERY")
        with app.connection_for_read() as connection:
            message = connection.SimpleQueue("queue").get(timeout=5)
            message.ack()
            assert message.headers["task"] == bell.WORK
            assert message.headers["timelimit"] == [60.0, 54.0]
            assert message.payload[1] == {"queue": "queue", "again": False}
