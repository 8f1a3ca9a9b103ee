"""What workers record of a training run while they hold it.

Every function here runs inside a transaction that only the holder of the job's lease can make
(`jobs.leases.record_during`, `jobs.services.finish`), and locks the run after the job.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from jobs.models import Job
from lab.models import CustomModel, Point, Sample, Sitting, TrainingRun
from lab.quotas import budget_of
from lab.services.models import Weights, insert_model
from lab.services.runs import queue_sitting
from lab.wording import Wanted
from studio.services.discarding import discard_files, remove_at_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a sitting is: iterations and seconds of the whole run, its own processor time."""

    iteration: int
    seconds: float
    cpu_seconds: float
    values: Mapping[str, float] = field(default_factory=dict)


def begin_sitting(*, run_id: UUID, job: Job, attempt: int, now: datetime) -> Sitting:
    """Begin, or begin again, one attempt's line of the ledger."""
    run = _locked(run_id)
    run.first_trained_at = run.first_trained_at or now
    at = run.iteration = run.checkpoint_iteration or 0
    run.seen_at = now
    run.save(update_fields=["first_trained_at", "iteration", "seen_at"])
    sitting, _made = Sitting.objects.get_or_create(
        job=job,
        attempt=attempt,
        defaults={
            "run": run,
            "owner_id": run.owner_id,
            "began_at": now,
            "from_iteration": at,
            "to_iteration": at,
        },
    )
    return sitting


def record_progress(*, sitting: Sitting, progress: Progress, now: datetime) -> Wanted:
    """Store how far a run is and what it cost; return what its owner wants.

    A run whose owner has used the processor time of the month is paused, and says so.
    """
    run = _locked_of(sitting)
    run.iteration, run.seconds = progress.iteration, round(progress.seconds, 2)
    run.values, run.seen_at = dict(progress.values), now
    _pay(sitting, progress)
    budget = budget_of(run.owner, now)
    if budget.is_used_up and run.wanted == Wanted.GO:
        run.wanted = Wanted.PAUSE
        run.pause_reason = _(
            "The processor time of this month is used up; it is given back on %(day)s."
        ) % {"day": f"{budget.resets_at:%Y-%m-%d}"}
    run.save(update_fields=["iteration", "seconds", "values", "seen_at", "wanted", "pause_reason"])
    return Wanted(run.wanted)


def _pay(sitting: Sitting, progress: Progress) -> None:
    sitting.to_iteration = progress.iteration
    sitting.cpu_seconds = round(progress.cpu_seconds, 2)
    sitting.save(update_fields=["to_iteration", "cpu_seconds"])


def record_reference(*, sitting: Sitting, reference: Mapping[str, Mapping[str, float]]) -> None:
    """Store what the measures in a run's points read of held-out music."""
    run = _locked_of(sitting)
    run.held_out = {name: dict(limits) for name, limits in reference.items()}
    run.save(update_fields=["held_out"])


def record_point(*, sitting: Sitting, point: Mapping[str, float]) -> None:
    """Store a point of the curves; the same iteration told again replaces it."""
    Point.objects.update_or_create(
        run=_locked_of(sitting),
        iteration=int(point["iteration"]),
        defaults={"values": dict(point)},
    )


def record_sample(*, sitting: Sitting, sample: Mapping[str, Any]) -> None:
    """Store what the model plays now; the same iteration told again replaces it."""
    Sample.objects.update_or_create(
        run=_locked_of(sitting),
        iteration=int(sample["iteration"]),
        defaults={"music": dict(sample)},
    )


def record_checkpoint(
    *, sitting: Sitting, key: str, progress: Progress, now: datetime
) -> TrainingRun:
    """Let a run go on from the file at `key`, which is stored already; the one before goes."""
    run = _locked_of(sitting)
    before = run.checkpoint_key
    run.checkpoint_key, run.checkpoint_iteration = key, progress.iteration
    run.iteration, run.seconds = progress.iteration, round(progress.seconds, 2)
    run.save(update_fields=["checkpoint_key", "checkpoint_iteration", "iteration", "seconds"])
    _pay(sitting, progress)
    _let_go(before, now)
    return run


def end_sitting(*, sitting: Sitting, now: datetime) -> TrainingRun:
    """End a sitting: the next one is queued unless the run is to rest."""
    run = _locked_of(sitting)
    if run.wanted != Wanted.PAUSE and run.cancelled_at is None:
        run.job = queue_sitting(run, now=now)
        run.save(update_fields=["job"])
    return run


def finish_run(
    *, sitting: Sitting, weights: Weights, progress: Progress, now: datetime
) -> CustomModel:
    """End a run with the model that it made. Doing it twice is doing it once."""
    run = _locked_of(sitting)
    model = insert_model(run=run, weights=weights, now=now)
    checkpoint, run.checkpoint_key = run.checkpoint_key, ""
    run.iteration, run.seconds = progress.iteration, round(progress.seconds, 2)
    run.finished_at, run.seen_at = now, now
    run.save(update_fields=["checkpoint_key", "iteration", "seconds", "finished_at", "seen_at"])
    _pay(sitting, progress)
    _let_go(checkpoint, now)
    return model


def _let_go(key: str, now: datetime) -> None:
    if key:
        discard_files(keys=[key], now=now)
        transaction.on_commit(lambda: remove_at_once([key]))


def _locked_of(sitting: Sitting) -> TrainingRun:
    assert sitting.run_id is not None  # only a run that has ended can be deleted
    return _locked(sitting.run_id)


def _locked(run_id: UUID) -> TrainingRun:
    return (
        TrainingRun.objects.select_for_update(of=("self",)).select_related("owner").get(pk=run_id)
    )
