"""Asking for training runs, and telling them to pause, go on, finish or end."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from jobs import services as jobs
from jobs.errors import JobOver
from jobs.models import Job
from jobs.states import State
from lab.errors import (
    NothingLearned,
    RunNotOver,
    RunOver,
    StyleNotTrainable,
    TooManyRuns,
    TrainingQuotaUsed,
)
from lab.kinds import TRAIN
from lab.models import DataSet, TrainingRun
from lab.models.runs import UNDER_WAY
from lab.quotas import budget_of
from lab.recipes import as_dict, parse
from lab.selectors.data_sets import kinds_for
from lab.selectors.estimates import estimate
from lab.services.room import lock_person
from lab.wording import Kind, RunState, Wanted
from studio.errors import IdempotencyConflict
from studio.models import MAX_SEED
from studio.services.discarding import discard_files


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWish:
    """What somebody asks to be trained: settings as JSON values or as text.

    A seed of None is drawn at random; `preset` is the name of the one that was begun from.
    """

    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    preset: str = ""
    seed: int | None = None


def request_run(
    *,
    owner: User,
    data_set: DataSet,
    wish: RunWish,
    now: datetime,
    idempotency_key: str | None = None,
) -> TrainingRun:
    """Queue the training of a model on a data set.

    The same key with the same request gives the run that the first request made.

    :raises KeyError: if there is no such kind of model
    :raises ParametersRefused: naming every setting that is wrong
    :raises StyleNotTrainable: if the kind of model cannot learn this music
    :raises TooManyRuns: if the owner has as many under way as one person may
    :raises TrainingQuotaUsed: if the owner has used the processor time of this month
    :raises IdempotencyConflict: if the key came with another request before
    """
    chosen = parse(wish.kind, wish.settings)
    _require_trainable(data_set, wish.kind)
    asked = [str(data_set.pk), wish.kind, as_dict(chosen), wish.seed]
    request = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        # The lock makes two requests of one person wait for each other: both cannot pass a limit.
        lock_person(owner)
        earlier = _replayed(owner, idempotency_key, request)
        if earlier is not None:
            return earlier
        _require_turn(owner)
        _require_budget(owner, now)
        run = TrainingRun(
            id=uuid.uuid4(),
            owner=owner,
            data_set=data_set,
            data=data_set.facts(),
            kind=wish.kind,
            preset=wish.preset,
            settings=as_dict(chosen),
            seed=secrets.randbelow(MAX_SEED + 1) if wish.seed is None else wish.seed,
            iterations=chosen.iterations,
            estimate=estimate(wish.kind, chosen).seconds,
            created_at=now,
            idempotency_key=idempotency_key,
            request_sha256=request,
        )
        run.job = queue_sitting(run, now=now)
        run.save(force_insert=True)
    return run


def queue_sitting(run: TrainingRun, *, now: datetime) -> Job:
    """Queue a job that trains a run on for some minutes."""
    return jobs.enqueue(
        kind=TRAIN,
        payload={"run": str(run.pk)},
        owner=run.owner,
        subject=run.subject,
        now=now,
    )


def _require_trainable(data_set: DataSet, kind: str) -> None:
    if kind in kinds_for(data_set):
        return
    if data_set.style:
        raise StyleNotTrainable(
            _("%(kind)s cannot be trained on the style %(style)s, which has single lines only. "
              "Choose another style, or another model.")
            % {"kind": str(Kind(kind).label).split(":")[0], "style": data_set.style}
        )  # fmt: skip
    raise StyleNotTrainable(
        _("A GAN learns what goes with a melody, so it needs phrases with a second voice on both "
          "sides of the split. This music has none: add pieces, choose their parts, or train "
          "another model.")
    )  # fmt: skip


def _replayed(owner: User, key: str | None, request: str) -> TrainingRun | None:
    found = TrainingRun.objects.filter(owner=owner, idempotency_key=key).first() if key else None
    if found is not None and found.request_sha256 != request:
        raise IdempotencyConflict(
            _("This Idempotency-Key came with another request before. Use a new key for a new run.")
        )
    return found


def _require_turn(owner: User) -> None:
    runs = _unended(TrainingRun.objects.filter(owner=owner)).select_related("job")
    under_way = sum(run.state in UNDER_WAY for run in runs)
    if under_way >= settings.LAB_RUNS_AT_ONCE:
        raise TooManyRuns(
            _("%(count)d runs of yours are under way, which is as many as one person may have. "
              "Wait for one, pause one or cancel one.") % {"count": under_way}
        )  # fmt: skip


def _unended(runs: QuerySet[TrainingRun]) -> QuerySet[TrainingRun]:
    return runs.filter(finished_at=None, cancelled_at=None)


def _require_budget(owner: User, now: datetime) -> None:
    budget = budget_of(owner, now)
    if budget.is_used_up:
        raise TrainingQuotaUsed(
            _("You have used the %(minutes)d minutes of processor time that one person may train "
              "for in a month. They are given back on %(day)s (UTC).")
            % {"minutes": budget.limit / 60, "day": f"{budget.resets_at:%Y-%m-%d}"},
            extra={"resets_at": budget.resets_at.isoformat()},
        )  # fmt: skip


@transaction.atomic
def change_run(*, run: TrainingRun, wanted: Wanted, now: datetime) -> TrainingRun:
    """Tell a run to pause, to train on, or to make a model of what it has learned so far.

    A worker hears of it within a second or two. Asking twice is asking once.

    :raises RunOver: if the run has ended
    :raises NothingLearned: if it is to be finished before its first iteration
    :raises TooManyRuns: if it is to go on, and as many are under way as one person may have
    :raises TrainingQuotaUsed: if it is to go on, and the owner has no processor time left
    """
    lock_person(run.owner)
    run = _locked(run)
    if run.is_final or (run.state == RunState.FAILED and not run.may_go_on):
        raise RunOver(_("This run has ended."))
    {Wanted.PAUSE: _pause, Wanted.GO: _go_on, Wanted.FINISH: _finish}[wanted](run, now)
    run.save(update_fields=["wanted", "pause_reason", "job"])
    return run


def _locked(run: TrainingRun) -> TrainingRun:
    """Lock a run, and with it its job, in the order in which workers lock them."""
    named = TrainingRun.objects.values_list("job", flat=True).get(pk=run.pk)
    job = Job.objects.select_for_update().get(pk=named)
    locked = TrainingRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if locked.job_id != job.pk:  # a sitting ended between the two, and the next one is queued
        return _locked(run)
    locked.job = job
    return locked


def _pause(run: TrainingRun, now: datetime) -> None:
    if not run.is_under_way:
        return
    run.wanted, run.pause_reason = Wanted.PAUSE, ""
    if run.job.state != State.LEASED:  # nobody works on it: it rests from now on
        _cancel_job(run, now)


def _go_on(run: TrainingRun, now: datetime) -> None:
    _require_budget(run.owner, now)
    rests = not run.is_under_way
    if rests:
        _require_turn(run.owner)
        run.job = queue_sitting(run, now=now)
    run.wanted, run.pause_reason = Wanted.GO, ""


def _finish(run: TrainingRun, now: datetime) -> None:
    if not run.iteration:
        raise NothingLearned(
            _("This run has not learned anything yet. Let it train a little, or cancel it.")
        )
    if not run.is_under_way:
        run.job = queue_sitting(run, now=now)
    run.wanted, run.pause_reason = Wanted.FINISH, ""


def _cancel_job(run: TrainingRun, now: datetime) -> None:
    try:
        run.job = jobs.cancel(job=run.job, actor=run.owner, now=now)
    except JobOver:  # it ended in this very moment
        run.job.refresh_from_db()


@transaction.atomic
def cancel_run(*, run: TrainingRun, now: datetime) -> TrainingRun:
    """Give a run up: its worker stops as soon as it hears, and what it learned is let go.

    :raises RunOver: if the run has ended
    """
    run = _locked(run)
    if run.is_final:
        raise RunOver(_("This run has ended."))
    run.cancelled_at = now
    _cancel_job(run, now)
    _let_go(run, now)
    run.save(update_fields=["cancelled_at", "job", "checkpoint_key"])
    return run


def _let_go(run: TrainingRun, now: datetime) -> None:
    """Mark the checkpoint of a run that will not need it any more."""
    discard_files(keys=[run.checkpoint_key], now=now)
    run.checkpoint_key = ""


@transaction.atomic
def delete_run(*, run: TrainingRun, now: datetime) -> None:
    """Delete a run that has ended, with its curves and samples; its model stays.

    :raises RunNotOver: if it is under way or rests
    """
    run = _locked(run)
    if not run.is_final and (run.state != RunState.FAILED or run.may_go_on):
        raise RunNotOver(_("This run has not ended. Cancel it first."))
    _let_go(run, now)
    run.delete()
