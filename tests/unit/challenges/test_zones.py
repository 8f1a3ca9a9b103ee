from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from challenges.errors import UnclearLocalTime
from challenges.zones import first_clear_instant, instant, month_starts

PARIS = ZoneInfo("Europe/Paris")


def test_a_local_time_is_an_instant_by_the_zones_offset_of_that_day():
    assert instant(datetime(2026, 1, 15, 12), PARIS) == datetime(2026, 1, 15, 11, tzinfo=UTC)
    assert instant(datetime(2026, 7, 15, 12), PARIS) == datetime(2026, 7, 15, 10, tzinfo=UTC)


def test_a_time_that_clocks_skip_is_refused_with_the_reason():
    with pytest.raises(UnclearLocalTime, match="never show 2026-03-29 02:30"):
        instant(datetime(2026, 3, 29, 2, 30), PARIS)


def test_a_time_that_clocks_show_twice_is_refused_with_both_instants():
    with pytest.raises(UnclearLocalTime, match="twice, at 00:30 and 01:30 UTC"):
        instant(datetime(2026, 10, 25, 2, 30), PARIS)


@pytest.mark.parametrize(
    ("local", "hour"),
    [
        (datetime(2026, 3, 29, 1, 59), 0),
        (datetime(2026, 3, 29, 3, 0), 1),
        (datetime(2026, 10, 25, 1, 59), 23),
        (datetime(2026, 10, 25, 3, 0), 2),
    ],
)
def test_the_minutes_around_a_change_of_clocks_are_clear(local: datetime, hour: int):
    assert instant(local, PARIS).hour == hour


def test_a_half_hour_change_of_clocks_is_seen():
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    with pytest.raises(UnclearLocalTime):
        instant(datetime(2026, 10, 4, 2, 15), lord_howe)
    assert instant(datetime(2026, 10, 4, 2, 30), lord_howe)


def test_a_day_that_a_zone_skipped_is_refused():
    with pytest.raises(UnclearLocalTime):
        instant(datetime(2011, 12, 30, 12), ZoneInfo("Pacific/Apia"))


def test_a_midnight_that_clocks_skip_becomes_the_first_minute_after_it():
    # In Beirut clocks go from 00:00 to 01:00.
    beirut = ZoneInfo("Asia/Beirut")
    found = first_clear_instant(datetime(2026, 3, 29), beirut)
    assert found == datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert found.astimezone(beirut).hour == 1


def test_months_begin_at_local_midnight_over_the_turn_of_the_year():
    starts = month_starts(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), PARIS, count=3)
    assert [f"{start.astimezone(PARIS):%Y-%m-%d %H:%M}" for start in starts] == [
        "2026-12-01 00:00",
        "2027-01-01 00:00",
        "2027-02-01 00:00",
    ]


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Pacific/Kiritimati", datetime(2026, 10, 31, 10, tzinfo=UTC)),  # UTC+14
        ("Etc/GMT+12", datetime(2026, 11, 1, 12, tzinfo=UTC)),  # UTC-12
    ],
)
def test_a_month_begins_where_the_zone_is(zone: str, first: datetime):
    now = datetime(2026, 11, 14, tzinfo=UTC)
    assert month_starts(now, ZoneInfo(zone), count=1) == [first]
