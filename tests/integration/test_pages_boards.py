"""The leaderboard as a page and as CSV."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from challenges.models import Submission
from challenges.services.submitting import withdraw
from challenges.views.rounds import harmless
from tests.factories import make_person
from tests.pages import open_round, read, text_of
from tests.rounds import hand_in, scored, work

pytestmark = pytest.mark.django_db


def board_of(client, round_, query=""):
    return client.get(f"/rounds/{round_.slug}/leaderboard/{query}")


def csv_rows(client, round_):
    response = client.get(f"/rounds/{round_.slug}/leaderboard.csv")
    return response, list(csv.DictReader(io.StringIO(response.getvalue().decode())))


def ranks_on(page):
    rows = page.text.split("<tbody>")[1].split("</tbody>")[0].split("<tr")[1:]
    return [text_of("<tr" + row).split()[0] for row in rows]


def test_equal_scores_share_a_rank(client):
    round_ = open_round()
    scored(round_, 700, 900, 700, 500, at=timezone.now())

    assert ranks_on(board_of(client, round_)) == ["1", "2", "2", "4"]


def test_pages_follow_each_other_without_gaps_or_repeats(client):
    round_ = open_round()
    scored(round_, *range(500, 560), at=timezone.now())

    first = board_of(client, round_)
    [forth] = [a["href"] for _, a in read(first.text).tags if a.get("rel") == "next"]
    second = board_of(client, round_, forth)
    [back] = [a["href"] for _, a in read(second.text).tags if a.get("rel") == "prev"]

    assert ranks_on(first) == [str(rank) for rank in range(1, 51)]
    assert ranks_on(second) == [str(rank) for rank in range(51, 61)]
    assert ranks_on(board_of(client, round_, back)) == ranks_on(first)


@pytest.mark.parametrize("cursor", ["x", "bm90IGpzb24", "W10", "%00", "WzEsICJ4IiwgIngiXQ"])
def test_a_made_up_cursor_is_not_found(client, cursor):
    round_ = open_round()
    scored(round_, 500, at=timezone.now())

    assert board_of(client, round_, f"?after={cursor}").status_code == 404


def test_ones_own_place_is_shown_on_every_page(client, participant):
    round_ = open_round()
    scored(round_, *range(500, 560), at=timezone.now())
    hand_in(round_, participant, title="Last of all", seed=7, at=timezone.now())
    work(tenths=lambda _: 100, at=timezone.now())
    client.force_login(participant)

    text = text_of(board_of(client, round_).text)

    assert "Your place: 61 of 61 Last of all 10.0" in text


def test_the_own_row_is_marked(client, participant):
    round_ = open_round()
    hand_in(round_, participant, at=timezone.now())
    work(at=timezone.now())
    client.force_login(participant)

    assert "data-own" in board_of(client, round_).text


def test_a_new_score_is_on_the_board_at_once_although_the_board_is_kept(client):
    round_ = open_round()
    scored(round_, 500, at=timezone.now())
    board_of(client, round_)

    scored(round_, 900, at=timezone.now())

    assert ranks_on(board_of(client, round_)) == ["1", "2"]


def test_searching_keeps_the_ranks_of_the_whole_board(client):
    round_ = open_round()
    scored(round_, 900, at=timezone.now())
    hand_in(round_, make_person(), title="Needle", seed=5, at=timezone.now())
    work(tenths=lambda _: 300, at=timezone.now())

    page = board_of(client, round_, "?search=needle")

    assert ranks_on(page) == ["2"]
    assert "Nothing found" in board_of(client, round_, "?search=%00nobody").text


def test_a_page_of_the_board_costs_the_same_queries_whatever_its_length(client):
    now = timezone.now()
    short, long = open_round(), open_round()
    scored(short, 500, 501, at=now)
    scored(long, *range(400, 440), at=now)

    with CaptureQueriesContext(
        connection,
    ) as few:
        board_of(client, short)
    with CaptureQueriesContext(connection) as many:
        board_of(client, long)

    assert len(few) == len(many) <= 10


def test_an_empty_board_says_so(client):
    assert "The board is empty" in board_of(client, open_round()).text


def test_the_csv_holds_the_whole_board_in_order(client):
    round_ = open_round()
    scored(round_, 700, 900, 700, at=timezone.now())

    response, rows = csv_rows(client, round_)

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="{round_.slug}-leaderboard.csv"' in response["Content-Disposition"]
    assert [(row["rank"], row["score"]) for row in rows] == [
        ("1", "90.0"),
        ("2", "70.0"),
        ("2", "70.0"),
    ]
    assert rows[0]["entry"].startswith("http://testserver/entries/")
    assert rows[0]["music"] == "50.0"


def test_no_cell_of_the_csv_is_a_formula(client):
    round_ = open_round()
    person = make_person(display_name="@SUM(A1)")
    hand_in(round_, person, title='=HYPERLINK("http://evil.example")', at=timezone.now())
    work(at=timezone.now())

    _, [row] = csv_rows(client, round_)

    assert row["title"].startswith("'=")
    assert row["name"].startswith("'@")


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", " =1", "\t=1", "\rx", "＝1"])
def test_formulas_are_made_harmless(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Étude", "1", "a=b", ""])
def test_other_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


def test_a_title_cannot_write_html_into_the_board(client):
    round_ = open_round()
    hand_in(round_, make_person(), title="<img src=x onerror=alert(1)>", at=timezone.now())
    work(at=timezone.now())

    assert "<img" not in board_of(client, round_).text


def test_a_withdrawn_piece_on_a_frozen_board_keeps_its_place_but_not_its_title(client):
    now = timezone.now()
    round_ = open_round(freeze_at=now - timedelta(hours=1))
    [piece] = scored(round_, 500, at=now - timedelta(hours=2))
    title = piece.title
    withdraw(submission=piece, now=now)

    page = board_of(client, round_)
    _, [row] = csv_rows(client, round_)

    assert ranks_on(page) == ["1"]
    assert title not in page.text
    assert row["title"] == ""
    assert client.get(f"/entries/{piece.entry_id}/").status_code == 404
    assert Submission.objects.get().content == "withdrawn"
