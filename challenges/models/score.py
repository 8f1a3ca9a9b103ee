from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from challenges.models.entry import Submission
from challenges.models.round import Round


class RevisionState(models.TextChoices):
    """How far a scoring revision has come."""

    RUNNING = "running", _("Rescoring")
    PREVIEW = "preview", _("Ready to apply")
    APPLIED = "applied", _("Applied")
    SUPERSEDED = "superseded", _("Superseded")
    CANCELLED = "cancelled", _("Cancelled")


CURRENT = (RevisionState.APPLIED, RevisionState.RUNNING, RevisionState.PREVIEW)


class ScoringRevision(models.Model):
    """One version of a round's scoring. A change of rule or metric is a new revision."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    style = models.CharField(max_length=20, blank=True)
    scoring_rule = models.CharField(max_length=40)
    scoring_config = models.JSONField(default=dict, blank=True)
    metrics_version = models.CharField(max_length=40)
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=RevisionState.choices)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="revisions_are_numbered")
        ]

    def __str__(self) -> str:
        return f"Revision {self.number} of {self.round}"


class Score(models.Model):
    """A submission's score under one revision, from 0 to 100, with everything that explains it.

    Totals are whole tenths: differences below that mean nothing musically, and coarse totals make
    it hard to climb the board by blind tries.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="scores")
    revision = models.ForeignKey(ScoringRevision, on_delete=models.PROTECT, related_name="scores")
    tenths = models.PositiveSmallIntegerField(help_text="The total in tenths, 0 to 1000.")
    parts = models.JSONField(help_text="Each part's value 0-100, weight and reasons.")
    metrics = models.JSONField(help_text="Each metric's value, band, typicality and weight.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "revision"], name="one_score_per_submission_and_revision"
            ),
            models.CheckConstraint(
                condition=models.Q(tenths__lte=1000), name="score_is_at_most_one_hundred"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.total} for {self.submission}"

    @property
    def total(self) -> float:
        """The score from 0.0 to 100.0."""
        return self.tenths / 10
