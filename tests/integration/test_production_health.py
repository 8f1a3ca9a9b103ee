"""`/healthz` and `/readyz`, with parts that fail and parts that hang."""

import threading

import pytest
from django.urls import reverse

from config import health
from config.health import Part
from tests.studio import damage_weights

pytestmark = pytest.mark.django_db(transaction=True)


def fails() -> None:
    raise ConnectionError("secret-host:5432 refused")


@pytest.fixture
def hangs():
    release = threading.Event()
    yield lambda: (release.wait(30), None)[1]
    release.set()


@pytest.fixture
def ask(client, monkeypatch):
    def ask(**parts):
        changed = tuple(
            Part(part.name, parts.get(part.name, part.check), part.required)
            for part in health.PARTS
        )
        monkeypatch.setattr(health, "PARTS", changed)
        return client.get(reverse("readyz"))

    return ask


def test_a_living_process_says_so_without_asking_anything(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(reverse("healthz"))

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-cache" in answer["Cache-Control"]


def test_a_ready_site_names_each_part(ask, weights):
    answer = ask()

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["parts"] == dict.fromkeys(
        ["database", "migrations", "storage", "broker", "models"], "ok"
    )


@pytest.mark.parametrize("part", ["database", "migrations", "storage"])
def test_a_broken_part_is_named_without_its_secrets(ask, part):
    answer = ask(**{part: fails})

    assert answer.status_code == 503
    assert answer.json()["parts"][part] == "error"
    assert "secret-host" not in answer.content.decode()


def test_a_damaged_model_only_degrades_since_everything_else_goes_on(ask, weights):
    damage_weights("ar_cnn")

    answer = ask()

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["parts"]["models"] == "error"
    assert "ar_cnn" not in answer.content.decode()


def test_a_dead_broker_only_degrades_since_uploads_go_on(ask):
    answer = ask(broker=fails)

    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"


def test_a_hanging_part_does_not_hang_the_answer(ask, hangs, monkeypatch):
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.2)

    answer = ask(storage=hangs)

    assert answer.status_code == 503
    assert answer.json()["parts"]["storage"] == "error"
    assert answer.json()["seconds"] < 2


def test_unapplied_migrations_are_noticed(monkeypatch):
    class Behind:
        def __init__(self, connection):
            self.loader = self
            self.graph = self

        def leaf_nodes(self):
            return [("accounts", "0099_future")]

        def migration_plan(self, targets):
            return targets

    monkeypatch.setattr(health, "MigrationExecutor", Behind)

    with pytest.raises(health.NotReady):
        health._migrations()


def test_every_answer_carries_a_request_id(client):
    own = client.get(reverse("healthz"))["X-Request-ID"]
    kept = client.get(reverse("healthz"), headers={"X-Request-ID": "abcdef-123456"})
    forged = client.get(reverse("healthz"), headers={"X-Request-ID": "x\u2028level=critical"})

    assert len(own) == 16
    assert kept["X-Request-ID"] == "abcdef-123456"
    assert len(forged["X-Request-ID"]) == 16
