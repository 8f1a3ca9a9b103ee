"""The landing page, the lists and a round's own page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from challenges.services import rounds
from tests.factories import make_person
from tests.pages import open_round, read, text_of
from tests.rounds import hand_in, make_round, scored

pytestmark = pytest.mark.django_db


def test_the_landing_page_without_a_round_still_says_how_to_take_part(client):
    page = client.get("/")

    assert page.status_code == 200
    assert "How to take part" in page.text


def test_the_landing_page_leads_to_this_months_entry_and_shows_the_three_best(client):
    round_ = open_round()
    pieces = scored(round_, 900, 800, 700, 600, at=timezone.now())

    page = client.get("/")

    assert f'href="/rounds/{round_.slug}/submit/"' in page.text
    shown = [str(piece.entry_id) in page.text for piece in pieces]
    assert shown == [True, True, True, False]


def test_drafts_are_not_listed_and_not_found(client):
    draft = open_round(published=False)

    assert draft.title not in client.get("/rounds/").text
    assert client.get(f"/rounds/{draft.slug}/").status_code == 404
    assert client.get(f"/rounds/{draft.slug}/leaderboard/").status_code == 404
    assert client.get(f"/rounds/{draft.slug}/leaderboard.csv").status_code == 404


def test_an_organizer_reads_a_draft(client, organizer):
    draft = open_round(published=False)
    client.force_login(organizer)

    page = client.get(f"/rounds/{draft.slug}/")

    assert "Only organizers see this page" in page.text


def test_archived_rounds_are_read_by_their_address_and_listed_nowhere(client, organizer):
    now = timezone.now()
    past = make_round(opens_at=now - timedelta(days=40), closes_at=now + timedelta(days=1))
    rounds.cancel(round_=past, actor=organizer, reason="rain", now=now)
    rounds.archive(round_=past, actor=organizer, now=now)

    assert past.title not in client.get("/rounds/").text
    assert client.get(f"/rounds/{past.slug}/").status_code == 200


def test_rounds_are_listed_by_what_one_can_do_with_them(client):
    now = timezone.now()
    running = open_round()
    coming = make_round(opens_at=now + timedelta(days=2), closes_at=now + timedelta(days=9))
    past = make_round(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=2))

    text = text_of(client.get("/rounds/").text)

    headings = [text.index(word) for word in ("Open now", "Coming", "Past")]
    titles = [text.index(round_.title) for round_ in (running, coming, past)]
    assert headings[0] < titles[0] < headings[1] < titles[1] < headings[2] < titles[2]


def test_a_brief_is_drawn_from_markdown_without_letting_html_through(client):
    brief = (
        "# Canon\n\nWrite **one**. <script>alert(1)</script>\n\n"
        "[away](javascript:alert(1)) ![](https://evil.example/x.png)"
    )
    round_ = open_round(brief=brief)

    html = client.get(f"/rounds/{round_.slug}/").text

    assert "<strong>one</strong>" in html
    assert "<script>alert" not in html
    assert 'href="javascript' not in html
    assert "<img" not in html
    assert [tag for tag, _ in read(html).tags].count("h1") == 1


def test_a_round_says_its_dates_in_its_own_zone_too(client):
    round_ = open_round(zone="Asia/Tokyo")

    html = client.get(f"/rounds/{round_.slug}/").text

    assert 'data-round-zone="Asia/Tokyo"' in html
    assert f'datetime="{round_.closes_at:%Y-%m-%dT%H:%M:%S}Z"' in html


def test_a_round_says_what_the_viewer_has_left_and_handed_in(client, participant):
    round_ = open_round(quota=3)
    hand_in(round_, participant, title="Half a waltz", at=timezone.now())
    client.force_login(participant)

    text = text_of(client.get(f"/rounds/{round_.slug}/").text)

    assert "You can hand in 2 more pieces" in text
    assert "Half a waltz" in text
    assert "In the queue" in text


def test_somebody_elses_pieces_are_not_listed_as_ones_own(client, participant):
    round_ = open_round()
    hand_in(round_, make_person(), title="Not yours", at=timezone.now())
    client.force_login(participant)

    assert "Not yours" not in client.get(f"/rounds/{round_.slug}/").text


def test_a_paused_round_offers_no_entry(client, organizer):
    round_ = open_round()
    rounds.pause(round_=round_, actor=organizer, reason="a fault", now=timezone.now())

    text = text_of(client.get(f"/rounds/{round_.slug}/").text)

    assert "Paused" in text
    assert "Make your entry" not in text
