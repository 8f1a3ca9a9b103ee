"""Training runs, what they showed on the way, and what they cost."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from jobs.models import Job
from jobs.states import Fault, State
from lab.models.data import DataSet
from lab.wording import TECHNIQUES, Kind, RunState, Wanted
from studio.models import MAX_SEED
from studio.wording import Technique

FINAL = frozenset({RunState.FINISHED, RunState.CANCELLED})
"""States that nothing leaves; a failed run may be tried again."""

UNDER_WAY = frozenset({RunState.WAITING, RunState.TRAINING, RunState.PAUSING, RunState.FINISHING})
"""States in which a worker trains, or will without anybody's doing."""


class TrainingRun(models.Model):
    """One model being trained, sitting by sitting.

    `job` is the sitting that works on it, or did last; where the run stands follows from that job,
    from what its owner wants, and from the marks at its end. What was learned so far lies in the
    file store at `checkpoint_key`, which only the holder of the job's lease moves on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="training_runs"
    )
    data_set = models.ForeignKey(DataSet, null=True, on_delete=models.SET_NULL, related_name="runs")
    data = models.JSONField(help_text="What the data set was when the run began.")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    preset = models.CharField(max_length=12, blank=True)
    settings = models.JSONField(help_text="As `lab.recipes` reads them.")
    seed = models.BigIntegerField()
    iterations = models.PositiveIntegerField(help_text="How many it is to train.")
    estimate = models.FloatField(null=True, help_text="Seconds that it was thought to take.")
    created_at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=255, null=True, blank=True)
    request_sha256 = models.CharField(max_length=64)

    wanted = models.CharField(max_length=8, choices=Wanted.choices, default=Wanted.GO)
    pause_reason = models.CharField(max_length=200, blank=True)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="training_run")
    iteration = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0, help_text="Trained so far, all sittings together.")
    values = models.JSONField(default=dict, help_text="Losses of the last iteration.")
    held_out = models.JSONField(
        default=dict, help_text="What the measures read of held-out music: value, low and high."
    )
    seen_at = models.DateTimeField(null=True, help_text="When its worker last told of it.")
    checkpoint_key = models.CharField(max_length=120, blank=True, db_index=True)
    checkpoint_iteration = models.PositiveIntegerField(null=True)
    first_trained_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="run_kind_is_known"),
            models.CheckConstraint(
                condition=Q(seed__gte=0, seed__lte=MAX_SEED), name="run_seed_in_range"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="run_ends_in_one_way",
            ),
            models.UniqueConstraint(
                fields=["owner", "idempotency_key"], name="one_run_per_idempotency_key"
            ),
        ]
        indexes = [models.Index(fields=["owner", "-created_at"], name="run_newest_of_owner")]

    def __str__(self) -> str:
        return f"{Kind(self.kind).label}, {self.data.get('name', '')}"

    def get_absolute_url(self) -> str:
        return reverse("lab-run", kwargs={"pk": self.pk})

    @property
    def subject(self) -> str:
        """The name under which jobs speak of this run."""
        return f"training:{self.pk}"

    @property
    def technique(self) -> Technique:
        """What the model will be for."""
        return TECHNIQUES[Kind(self.kind)]

    @property
    def share(self) -> float:
        """How much of its iterations it has trained, 0 to 1."""
        return min(1.0, self.iteration / self.iterations)

    @property
    def state(self) -> RunState:
        """Where it stands, from the job as it was read."""
        if self.finished_at is not None:
            return RunState.FINISHED
        if self.cancelled_at is not None:
            return RunState.CANCELLED
        return self._unfinished(State(self.job.state))

    def _unfinished(self, job: State) -> RunState:
        if job == State.FAILED:
            return RunState.FAILED
        if job in (State.SUCCEEDED, State.CANCELLED):  # the sitting is over, and no other follows
            return RunState.PAUSED
        if self.wanted == Wanted.PAUSE:
            return RunState.PAUSING
        if self.wanted == Wanted.FINISH:
            return RunState.FINISHING
        return RunState.TRAINING if job == State.LEASED else RunState.WAITING

    @property
    def is_final(self) -> bool:
        """Whether nothing can be asked of it any more."""
        return self.state in FINAL

    @property
    def is_under_way(self) -> bool:
        """Whether its state will change by itself."""
        return self.state in UNDER_WAY

    @property
    def may_go_on(self) -> bool:
        """Whether it may be told to train on: it rests, or failed through no fault of the data."""
        if self.state == RunState.FAILED:
            return self.job.fault != Fault.INPUT
        return self.state in {RunState.PAUSED, RunState.PAUSING}


class Sitting(models.Model):
    """One attempt at one of a run's jobs, and the processor time it took: a line of the ledger."""

    run = models.ForeignKey(
        TrainingRun, null=True, on_delete=models.SET_NULL, related_name="sittings"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="training_sittings"
    )
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="sittings")
    attempt = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    from_iteration = models.PositiveIntegerField()
    to_iteration = models.PositiveIntegerField()
    cpu_seconds = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "attempt"], name="one_sitting_per_attempt")
        ]
        indexes = [models.Index(fields=["owner", "began_at"], name="sitting_month_of_owner")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.from_iteration} to {self.to_iteration}"


class Point(models.Model):
    """A point of a run's curves: losses, and musical measures on held-out melodies."""

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="points")
    iteration = models.PositiveIntegerField()
    values = models.JSONField()

    class Meta:
        ordering = ("iteration",)
        constraints = [
            models.UniqueConstraint(fields=["run", "iteration"], name="one_point_per_iteration")
        ]

    def __str__(self) -> str:
        return f"{self.run_id} at {self.iteration}"


class Sample(models.Model):
    """What the model made of held-out melodies at one iteration.

    `music` is the object that `ml.training` hands over: windows of notes, each
    `[voice, first step, steps, pitch]`.
    """

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="samples")
    iteration = models.PositiveIntegerField()
    music = models.JSONField()

    class Meta:
        ordering = ("iteration",)
        constraints = [
            models.UniqueConstraint(fields=["run", "iteration"], name="one_sample_per_iteration")
        ]

    def __str__(self) -> str:
        return f"{self.run_id} at {self.iteration}"


class Speed(models.Model):
    """How fast a machine trains with settings that decide on the speed: measured, never guessed."""

    machine = models.CharField(max_length=80)
    shape = models.CharField(max_length=100, help_text="Kind and sizes, as one word.")
    iterations_per_second = models.FloatField()
    measured_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["machine", "shape"], name="one_speed_per_shape")
        ]

    def __str__(self) -> str:
        return f"{self.shape}: {self.iterations_per_second:.2f}/s"

    def facts(self) -> dict[str, Any]:
        """Return the figure as JSON values."""
        return {"machine": self.machine, "iterations_per_second": self.iterations_per_second}
