"""When a quota is given back."""

from datetime import datetime, timedelta

from challenges.models.challenge import QuotaPeriod
from challenges.models.round import Round
from challenges.zones import first_clear_instant


def period_name(round_: Round, now: datetime) -> str:
    """Return the ledger's name of the period that `now` lies in."""
    if round_.quota_period == QuotaPeriod.ROUND:
        return QuotaPeriod.ROUND
    return _first_day(round_, now).date().isoformat()


def resets_at(round_: Round, now: datetime) -> datetime | None:
    """Return when the quota is given back; None if not before the next round."""
    if round_.quota_period == QuotaPeriod.ROUND:
        return None
    days = 7 if round_.quota_period == QuotaPeriod.WEEK else 1
    return first_clear_instant(_first_day(round_, now) + timedelta(days=days), round_.tzinfo)


def _first_day(round_: Round, now: datetime) -> datetime:
    """Return the period's first midnight as a clock in the round's zone shows it (naive)."""
    here = now.astimezone(round_.tzinfo)
    back = here.weekday() if round_.quota_period == QuotaPeriod.WEEK else 0
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    return midnight - timedelta(days=back)
