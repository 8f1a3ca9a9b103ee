from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class QuotaPeriod(models.TextChoices):
    """When a participant's used submissions are given back."""

    DAY = "day", _("each day, at midnight in the round's zone")
    WEEK = "week", _("each week, on Monday at midnight in the round's zone")
    ROUND = "round", _("not before the next round")


class Counting(models.TextChoices):
    """Which of a participant's submissions stands on the board."""

    BEST = "best", _("the best scored one")
    LATEST = "latest", _("the latest scored one")
    PICKED = "picked", _("the one picked by hand, or else the best scored one")


class Recurrence(models.TextChoices):
    """Whether the next round opens by itself."""

    NONE = "none", _("Once")
    MONTHLY = "monthly", _("Every month")


class RuleSet(models.Model):
    """What a piece should be like, how often one may submit and how it is scored.

    A round takes a copy of its challenge's rules, so that changing the challenge later does not
    change a round that people already entered.
    """

    style = models.CharField(
        max_length=20,
        blank=True,
        help_text="The reference the music is compared with. All styles together when empty.",
    )
    min_seconds = models.PositiveSmallIntegerField(default=16)
    max_seconds = models.PositiveSmallIntegerField(default=300)
    min_tracks = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    max_tracks = models.PositiveSmallIntegerField(default=16, validators=[MaxValueValidator(64)])
    techniques = models.JSONField(
        default=list, blank=True, help_text="Techniques that a piece must have used."
    )
    refuse_outside_rules = models.BooleanField(
        default=False,
        help_text=_("Refuse a piece outside the length and tracks instead of scoring it lower."),
    )
    allows_custom_models = models.BooleanField(
        default=True,
        help_text=_("Take pieces that were made with models that people trained in the Lab."),
    )
    quota = models.PositiveSmallIntegerField(
        default=5, help_text="Submissions of one participant in a period; 0 for no limit."
    )
    quota_period = models.CharField(
        max_length=10, choices=QuotaPeriod.choices, default=QuotaPeriod.DAY
    )
    counting = models.CharField(max_length=10, choices=Counting.choices, default=Counting.BEST)
    scoring_rule = models.CharField(max_length=40, default="balanced")
    scoring_config = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(min_seconds__lte=F("max_seconds")),
                name="%(class)s_shortest_is_not_above_longest",
            ),
            models.CheckConstraint(
                condition=Q(min_tracks__lte=F("max_tracks")),
                name="%(class)s_fewest_tracks_is_not_above_most",
            ),
        ]


class Challenge(RuleSet):
    """A theme with rules; each dated run of it is a `Round`."""

    slug = models.SlugField(unique=True, max_length=50)
    title = models.CharField(max_length=80)
    brief = models.TextField(
        max_length=4000, help_text=_("What participants should make, in Markdown.")
    )
    zone = models.CharField(
        max_length=64, default="UTC", help_text=_("The IANA zone of its rounds' dates.")
    )
    recurrence = models.CharField(
        max_length=10, choices=Recurrence.choices, default=Recurrence.NONE
    )
    is_active = models.BooleanField(default=True, help_text=_("Whether further rounds are made."))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="challenges_created"
    )
    created_at = models.DateTimeField()

    class Meta(RuleSet.Meta):
        pass

    def __str__(self) -> str:
        return self.title
