"""Rounds of monthly challenges, made by the site itself."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from django.db import IntegrityError, transaction

from accounts.errors import RuleBroken
from challenges.models import Challenge, Recurrence, Round
from challenges.services.rounds import Dates, create_round, publish
from challenges.zones import month_starts

TITLE_KEPT = 64  # and the longest month: a title has 80 characters

log = structlog.get_logger(__name__)


def schedule_monthly_rounds(now: datetime) -> None:
    """Make and publish this month's and next month's round of every monthly challenge.

    Rounds open by themselves at their date; making the next one a month ahead lets people see it
    coming. Doing this twice at once makes each round once: its slug is unique.
    """
    active = Challenge.objects.filter(recurrence=Recurrence.MONTHLY, is_active=True)
    for challenge in active.order_by("pk"):
        try:
            _schedule_months(challenge, now)
        except (RuleBroken, ZoneInfoNotFoundError) as error:
            # One challenge that cannot run, say because its zone was renamed, stops no other.
            log.warning("round_not_scheduled", challenge=challenge.slug, error=str(error))


def _schedule_months(challenge: Challenge, now: datetime) -> None:
    starts = month_starts(now, ZoneInfo(challenge.zone), count=3)
    for opens_at, closes_at in pairwise(starts):
        _schedule(challenge, Dates(opens_at=opens_at, closes_at=closes_at), now)


def _schedule(challenge: Challenge, dates: Dates, now: datetime) -> None:
    month = dates.opens_at.astimezone(ZoneInfo(challenge.zone))
    slug = f"{challenge.slug}-{month:%Y-%m}"
    overlapping = challenge.rounds.filter(
        opens_at__lt=dates.closes_at, closes_at__gt=dates.opens_at, cancelled_at__isnull=True
    )
    if overlapping.exists() or Round.objects.filter(slug=slug).exists():
        return
    try:
        with transaction.atomic():
            round_ = create_round(
                challenge=challenge,
                dates=dates,
                title=f"{challenge.title[:TITLE_KEPT].strip()}, {month:%B %Y}",
                slug=slug,
                actor=None,
                now=now,
            )
            publish(round_=round_, actor=None, now=now)
    except IntegrityError:
        return  # another sweeper made it in the same moment
