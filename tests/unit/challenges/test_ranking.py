from datetime import UTC, datetime, timedelta
from uuid import UUID

from challenges.ranking import Standing, rank

NOON = datetime(2026, 11, 14, 12, tzinfo=UTC)


def standing(number: int, tenths: int, minutes: int = 0) -> Standing:
    return Standing(UUID(int=number), tenths, NOON + timedelta(minutes=minutes))


def test_equal_scores_share_a_rank_and_the_next_one_skips():
    ranked = rank([standing(1, 500), standing(2, 900), standing(3, 500, 1), standing(4, 100)])

    assert [(place, s.entry_id.int) for place, s in ranked] == [(1, 2), (2, 1), (2, 3), (4, 4)]


def test_within_a_tie_the_earlier_piece_is_listed_first_and_then_the_smaller_id():
    ranked = rank([standing(3, 500), standing(1, 500, 5), standing(2, 500)])

    assert [s.entry_id.int for _, s in ranked] == [2, 3, 1]


def test_nobody_makes_an_empty_board():
    assert rank([]) == []
