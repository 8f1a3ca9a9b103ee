"""A durable job, its history and its log."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from jobs.states import FINAL, Fault, Priority, State

LOSSES_UNTIL_ALONE = 2
LOSSES_UNTIL_FAILED = 3


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs, and the questions asked of them."""

    def ready(self) -> "JobQuerySet":
        """Return the jobs that may be claimed."""
        return self.filter(state=State.READY)

    def leased(self) -> "JobQuerySet":
        """Return the jobs that a worker holds."""
        return self.filter(state=State.LEASED)

    def open(self) -> "JobQuerySet":
        """Return the jobs that have not ended."""
        return self.exclude(state__in=FINAL)

    def suspect(self) -> "JobQuerySet":
        """Return the jobs that took their worker down so often that they run alone."""
        return self.filter(losses__gte=LOSSES_UNTIL_ALONE)

    def in_order(self) -> "JobQuerySet":
        """Return the jobs in the order in which they are claimed."""
        return self.order_by("priority", "turn", "id")


class Job(models.Model):
    """Work that will be done once, however often workers, brokers and databases fail.

    Only `jobs.transitions` changes `state`. `attempt` counts the claims: whoever holds an older
    attempt has lost the job, and nothing they record counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    queue = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=State.choices)
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    turn = models.DateTimeField(
        help_text="Fair place in the queue: later for owners with open jobs."
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="jobs",
    )
    share = models.CharField(
        max_length=60,
        blank=True,
        default="",
        db_index=True,
        help_text="Whose fair share this is, where it is no person's.",
    )
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    payload = models.JSONField(default=dict)
    result = models.JSONField(null=True, blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    batch = models.CharField(
        max_length=80,
        blank=True,
        default="",
        help_text="Jobs of a kind with the same batch may be worked on together; none when empty.",
    )
    depends_on = models.ManyToManyField(
        "self", symmetrical=False, related_name="dependents", blank=True
    )

    attempt = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    losses = models.PositiveSmallIntegerField(default=0, help_text="Leases lost in a row.")
    worker = models.CharField(max_length=160, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)

    progress = models.FloatField(default=0)
    message = models.CharField(max_length=200, blank=True)
    fault = models.CharField(max_length=10, choices=Fault.choices, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_detail = models.TextField(blank=True)

    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="job_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=State.LEASED, lease_until__isnull=False)
                | (~Q(state=State.LEASED) & Q(lease_until__isnull=True)),
                name="job_lease_belongs_to_leased",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(FINAL), finished_at__isnull=False)
                | (~Q(state__in=sorted(FINAL)) & Q(finished_at__isnull=True)),
                name="job_end_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.BACKOFF) | Q(not_before__isnull=False),
                name="job_backoff_ends",
            ),
            models.CheckConstraint(
                condition=Q(state=State.FAILED, fault__in=Fault.values)
                | (~Q(state=State.FAILED) & Q(fault="")),
                name="job_failure_has_a_fault",
            ),
            models.CheckConstraint(
                condition=Q(attempt__lte=models.F("max_attempts")), name="job_attempts_are_bounded"
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=1), name="job_progress_is_a_share"
            ),
        )
        indexes = (
            models.Index(
                fields=["queue", "state", "priority", "turn", "id"], name="job_claim_order"
            ),
            models.Index(fields=["state", "lease_until"], name="job_expired_leases"),
            models.Index(fields=["owner", "state"], name="job_open_of_owner"),
            models.Index(fields=["kind", "state", "-finished_at"], name="job_recent_of_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.state})"

    @property
    def is_final(self) -> bool:
        """Whether the job has ended."""
        return self.state in FINAL

    @property
    def is_suspect(self) -> bool:
        """Whether the job took its worker down so often that it runs alone."""
        return self.losses >= LOSSES_UNTIL_ALONE

    def age(self, now: datetime) -> float:
        """Return the seconds since the job was made."""
        return max(0.0, (now - self.created_at).total_seconds())


class JobEvent(models.Model):
    """One line of a job's history: a step it took, or something refused it."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    name = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    attempt = models.PositiveSmallIntegerField()
    worker = models.CharField(max_length=160, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    detail = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.name} (attempt {self.attempt})"


class JobLog(models.Model):
    """One line that a handler wrote about its work."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="log_lines")
    attempt = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    line = models.CharField(max_length=500)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.line


class PeriodicRun(models.Model):
    """When something that repeats was last begun, so that two sweepers begin it once."""

    name = models.CharField(max_length=100, primary_key=True)
    ran_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
