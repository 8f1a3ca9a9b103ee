"""Laws of rounds and boards."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from challenges.errors import UnclearLocalTime
from challenges.models import Board, BoardRow, Round, ScoreTally
from challenges.phases import Instants, Phase, phase_of
from challenges.ranking import Standing, rank
from challenges.scoring import PARTS, RULES, PieceFacts, fit_value, originality_value
from challenges.selectors.boards import board_page, cursor_of, ranks_of, read_cursor
from challenges.selectors.visibility import in_phase
from challenges.zones import first_clear_instant, instant, month_starts
from tests.rounds import CLOSES, OPENS, make_round, scored

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1))
INSTANTS = MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC))
ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Paris",
        "America/New_York",
        "America/Sao_Paulo",
        "Asia/Beirut",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Etc/GMT+12",
        "Pacific/Apia",
        "Pacific/Kiritimati",
    ]
).map(ZoneInfo)
STANDINGS = st.lists(
    st.builds(
        Standing,
        st.uuids(),
        st.integers(0, 20),
        st.integers(0, 5).map(lambda minutes: OPENS + timedelta(minutes=minutes)),
    ),
    unique_by=lambda standing: standing.entry_id,
    max_size=30,
)


@given(STANDINGS)
def test_ranking_is_a_permutation_that_never_rises(standings: list[Standing]):
    ranked = rank(standings)

    assert sorted(s.entry_id for _, s in ranked) == sorted(s.entry_id for s in standings)
    for place, standing in ranked:
        assert place == 1 + sum(other.tenths > standing.tenths for other in standings)
    keys = [(-s.tenths, s.submitted_at, s.entry_id) for _, s in ranked]
    assert keys == sorted(keys)


@given(STANDINGS)
def test_ranking_does_not_depend_on_the_order_of_what_comes_in(standings: list[Standing]):
    assert rank(standings) == rank(list(reversed(standings)))


@settings(deadline=None)  # the first look into a zone reads a file
@given(MOMENTS, ZONES)
def test_an_instant_shows_the_local_time_it_came_from(local: datetime, zone: ZoneInfo):
    try:
        found = instant(local, zone)
    except UnclearLocalTime:
        back = first_clear_instant(local.replace(second=0, microsecond=0), zone)
        assert back.astimezone(zone).replace(tzinfo=None) > local - timedelta(minutes=1)
    else:
        assert found.astimezone(zone).replace(tzinfo=None) == local


@settings(deadline=None)
@given(INSTANTS, ZONES)
def test_months_follow_each_other_and_hold_the_present(now: datetime, zone: ZoneInfo):
    starts = month_starts(now, zone, count=4)

    assert starts[0] <= now < starts[1]
    assert all(27 < (b - a).days < 32 for a, b in pairwise(starts))
    assert all(start.astimezone(zone).day == 1 for start in starts)


MAYBE = st.none() | st.sampled_from([CLOSES + timedelta(days=days) for days in range(4)])
FREEZE = st.none() | st.sampled_from([OPENS + timedelta(days=days) for days in (1, 15, 30)])
LIVES = st.fixed_dictionaries(
    {
        "freeze_at": FREEZE,
        "published_at": MAYBE,
        "cancelled_at": MAYBE,
        "drained_at": MAYBE,
        "results_at": MAYBE,
        "finalized_at": MAYBE,
        "archived_at": MAYBE,
    }
)
NOWS = st.sampled_from(
    [
        moment + timedelta(milliseconds=off)
        for moment in (OPENS, OPENS + timedelta(days=15), CLOSES)
        for off in (-1, 0, 1)
    ]
)


@given(LIVES, NOWS)
def test_a_round_is_always_in_exactly_one_phase(life: dict[str, datetime | None], now: datetime):
    instants = Instants(opens_at=OPENS, closes_at=CLOSES, **life)

    assert phase_of(instants, now) in Phase


@pytest.mark.django_db
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(LIVES, NOWS)
def test_the_database_finds_a_round_under_the_phase_it_computes(
    life: dict[str, datetime | None], now: datetime
):
    round_ = Round.objects.first() or make_round()
    Round.objects.update(**life)
    round_.refresh_from_db()

    found = [phase for phase in Phase if Round.objects.filter(in_phase(phase, now)).exists()]

    assert found == [round_.phase(now)]


@given(st.dictionaries(st.sampled_from(PARTS), st.floats(0, 100, exclude_min=True), min_size=1))
def test_a_total_lies_between_its_lowest_and_highest_part(config: dict[str, float]):
    values = {part: 100 * (index + 1) / 7 for index, part in enumerate(PARTS)}
    for rule in RULES.values():
        weights = rule.validate(config)
        total = rule.combine(values, weights)
        assert min(values.values()) - 1e-9 <= total <= max(values.values()) + 1e-9
        assert math.isfinite(total)


@given(st.sampled_from(sorted(RULES)), st.sampled_from(PARTS), st.floats(0, 100), st.floats(0, 100))
def test_a_better_part_never_makes_a_worse_total(name: str, part: str, lower: float, higher: float):
    lower, higher = sorted((lower, higher))
    rule = RULES[name]
    weights = rule.validate({})
    values = dict.fromkeys(PARTS, 50.0)

    assert (
        rule.combine(values | {part: lower}, weights)
        <= rule.combine(values | {part: higher}, weights) + 1e-9
    )


@given(st.floats(0, 1), st.floats(0, 1))
def test_originality_never_rises_with_what_is_borrowed(a: float, b: float):
    less, more = sorted((a, b))
    assert 0 <= originality_value(more) <= originality_value(less) <= 100


@given(st.floats(0.001, 1800), st.integers(1, 64), st.sets(st.sampled_from("abc")))
def test_fit_is_a_percentage_and_full_exactly_without_a_complaint(
    seconds: float, n_tracks: int, used: set[str]
):
    value, reasons = fit_value(
        PieceFacts(seconds, n_tracks, frozenset(used)),
        seconds=(20, 120),
        tracks=(2, 6),
        techniques=frozenset("ab"),
    )

    assert 0 <= value <= 100
    assert (value == 100) == (not reasons)


@given(st.integers(0, 1000), INSTANTS, st.uuids())
def test_a_cursor_names_the_row_it_was_made_from(tenths: int, moment: datetime, entry: UUID):
    row = BoardRow(tenths=tenths, submitted_at=moment, entry_id=entry)

    assert read_cursor(cursor_of(row)) == (tenths, moment, entry)


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.integers(0, 6), min_size=12, max_size=12), st.integers(1, 5))
def test_pages_and_ranks_equal_a_recount(totals: list[int], size: int):
    board = Board.objects.first()
    if board is None:
        round_ = make_round()
        scored(round_, *range(12))
        board = round_.live_board
    rows = list(BoardRow.objects.filter(board=board).order_by("entry_id"))
    for row, tenths in zip(rows, totals, strict=True):
        row.tenths = tenths
    BoardRow.objects.bulk_update(rows, ["tenths"])
    ScoreTally.objects.filter(board=board).delete()
    ScoreTally.objects.bulk_create(
        ScoreTally(board=board, tenths=t, count=totals.count(t)) for t in set(totals)
    )

    shown, cursor = [], None
    while True:
        page = board_page(board=board, after=cursor, size=size)
        shown += [(ranked.rank, ranked.row.entry_id) for ranked in page.rows]
        if (cursor := page.after) is None:
            break

    expected = rank(Standing(row.entry_id, row.tenths, row.submitted_at) for row in rows)
    assert shown == [(place, s.entry_id) for place, s in expected]
    assert ranks_of(board, set(totals)) == {s.tenths: place for place, s in reversed(expected)}
