from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from challenges.models.challenge import Challenge, RuleSet
from challenges.phases import Instants, Phase, phase_of


class RoundQuerySet(models.QuerySet["Round"]):
    """Filters by the instants that a round's phase is computed from."""

    def public(self) -> Self:
        """Rounds that everybody may see."""
        return self.filter(published_at__isnull=False, archived_at__isnull=True)

    def open(self, now: datetime) -> Self:
        """Rounds that take submissions at `now`, unless they are paused."""
        return self.public().filter(opens_at__lte=now, closes_at__gt=now, cancelled_at__isnull=True)

    def closed(self, now: datetime) -> Self:
        """Rounds whose closing moment has passed."""
        return self.public().filter(closes_at__lte=now, cancelled_at__isnull=True)


class Round(RuleSet):
    """One dated run of a challenge, open from `opens_at` until just before `closes_at`.

    The phase is computed from the instants and human decisions below and is never stored.
    """

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="rounds")
    slug = models.SlugField(unique=True, max_length=60)
    title = models.CharField(max_length=80)
    brief = models.TextField(max_length=4000)
    zone = models.CharField(max_length=64, default="UTC")
    opens_at = models.DateTimeField()
    freeze_at = models.DateTimeField(
        null=True, blank=True, help_text="From here the public board stands still."
    )
    closes_at = models.DateTimeField()

    published_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    drained_at = models.DateTimeField(
        null=True, blank=True, help_text="When the last piece handed in on time was scored."
    )
    results_at = models.DateTimeField(null=True, blank=True)
    finalized_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    live_board = models.ForeignKey(
        "challenges.Board", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    frozen_board = models.ForeignKey(
        "challenges.Board", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RoundQuerySet.as_manager()

    class Meta(RuleSet.Meta):
        constraints = [
            *RuleSet.Meta.constraints,
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")), name="round_opens_before_it_closes"
            ),
            models.CheckConstraint(
                condition=Q(freeze_at__isnull=True)
                | Q(freeze_at__gt=F("opens_at"), freeze_at__lte=F("closes_at")),
                name="round_freezes_while_it_is_open",
            ),
        ]
        indexes = [models.Index(fields=["closes_at", "opens_at"], name="round_by_date")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("round", kwargs={"slug": self.slug})

    def phase(self, now: datetime) -> Phase:
        """Return the phase at `now`."""
        return phase_of(
            Instants(
                opens_at=self.opens_at,
                freeze_at=self.freeze_at,
                closes_at=self.closes_at,
                published_at=self.published_at,
                cancelled_at=self.cancelled_at,
                drained_at=self.drained_at,
                results_at=self.results_at,
                finalized_at=self.finalized_at,
                archived_at=self.archived_at,
            ),
            now,
        )

    def takes_submissions(self, received_at: datetime) -> bool:
        """Tell whether an upload that began at `received_at` is in time."""
        return self.phase(received_at) in (Phase.OPEN, Phase.FROZEN) and self.paused_at is None

    @property
    def tzinfo(self) -> ZoneInfo:
        """The zone that the organizer gave the dates in."""
        return ZoneInfo(self.zone)
