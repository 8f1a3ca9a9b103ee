"""Boards: who stands where, which piece counts, and what a freeze hides."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import User
from challenges.models import BoardRow, Round, ScoreTally
from challenges.models.challenge import Counting
from challenges.models.entry import Eligibility
from challenges.ranking import Standing, rank
from challenges.selectors.boards import (
    BadCursor,
    board_page,
    board_size,
    own_row,
    public_board,
    read_cursor,
)
from challenges.selectors.visibility import PUBLIC_BOARD
from challenges.services.reviewing import appeal, judge_eligibility
from challenges.services.rounds import publish_results
from challenges.services.submitting import pick, withdraw
from tests.factories import make_person
from tests.rounds import CLOSES, NOW, hand_in, make_round, scored, work

pytestmark = pytest.mark.django_db


def places(round_: Round) -> list[tuple[int, float]]:
    """The public board as (rank, score) pairs."""
    board = public_board(Round.objects.get(pk=round_.pk))
    assert board is not None
    page = board_page(board=board, size=1000)
    return [(ranked.rank, ranked.row.score) for ranked in page.rows]


def assert_board_equals_recount(round_: Round) -> None:
    """Compare board, histogram and ranks with what follows from the rows alone."""
    board = Round.objects.get(pk=round_.pk).live_board
    rows = list(BoardRow.objects.filter(board=board))
    recount = Counter(row.tenths for row in rows)
    tallies = ScoreTally.objects.filter(board=board, count__gt=0)
    assert dict(tallies.values_list("tenths", "count")) == dict(recount)
    expected = rank(Standing(row.entry_id, row.tenths, row.submitted_at) for row in rows)
    shown = board_page(board=board, size=1000).rows
    assert [(r.rank, r.row.entry_id) for r in shown] == [(n, s.entry_id) for n, s in expected]


def test_equal_scores_share_a_rank_and_the_earlier_piece_comes_first():
    round_ = make_round()
    late = scored(round_, 800, at=NOW)[0]
    early = scored(round_, 800, at=NOW - timedelta(hours=1))[0]
    scored(round_, 900, 100)

    rows = board_page(board=round_.live_board).rows

    assert [ranked.rank for ranked in rows] == [1, 2, 2, 4]
    assert [ranked.row.submission_id for ranked in rows[1:3]] == [early.pk, late.pk]
    assert_board_equals_recount(round_)


def test_pages_follow_each_other_without_gap_or_repeat():
    round_ = make_round()
    scored(round_, *[500] * 7, *[600] * 4, 10, 1000)
    board = round_.live_board

    seen, cursor = [], None
    while True:
        page = board_page(board=board, after=cursor, size=3)
        seen += [ranked.row.entry_id for ranked in page.rows]
        cursor = page.after
        if cursor is None:
            break
    whole = [ranked.row.entry_id for ranked in board_page(board=board, size=100).rows]

    assert seen == whole
    assert len(set(seen)) == 13


def test_a_page_leads_back_to_the_one_before_it():
    round_ = make_round()
    scored(round_, 900, 800, 700, 600, 500)
    first = board_page(board=round_.live_board, size=2)
    second = board_page(board=round_.live_board, after=first.after, size=2)

    back = board_page(board=round_.live_board, before=second.before, size=2)

    assert [r.row.pk for r in back.rows] == [r.row.pk for r in first.rows]
    assert back.before is None
    assert back.after is not None


def test_searching_keeps_the_ranks_of_the_whole_board():
    round_ = make_round()
    scored(round_, 900, 800)
    wanted = hand_in(round_, make_person(display_name="Ada L."), seed=7, title="Fugue")
    work(tenths=lambda _: 700)

    by_title = board_page(board=round_.live_board, search="fug")
    by_name = board_page(board=round_.live_board, search="ada l")

    assert [(r.rank, r.row.submission_id) for r in by_title.rows] == [(3, wanted.pk)]
    assert [r.row.pk for r in by_name.rows] == [r.row.pk for r in by_title.rows]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "bnVsbA",  # null
        "W10",  # []
        "WzEsIDIsIDNd",  # [1, 2, 3]
        "W0luZmluaXR5LCAiMjAyNi0xMS0wMVQwMDowMDowMCswMDowMCIsICIwIl0",  # [Infinity, ...]
        "W" * 100_000,
    ],
)
def test_a_cursor_that_no_page_gave_is_refused(cursor: str):
    with pytest.raises(BadCursor):
        read_cursor(cursor)


def test_a_cursor_with_an_impossible_time_or_score_is_refused():
    import base64
    import json

    unknown = "00000000-0000-0000-0000-000000000000"
    for key in (
        [-1, "2026-11-01T00:00:00+00:00", unknown],
        [10**30, "2026-11-01T00:00:00+00:00", unknown],
        [1, "0001-01-01T00:00:00+14:00", unknown],
    ):
        cursor = base64.urlsafe_b64encode(json.dumps(key).encode()).decode()
        with pytest.raises(BadCursor):
            read_cursor(cursor)


@pytest.mark.parametrize(
    ("counting", "expected"), [(Counting.BEST, 90), (Counting.LATEST, 50), (Counting.PICKED, 90)]
)
def test_the_challenge_says_which_submission_counts(
    participant: User, counting: Counting, expected: float
):
    round_ = make_round(counting=counting)
    totals = {}
    for number, tenths in enumerate((300, 900, 500)):
        piece = hand_in(round_, participant, seed=number, at=NOW + timedelta(minutes=number))
        totals[piece.pk] = tenths

    work(tenths=lambda piece: totals[piece.pk])

    assert places(round_) == [(1, expected)]
    assert_board_equals_recount(round_)


def test_a_picked_submission_counts_until_it_is_withdrawn(participant: User):
    round_ = make_round(counting=Counting.PICKED)
    good, modest = (hand_in(round_, participant, seed=seed) for seed in (1, 2))
    work(tenths=lambda piece: 900 if piece == good else 400)

    pick(submission=modest, now=NOW)
    assert places(round_) == [(1, 40)]

    withdraw(submission=modest, now=NOW)
    assert places(round_) == [(1, 90)]
    assert_board_equals_recount(round_)


def test_between_equal_best_submissions_the_earlier_one_counts(participant: User):
    round_ = make_round()
    first = hand_in(round_, participant, seed=1, at=NOW)
    hand_in(round_, participant, seed=2, at=NOW + timedelta(minutes=1))

    work()

    assert BoardRow.objects.get().submission_id == first.pk


def test_a_withdrawn_piece_leaves_the_board(participant: User):
    round_ = make_round()
    [piece, _] = scored(round_, 800, 700)

    withdraw(submission=piece, now=NOW)

    assert places(round_) == [(1, 70)]
    assert board_size(round_.live_board) == 1
    assert_board_equals_recount(round_)


def test_a_disqualified_piece_leaves_the_board_and_returns_when_reinstated(organizer: User):
    round_ = make_round()
    [piece, _] = scored(round_, 800, 700)

    def decide(decision: Eligibility) -> None:
        judge_eligibility(
            submission=piece, decision=decision, reason="Looked at.", actor=organizer, now=NOW
        )

    decide(Eligibility.DISQUALIFIED)
    assert places(round_) == [(1, 70)]
    appeal(submission=piece, statement="It is mine.", now=NOW)
    assert places(round_) == [(1, 70)]
    decide(Eligibility.REINSTATED)
    assert places(round_) == [(1, 80), (2, 70)]
    assert_board_equals_recount(round_)


def test_a_piece_under_review_does_not_stand_on_the_board(participant: User):
    round_ = make_round()
    hand_in(round_, participant)

    work(share=0.9)

    piece = participant.entries.get().submissions.get()
    assert piece.eligibility == Eligibility.UNDER_REVIEW
    assert places(round_) == []


def test_scoring_twice_leaves_one_row_and_one_tally(participant: User):
    from challenges.services.scoring import record_findings
    from tests.rounds import findings

    round_ = make_round()
    piece = hand_in(round_, participant)
    work(tenths=lambda _: 640)

    record_findings(submission_id=piece.pk, findings=findings(piece, 640), now=NOW)

    assert places(round_) == [(1, 64)]
    assert_board_equals_recount(round_)


class TestAFrozenBoard:
    """From the freeze to the results the public sees the board as it was."""

    FREEZE = NOW + timedelta(hours=1)
    AFTER = NOW + timedelta(hours=2)

    def test_stands_still_when_a_new_piece_is_scored(self):
        round_ = make_round(freeze_at=self.FREEZE)
        scored(round_, 500)

        scored(round_, 900, at=self.AFTER)

        assert places(round_) == [(1, 50)]
        live = Round.objects.get(pk=round_.pk).live_board
        assert board_size(live) == 2
        assert_board_equals_recount(round_)

    def test_hides_the_score_of_a_piece_handed_in_before_and_scored_after(self):
        round_ = make_round(freeze_at=self.FREEZE)
        scored(round_, 500)
        hand_in(round_, make_person(), seed=5, at=NOW)

        work(tenths=lambda _: 999, at=self.AFTER)

        assert places(round_) == [(1, 50)]

    def test_stands_still_when_a_piece_leaves(self):
        round_ = make_round(freeze_at=self.FREEZE)
        [piece, _] = scored(round_, 800, 700)

        withdraw(submission=piece, now=self.AFTER)

        assert places(round_) == [(1, 80), (2, 70)]

    def test_moves_again_with_the_results(self, organizer: User):
        round_ = make_round(freeze_at=self.FREEZE)
        scored(round_, 500)
        scored(round_, 900, at=self.AFTER)
        Round.objects.filter(pk=round_.pk).update(drained_at=CLOSES)

        publish_results(round_=round_, actor=organizer, now=CLOSES + timedelta(days=1))

        assert places(round_) == [(1, 90), (2, 50)]

    def test_is_the_same_board_in_a_query_as_for_one_round(self):
        round_ = make_round(freeze_at=self.FREEZE)
        scored(round_, 500)
        scored(round_, 900, at=self.AFTER)

        entry = round_.entries.annotate(shown=PUBLIC_BOARD).first()

        assert entry.shown == public_board(Round.objects.get(pk=round_.pk)).pk
        assert entry.shown != Round.objects.get(pk=round_.pk).live_board_id


def test_the_own_row_is_found_whichever_page_it_is_on(participant: User):
    round_ = make_round()
    scored(round_, *range(900, 800, -10))
    hand_in(round_, participant)
    work(tenths=lambda _: 5)

    own = own_row(board=round_.live_board, user=participant)

    assert own is not None
    assert (own.rank, own.row.score) == (11, 0.5)
    assert own_row(board=round_.live_board, user=make_person()) is None
    assert own_row(board=None, user=participant) is None


def test_reading_a_page_takes_as_many_queries_for_many_rows_as_for_few(
    django_assert_num_queries,
):
    round_ = make_round()
    scored(round_, 900, 800)
    board = Round.objects.get(pk=round_.pk).live_board

    with django_assert_num_queries(3):
        few = board_page(board=board).rows
        [r.row.entry.participant.public_name + r.row.submission.title for r in few]
    scored(round_, *range(100, 140))
    with django_assert_num_queries(3):
        many = board_page(board=board).rows
        [r.row.entry.participant.public_name + r.row.submission.title for r in many]
