"""How much processor time somebody may still train for, and when it is given back."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Sum

from accounts.models import User
from lab.models import Sitting


@dataclass(frozen=True, slots=True)
class Budget:
    """A person's processor time of a month, in seconds."""

    used: float
    limit: float
    resets_at: datetime

    @property
    def left(self) -> float:
        """What is left of it."""
        return max(0.0, self.limit - self.used)

    @property
    def is_used_up(self) -> bool:
        """Whether nothing is left."""
        return self.left <= 0


def month_of(now: datetime) -> tuple[datetime, datetime]:
    """Return the first moments of the month that `now` lies in and of the next one, in UTC.

    >>> from datetime import UTC
    >>> [str(day.date()) for day in month_of(datetime(2026, 12, 24, tzinfo=UTC))]
    ['2026-12-01', '2027-01-01']
    """
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    year, month = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)
    return first, first.replace(year=year, month=month)


def budget_of(person: User, now: datetime) -> Budget:
    """Return what a person has used this month, deleted runs included."""
    first, after = month_of(now)
    lines = Sitting.objects.filter(owner=person, began_at__gte=first, began_at__lt=after)
    used = lines.aggregate(total=Sum("cpu_seconds"))["total"] or 0.0
    return Budget(used=used, limit=settings.LAB_CPU_MINUTES * 60.0, resets_at=after)
