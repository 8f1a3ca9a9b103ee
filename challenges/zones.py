"""Local times that an organizer enters, as instants."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from challenges.errors import UnclearLocalTime

MONTHS_IN_A_YEAR = 12


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC instant at which clocks in `zone` show `local`, a naive time.

    :raises UnclearLocalTime: if clocks are put forward over that time, or show it twice
    """
    earlier = local.replace(tzinfo=zone, fold=0)
    later = local.replace(tzinfo=zone, fold=1)
    if earlier.utcoffset() == later.utcoffset():
        return earlier.astimezone(UTC)
    if _round_trips(earlier):
        raise UnclearLocalTime(
            _(
                "Clocks in {key} show {local:%Y-%m-%d %H:%M} twice, at {utc:%H:%M} and "
                "{utc2:%H:%M} UTC. Choose a time an hour earlier or later."
            ).format(
                key=zone.key, local=local, utc=earlier.astimezone(UTC), utc2=later.astimezone(UTC)
            )
        )
    raise UnclearLocalTime(
        _(
            "Clocks in {key} never show {local:%Y-%m-%d %H:%M}: they are put forward "
            "over it. Choose a time an hour earlier or later."
        ).format(key=zone.key, local=local)
    )


def _round_trips(moment: datetime) -> bool:
    back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return back.replace(tzinfo=None) == moment.replace(tzinfo=None)


def first_clear_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of `local`, or of the first clear minute after it.

    For dates that the calendar gives and nobody types, such as the start of a month.
    """
    while True:
        try:
            return instant(local, zone)
        except UnclearLocalTime:
            local += timedelta(minutes=1)


def month_starts(now: datetime, zone: ZoneInfo, *, count: int) -> list[datetime]:
    """Return the instants at which this month and those after it begin in `zone`."""
    here = now.astimezone(zone)
    months = [here.year * MONTHS_IN_A_YEAR + here.month - 1 + ahead for ahead in range(count)]
    return [first_clear_instant(_first_of_month(m), zone) for m in months]


def _first_of_month(months: int) -> datetime:
    """Return the naive first midnight of the month that many months after January of year 0."""
    return datetime(months // MONTHS_IN_A_YEAR, months % MONTHS_IN_A_YEAR + 1, 1)  # noqa: DTZ001
