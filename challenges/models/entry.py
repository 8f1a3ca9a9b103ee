import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from challenges.models.round import Round


class Entry(models.Model):
    """A participant in a round: one row of its board, whichever submission counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="entries")
    participant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entries"
    )
    picked = models.ForeignKey(
        "challenges.Submission", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "participant"], name="one_entry_per_participant"
            )
        ]

    def __str__(self) -> str:
        return f"{self.participant} in {self.round}"

    def get_absolute_url(self) -> str:
        return reverse("entry", kwargs={"pk": self.pk})


class Content(models.TextChoices):
    """Whether the piece itself stands."""

    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Eligibility(models.TextChoices):
    """Whether the piece may count, as people decided."""

    ELIGIBLE = "eligible", _("Eligible")
    UNDER_REVIEW = "under_review", _("Under review")
    DISQUALIFIED = "disqualified", _("Disqualified")
    APPEALED = "appealed", _("Appealed")
    REINSTATED = "reinstated", _("Reinstated")


ELIGIBLE = (Eligibility.ELIGIBLE, Eligibility.REINSTATED)


class Licence(models.TextChoices):
    """What others may do with a piece."""

    CC_BY = "cc-by-4.0", _("CC BY 4.0: share and adapt with credit")
    CC_BY_SA = "cc-by-sa-4.0", _("CC BY-SA 4.0: the same, under the same licence")
    CC0 = "cc0-1.0", _("CC0: no conditions")
    ALL_RIGHTS = "all-rights-reserved", _("All rights reserved: listen here only")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Filters over the three axes of a submission."""

    def countable(self) -> Self:
        """Submissions that may stand on a board once they are scored."""
        return self.filter(content=Content.ACCEPTED, eligibility__in=ELIGIBLE)


class Submission(models.Model):
    """One composition handed in. Its music never changes; a change is another submission.

    `midi_key` is where the canonical bytes lie, named by their own sha256. Content, eligibility
    and scoring are separate axes; the scoring one follows from the submission's jobs and scores.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="submissions")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField(help_text="1 for the entry's first submission.")
    title = models.CharField(max_length=80)
    statement = models.TextField(max_length=2000, blank=True)
    licence = models.CharField(max_length=30, choices=Licence.choices, default=Licence.CC_BY)
    lineage = models.JSONField(
        default=list, help_text="The generations that led here: technique, model, parameters, seed."
    )
    attributions = models.JSONField(
        default=list, help_text="Whose pieces it was made from: title, author, licence, url."
    )
    submitted_at = models.DateTimeField(help_text="When the upload began, by the database's clock.")

    midi_key = models.CharField(max_length=100)
    midi_sha256 = models.CharField(max_length=64)
    midi_size = models.PositiveIntegerField()
    music_hash = models.CharField(max_length=64, help_text="Hash of the notes alone.")
    seconds = models.FloatField()
    n_notes = models.PositiveIntegerField()
    n_tracks = models.PositiveSmallIntegerField()

    content = models.CharField(max_length=10, choices=Content.choices, default=Content.ACCEPTED)
    eligibility = models.CharField(
        max_length=15, choices=Eligibility.choices, default=Eligibility.ELIGIBLE
    )
    eligibility_reason = models.CharField(max_length=300, blank=True)
    features = models.JSONField(null=True, help_text="Raw metric values, kept for rescoring.")
    features_version = models.CharField(max_length=20, blank=True)
    originality = models.JSONField(null=True)

    idempotency_key = models.CharField(max_length=255, null=True, blank=True)
    request_sha256 = models.CharField(max_length=64, help_text="Hash of the request, for its key.")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="submissions_are_numbered"),
            models.UniqueConstraint(
                fields=["entry", "idempotency_key"], name="one_submission_per_idempotency_key"
            ),
            models.UniqueConstraint(
                fields=["entry", "music_hash"],
                condition=Q(content="accepted"),
                name="same_music_once_per_entry",
            ),
        ]
        indexes = [
            models.Index(fields=["round", "music_hash"], name="submission_by_music"),
            models.Index(fields=["midi_key"], name="submission_by_file"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """The name under which jobs and the audit log speak of this submission."""
        return f"submission:{self.pk}"

    @property
    def counts(self) -> bool:
        """Whether the submission may stand on a board once it is scored."""
        return self.content == Content.ACCEPTED and self.eligibility in ELIGIBLE


class QuotaState(models.TextChoices):
    """What became of one use of the quota."""

    RESERVED = "reserved", _("Reserved")
    SPENT = "spent", _("Spent")
    REFUNDED = "refunded", _("Given back")


class QuotaUse(models.Model):
    """One line of a participant's quota ledger."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="quota_uses")
    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, related_name="quota_use"
    )
    period = models.CharField(max_length=10, help_text="First day of the period, or `round`.")
    state = models.CharField(max_length=10, choices=QuotaState.choices, default=QuotaState.RESERVED)
    reason = models.CharField(max_length=200, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["entry", "period", "state"], name="quota_by_period")]


class Fingerprint(models.Model):
    """All passages of a submission's music, as little-endian int64 hashes.

    Kept apart from the submission, whose row is read far more often.
    """

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, primary_key=True, related_name="fingerprint"
    )
    hashes = models.BinaryField()


class Passage(models.Model):
    """One of every eight passages of a submission, to find the pieces that share music with it.

    Which ones are chosen depends on the hash alone, so two pieces that share a passage chose it
    both or not at all. What exactly they share is then counted on their fingerprints.
    """

    # Both keys lead the indexes below; indexes of their own would only tempt the planner.
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+", db_index=False)
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="passages", db_index=False
    )
    hash = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "hash"], name="passage_once_per_submission"
            )
        ]
        indexes = [models.Index(fields=["round", "hash"], name="passage_by_hash")]
