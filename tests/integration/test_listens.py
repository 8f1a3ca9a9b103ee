"""Counting who heard an entry."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from challenges.errors import HeardTooLittle
from challenges.models import Listen
from challenges.selectors.listens import has_listened, listen_count
from challenges.services.listening import record_listen, visitor_key
from tests.factories import make_person
from tests.pages import open_round
from tests.rounds import hand_in, work

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 14, 23, 0, tzinfo=UTC)


@pytest.fixture
def piece(db):
    submission = hand_in(open_round(), make_person(), at=timezone.now())  # 30 s
    work(at=timezone.now())
    return submission


def listen(piece, *, person=None, visitor="v", heard=15.0, now=NOW):
    return record_listen(
        entry=piece.entry, submission=piece, person=person, visitor=visitor, heard=heard, now=now
    )


def test_a_listener_counts_once_a_day(piece):
    person = make_person()

    for _ in range(2):
        listen(piece, person=person)
        listen(piece, visitor="a")
    listen(piece, visitor="b")
    assert listen_count(piece.entry) == 3

    listen(piece, person=person, now=NOW + timedelta(hours=2))
    assert listen_count(piece.entry) == 4


def test_too_little_is_refused(piece):
    with pytest.raises(HeardTooLittle):
        listen(piece, heard=14.9)

    assert not Listen.objects.exists()


def test_half_of_a_short_piece_is_enough(piece):
    piece.seconds = 8.0

    assert listen(piece, heard=4.0) is not None


def test_listening_to_oneself_does_not_count(piece):
    assert listen(piece, person=piece.entry.participant) is None
    assert not Listen.objects.exists()


def test_a_vote_can_ask_whether_a_person_listened(piece):
    person = make_person()
    assert not has_listened(person, piece.entry)

    listen(piece, person=person)

    assert has_listened(person, piece.entry)
    assert not has_listened(make_person(), piece.entry)


def test_a_visitor_is_told_apart_by_day_only():
    key = visitor_key(address="192.0.2.1", browser="B", now=NOW)

    assert key == visitor_key(address="192.0.2.1", browser="B", now=NOW)
    assert key != visitor_key(address="192.0.2.2", browser="B", now=NOW)
    assert key != visitor_key(address="192.0.2.1", browser="B", now=NOW + timedelta(hours=2))
    assert "192" not in key


def test_the_page_tells_of_a_listen(client, piece):
    answer = client.post(
        f"/entries/{piece.entry_id}/listens/", {"seconds": 20}, content_type="application/json"
    )

    assert answer.json() == {"counted": True, "listens": 1}
    assert "1 time" in client.get(f"/entries/{piece.entry_id}/").text


def test_a_signed_in_person_s_listen_needs_the_page_s_token(piece):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_person())

    answer = client.post(
        f"/entries/{piece.entry_id}/listens/", {"seconds": 20}, content_type="application/json"
    )

    assert answer.status_code == 403


def test_the_api_refuses_too_little_and_nonsense(api, piece):
    address = f"/api/v1/entries/{piece.entry_id}/listens/"

    assert api.post(address, {"seconds": 3}).data["code"] == "heard_too_little"
    assert api.post(address, {"seconds": "long"}).status_code == 400
    assert api.post(address, {"seconds": -1}).status_code == 400


def test_an_entry_that_is_not_public_cannot_be_listened_to(api):
    hidden = hand_in(open_round(), make_person(), at=timezone.now())

    answer = api.post(f"/api/v1/entries/{hidden.entry_id}/listens/", {"seconds": 20})

    assert answer.status_code == 404


def test_a_flood_is_stopped(api, piece, monkeypatch):
    monkeypatch.setattr(
        "rest_framework.throttling.ScopedRateThrottle.THROTTLE_RATES", {"listens": "2/min"}
    )
    address = f"/api/v1/entries/{piece.entry_id}/listens/"

    codes = [api.post(address, {"seconds": 20}).status_code for _ in range(3)]

    assert codes == [200, 200, 429]
