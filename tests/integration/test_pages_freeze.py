"""A board that stands still tells nobody else what came after."""

from datetime import timedelta

import pytest
from django.utils import timezone

from challenges.services import rounds
from tests.factories import make_person
from tests.pages import open_round, read, text_of
from tests.rounds import hand_in, work

pytestmark = pytest.mark.django_db

FROZEN, LATER, NEWCOMER = 611, 977, 933  # scores that no other number on a page looks like


@pytest.fixture
def frozen():
    """A round with a piece scored before the freeze, and two after it."""
    now = timezone.now()
    round_ = open_round(freeze_at=now - timedelta(hours=1))
    early, newcomer = make_person(), make_person()
    before = now - timedelta(hours=2)
    old = hand_in(round_, early, seed=1, title="Before the freeze", at=before)
    work(tenths=lambda _: FROZEN, at=before)
    better = hand_in(round_, early, seed=2, title="After the freeze", at=now)
    new = hand_in(round_, newcomer, seed=3, title="A newcomer's piece", at=now)
    totals = {better.pk: LATER, new.pk: NEWCOMER}
    work(tenths=lambda piece: totals[piece.pk], at=now)
    return round_, old, better, new


def public_addresses(round_, *submissions):
    people = {submission.entry.participant.username for submission in submissions}
    entries = {submission.entry_id for submission in submissions}
    return [
        "/",
        "/rounds/",
        f"/rounds/{round_.slug}/",
        f"/rounds/{round_.slug}/leaderboard/",
        f"/rounds/{round_.slug}/leaderboard/?search=the",
        f"/rounds/{round_.slug}/leaderboard.csv",
        *[f"/people/{name}/" for name in people],
        *[f"/entries/{pk}/" for pk in entries],
        *[f"/submissions/{submission.pk}/" for submission in submissions],
        *[f"/submissions/{submission.pk}/status/" for submission in submissions],
    ]


def words_of(response):
    """Return what a person or a screen reader reads, without the coordinates of drawings."""
    if response.streaming:
        return response.getvalue().decode()
    spoken = [attributes.get("aria-label") or "" for _, attributes in read(response.text).tags]
    return text_of(response.text) + " ".join(spoken)


def test_what_came_after_the_freeze_is_heard_by_its_participant_alone(client, api, frozen):
    _, old, better, new = frozen

    assert client.get(f"/entries/{new.entry_id}/audio.wav").status_code == 404
    for ending in ("", "mp3/", "wav/"):
        assert api.get(f"/api/v1/submissions/{better.pk}/audio/{ending}").status_code == 404
        assert api.get(f"/api/v1/submissions/{old.pk}/audio/{ending}").status_code == 202
    api.force_authenticate(better.entry.participant)
    assert api.get(f"/api/v1/submissions/{better.pk}/audio/wav/").status_code == 202


@pytest.mark.parametrize("signed_in_as", ["a visitor", "a stranger", "the other participant"])
def test_no_public_page_tells_a_newer_score_or_title(client, frozen, signed_in_as):
    round_, old, better, new = frozen
    if signed_in_as != "a visitor":
        client.force_login(make_person())
    hidden = [f"{LATER / 10}", "After the freeze", f"{NEWCOMER / 10}", "A newcomer's piece"]
    addresses = public_addresses(round_, old, better, new)
    if signed_in_as == "the other participant":
        client.force_login(new.entry.participant)
        hidden = hidden[:2]
        addresses = public_addresses(round_, old, better)

    for address in addresses:
        body = words_of(client.get(address))
        assert not [word for word in hidden if word in body], address


def test_the_public_reads_the_score_of_the_freeze(client, frozen):
    round_, old, *_ = frozen

    board = text_of(client.get(f"/rounds/{round_.slug}/leaderboard/").text)
    entry = text_of(client.get(f"/entries/{old.entry_id}/").text)

    assert "The board stands still" in board
    assert f"{FROZEN / 10}" in board
    assert f"{FROZEN / 10}" in entry
    assert "Before the freeze" in entry


def test_the_newcomers_entry_and_file_are_closed_to_others(client, frozen):
    *_, new = frozen

    assert client.get(f"/entries/{new.entry_id}/").status_code == 404
    assert client.get(f"/entries/{new.entry_id}/midi/").status_code == 404


def test_its_participant_reads_the_newer_score_and_that_nobody_else_does(client, frozen):
    _, old, *_ = frozen
    client.force_login(old.entry.participant)

    text = text_of(client.get(f"/entries/{old.entry_id}/").text)

    assert f"{LATER / 10}" in text
    assert "Only you and the organizers see this score" in text
    assert f"On the public board, with {FROZEN / 10}" in text


def test_the_results_show_everything(client, frozen, organizer):
    round_, _, _, new = frozen
    now = timezone.now() + timedelta(days=8)
    type(round_).objects.filter(pk=round_.pk).update(closes_at=timezone.now(), drained_at=now)
    rounds.publish_results(round_=round_, actor=organizer, now=now)

    board = text_of(client.get(f"/rounds/{round_.slug}/leaderboard/").text)

    assert "The board stands still" not in board
    assert f"{LATER / 10}" in board
    assert f"{NEWCOMER / 10}" in board
    assert client.get(f"/entries/{new.entry_id}/").status_code == 200
