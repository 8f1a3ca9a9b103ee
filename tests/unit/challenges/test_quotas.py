from datetime import UTC, datetime

import pytest

from challenges.models import Round
from challenges.quotas import period_name, resets_at


def a_round(period: str, zone: str = "UTC") -> Round:
    return Round(quota_period=period, zone=zone)


def test_a_day_runs_from_midnight_to_midnight_in_the_rounds_zone():
    round_ = a_round("day", "America/New_York")
    evening = datetime(2026, 11, 14, 4, 59, tzinfo=UTC)  # 23:59 the day before, there

    assert period_name(round_, evening) == "2026-11-13"
    assert resets_at(round_, evening) == datetime(2026, 11, 14, 5, tzinfo=UTC)
    assert period_name(round_, datetime(2026, 11, 14, 5, tzinfo=UTC)) == "2026-11-14"


def test_a_week_begins_on_monday():
    round_ = a_round("week")

    assert period_name(round_, datetime(2026, 11, 15, 23, 59, tzinfo=UTC)) == "2026-11-09"
    assert period_name(round_, datetime(2026, 11, 16, tzinfo=UTC)) == "2026-11-16"
    assert resets_at(round_, datetime(2026, 11, 15, tzinfo=UTC)) == datetime(
        2026, 11, 16, tzinfo=UTC
    )


def test_a_quota_for_the_whole_round_is_not_given_back():
    round_ = a_round("round")

    assert period_name(round_, datetime(2026, 11, 14, tzinfo=UTC)) == "round"
    assert resets_at(round_, datetime(2026, 11, 14, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 11, 14), 24)]
)
def test_a_day_is_as_long_as_its_clocks_make_it(day: tuple[int, int, int], hours: int):
    round_ = a_round("day", "Europe/Paris")
    midnight = datetime(*day, tzinfo=round_.tzinfo).astimezone(UTC)

    assert (resets_at(round_, midnight) - midnight).total_seconds() == hours * 3600


def test_a_day_whose_midnight_is_skipped_still_has_one_period():
    round_ = a_round("day", "Asia/Beirut")
    begins = datetime(2026, 3, 28, 22, tzinfo=UTC)  # 01:00 there, an hour after 23:59:59

    assert resets_at(round_, datetime(2026, 3, 28, 12, tzinfo=UTC)) == begins
    assert period_name(round_, begins) == "2026-03-29"
