"""Which rounds there are."""

from datetime import datetime

from django.db.models import QuerySet

from challenges.models import Round


def current_round(now: datetime) -> Round | None:
    """Return the round to show first: the open one that closes soonest, else the next to open,
    else the one that closed last."""
    public = Round.objects.public().filter(cancelled_at__isnull=True)
    return (
        Round.objects.open(now).order_by("closes_at").first()
        or public.filter(opens_at__gt=now).order_by("opens_at").first()
        or public.order_by("-closes_at").first()
    )


def open_rounds(now: datetime) -> QuerySet[Round]:
    """Return the rounds that take submissions, the first to close first."""
    return Round.objects.open(now).order_by("closes_at")


def coming_rounds(now: datetime) -> QuerySet[Round]:
    """Return the published rounds that have not opened, the first to open first."""
    return Round.objects.public().filter(opens_at__gt=now).order_by("opens_at")


def past_rounds(now: datetime) -> QuerySet[Round]:
    """Return the rounds whose closing moment has passed, the last one first."""
    return Round.objects.closed(now).order_by("-closes_at")
