"""An entry's page, its file, and people's pages."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from challenges.models import Submission
from challenges.models.entry import Eligibility
from challenges.services.reviewing import judge_eligibility
from tests.factories import make_person
from tests.pages import open_round, read, score_everything, text_of
from tests.rounds import hand_in, make_round, scored, work

pytestmark = pytest.mark.django_db


def handed_in(round_=None, person=None, **kwargs):
    """Hand in and score a piece with the real handlers."""
    kwargs.setdefault("at", timezone.now())
    submission = hand_in(round_ or open_round(), person or make_person(), **kwargs)
    score_everything()
    submission.refresh_from_db()
    return submission


def entry_page(client, submission):
    return client.get(f"/entries/{submission.entry_id}/")


def test_an_entry_shows_its_roll_its_score_and_the_reasons(client):
    submission = handed_in(title="Étude", statement="Two lines\nin a row")

    page = entry_page(client, submission)
    text = text_of(page.text)

    assert "Étude" in text
    assert f"{submission.scores.get().total:.1f}" in text
    assert 'aria-label="Piano roll: 60 notes in 1 track over 15 bars' in page.text
    assert "Rank 1 of 1" in text
    assert "Music How the piece compares" in text
    assert "Made by hand." in text
    assert "Two lines" in text


def test_pages_hold_no_inline_style_or_script(client):
    submission = handed_in()

    for address in (f"/entries/{submission.entry_id}/", "/", f"/rounds/{submission.round.slug}/"):
        tags = read(client.get(address).text).tags
        assert not [tag for tag, attributes in tags if "style" in attributes]
        assert not [
            tag for tag, a in tags if tag == "style" or (tag == "script" and "src" not in a)
        ]
        assert [tag for tag, _ in tags].count("h1") == 1


def test_a_title_cannot_write_html_into_the_page(client):
    submission = handed_in(title="</title><script>alert(1)</script>", statement="<b>&</b>")

    html = entry_page(client, submission).text

    assert "<script>alert" not in html
    assert "<b>&</b>" not in html


def test_a_piece_that_is_not_on_the_board_is_its_participants_own(client):
    person = make_person()
    submission = hand_in(open_round(), person, at=timezone.now())

    assert entry_page(client, submission).status_code == 404
    client.force_login(person)
    assert entry_page(client, submission).status_code == 200


def test_the_participant_sees_all_versions_with_their_states(client):
    round_, person = open_round(), make_person()
    first = handed_in(round_, person, seed=1, title="Draft of it")
    hand_in(round_, person, seed=2, title="Second try", at=timezone.now())
    client.force_login(person)

    own = text_of(entry_page(client, first).text)
    client.logout()
    public = text_of(entry_page(client, first).text)

    assert "Second try" in own
    assert "In the queue" in own
    assert "Second try" not in public


def test_a_disqualified_piece_is_gone_for_others_and_can_be_appealed(client, organizer):
    person = make_person()
    submission = handed_in(person=person)
    judge_eligibility(
        submission=submission,
        decision=Eligibility.DISQUALIFIED,
        reason="It is a march, not a waltz.",
        actor=organizer,
        now=timezone.now(),
    )

    assert entry_page(client, submission).status_code == 404
    client.force_login(person)
    assert "It is a march, not a waltz." in entry_page(client, submission).text
    empty = client.post(f"/submissions/{submission.pk}/appeal/", {"statement": "\u200b"})
    done = client.post(f"/submissions/{submission.pk}/appeal/", {"statement": "Listen to bar 3."})

    submission.refresh_from_db()
    assert empty.status_code == 422
    assert done.status_code == 302
    assert submission.eligibility == Eligibility.APPEALED


def test_the_file_is_an_attachment_with_a_plain_name(client):
    submission = handed_in(title='../"Waltz"\r\n; x=ü')

    response = client.get(f"/entries/{submission.entry_id}/midi/")

    assert response.getvalue()[:4] == b"MThd"
    assert response["Content-Type"] == "audio/midi"
    assert response["Content-Disposition"].startswith('attachment; filename="')
    assert not set("/\r\n;") & set(response["Content-Disposition"].split("filename=")[1])
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_piece_with_all_rights_reserved_is_its_authors_to_download(client, organizer):
    person = make_person()
    submission = handed_in(person=person, licence="all-rights-reserved")
    address = f"/entries/{submission.entry_id}/midi/"

    assert "Download MIDI" not in entry_page(client, submission).text
    assert client.get(address).status_code == 403
    for allowed in (person, organizer):
        client.force_login(allowed)
        assert b"".join(client.get(address)).startswith(b"MThd")


def test_a_copy_names_the_bars_and_the_piece_it_comes_nearest_to(client):
    round_ = open_round()
    original = handed_in(round_, seed=4, title="The source")
    copier = make_person()
    copy = handed_in(round_, copier, seed=4, title="The copy")
    client.force_login(copier)

    page = client.get(f"/submissions/{copy.pk}/")

    assert f'href="/entries/{original.entry_id}/"' in page.text
    assert re.search(r"% of its melodic lines are found .* in bars 1–1\d\.", text_of(page.text))


def test_a_copy_of_a_piece_that_is_not_public_does_not_name_it(client):
    round_ = open_round()
    hidden = hand_in(round_, make_person(), seed=4, title="Top secret", at=timezone.now())
    score_everything()
    Submission.objects.filter(pk=hidden.pk).update(content="withdrawn")
    copier = make_person()
    copy = handed_in(round_, copier, seed=4, title="The copy")
    Submission.objects.filter(pk=copy.pk).update(
        originality={"share": 1.0, "nearest": f"submission:{hidden.pk}", "passages": []}
    )
    client.force_login(copier)

    text = text_of(client.get(f"/submissions/{copy.pk}/").text)

    assert "Top secret" not in text
    assert "another piece of this round" in text


def test_a_person_has_ranks_over_time(client):
    person = make_person(display_name="Clara W.", bio="Plays the viola.")
    now = timezone.now()
    past = make_round(opens_at=now - timedelta(days=40), closes_at=now + timedelta(days=1))
    for round_, seed in ((past, 1), (open_round(), 2)):
        scored(round_, 900, at=now)
        hand_in(round_, person, seed=seed, title=f"Opus {seed}", at=now)
        work(tenths=lambda _: 800, at=now)

    page = client.get(f"/people/{person.username.upper()}/")
    text = text_of(page.text)

    assert "Clara W." in text
    assert "Plays the viola." in text
    assert "Opus 1" in text
    assert text.count("2 of 2 80.0") == 2
    assert 'aria-label="Ranks, oldest first: 2 of 2 in' in page.text


def test_a_profile_costs_the_same_queries_whatever_its_length(client):
    one, many = make_person(), make_person()
    now = timezone.now()
    for index in range(5):
        round_ = open_round()
        hand_in(round_, many, seed=index, at=now)
        if not index:
            hand_in(round_, one, seed=99, at=now)
    work(at=now)

    with CaptureQueriesContext(connection) as few:
        client.get(f"/people/{one.username}/")
    with CaptureQueriesContext(connection) as several:
        client.get(f"/people/{many.username}/")

    assert len(few) == len(several) <= 6


@pytest.mark.parametrize("name", ["nobody-here", "%00", "%2e%2e", "a%0d%0ab"])
def test_nobody_by_that_name_is_not_found(client, name):
    assert client.get(f"/people/{name}/").status_code == 404


def test_people_who_left_have_no_page(client):
    person = make_person()
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert client.get(f"/people/{person.username}/").status_code == 404
