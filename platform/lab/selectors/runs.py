"""Where training runs stand, and what they showed on the way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Sum

from accounts.models import User
from jobs.selectors import position
from jobs.states import Fault
from lab.models import DataSet, Point, Sample, TrainingRun
from lab.models.runs import FINAL
from lab.wording import RunState

PLATFORM_FAILED = (
    "The site could not go on with this run. That was not your doing; the organizers see it. "
    "What it learned up to its last checkpoint is kept: go on from there."
)


@dataclass(frozen=True, slots=True)
class RunView:
    """A run and where it stands.

    `position` counts the runs that go first, and is None unless it waits; `eta` is how long it is
    likely to train from now on, None if nobody can say. `code` and `detail` say why it failed.
    """

    run: TrainingRun
    state: RunState
    position: int | None
    eta: timedelta | None
    cpu_seconds: float
    code: str | None
    detail: str | None

    @property
    def is_final(self) -> bool:
        """Whether nothing can be asked of it any more."""
        return self.state in FINAL

    @property
    def is_under_way(self) -> bool:
        """Whether its state changes by itself."""
        return self.run.is_under_way

    @property
    def percent(self) -> int:
        """How much of its iterations it has trained, 0 to 100."""
        return int(100 * self.run.share)

    @property
    def may_pause(self) -> bool:
        """Whether it may be told to pause."""
        return self.state in {RunState.WAITING, RunState.TRAINING}

    @property
    def may_go_on(self) -> bool:
        """Whether it may be told to train on."""
        return self.run.may_go_on

    @property
    def may_finish(self) -> bool:
        """Whether it may be told to make a model of what it has learned so far."""
        begun = self.run.iteration > 0
        return begun and not self.is_final and self.state != RunState.FINISHING

    @property
    def may_cancel(self) -> bool:
        """Whether it may be given up."""
        return not self.is_final


def runs_of(person: User) -> QuerySet[TrainingRun]:
    """Return somebody's runs, the last one first."""
    runs = TrainingRun.objects.filter(owner=person).select_related("job", "data_set", "model")
    return runs.order_by("-created_at", "-pk")


def unfinished_runs_on(data_set: DataSet) -> list[TrainingRun]:
    """Return the runs on a data set that have not ended, or may be tried again."""
    runs = TrainingRun.objects.filter(
        data_set=data_set, finished_at=None, cancelled_at=None
    ).select_related("job")
    return [run for run in runs if run.state != RunState.FAILED or run.may_go_on]


def run_view(run: TrainingRun, now: datetime) -> RunView:
    """Return where a run stands, freshly read."""
    run = TrainingRun.objects.select_related("job", "data_set", "model").get(pk=run.pk)
    code, detail = _why_failed(run)
    return RunView(
        run=run,
        state=run.state,
        position=position(run.job) if run.is_under_way else None,
        eta=_eta(run),
        cpu_seconds=run.sittings.aggregate(total=Sum("cpu_seconds"))["total"] or 0.0,
        code=code,
        detail=detail,
    )


def _why_failed(run: TrainingRun) -> tuple[str | None, str | None]:
    if run.state != RunState.FAILED:
        return None, None
    if run.job.fault == Fault.INPUT:
        return run.job.error_code, run.job.error_detail
    return "platform_failed", PLATFORM_FAILED


def _eta(run: TrainingRun) -> timedelta | None:
    """Return how long the rest takes at the run's own speed; before that, by its estimate."""
    if not run.is_under_way:
        return None
    left = max(0, run.iterations - run.iteration)
    if run.iteration and run.seconds:
        return timedelta(seconds=left * run.seconds / run.iteration)
    return None if run.estimate is None else timedelta(seconds=run.estimate)


def points_of(run: TrainingRun, *, after: int = -1) -> list[dict[str, Any]]:
    """Return a run's curve points after an iteration, the earliest first."""
    points = Point.objects.filter(run=run, iteration__gt=after).order_by("iteration")
    return [point.values for point in points]


def samples_of(run: TrainingRun) -> list[dict[str, Any]]:
    """Return a run's samples, the earliest first; the first one has the melodies."""
    return [sample.music for sample in Sample.objects.filter(run=run).order_by("iteration")]
