"""Asking for training runs, and telling them to pause, go on, finish or end."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from jobs import services as jobs
from jobs.errors import JobOver
from jobs.models import Job
from jobs.states import OPEN, State
from lab.errors import NothingLearned, RunNotOver, RunOver
from lab.kinds import TRAIN
from lab.models import DataSet, TrainingRun
from lab.recipes import as_dict, parse
from lab.selectors.estimates import estimate
from lab.services.room import lock_person
from lab.services.turns import (
    require_budget,
    require_room_to_keep,
    require_there,
    require_trainable,
    require_turn,
    unended,
)
from lab.wording import RunState, Wanted
from studio.errors import IdempotencyConflict
from studio.models import MAX_SEED
from studio.services.discarding import discard_files

FORGOTTEN_AT_ONCE = 50


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
    :raises NothingToTrainOn: if the data set was deleted meanwhile
    :raises TooManyRuns: if the owner has as many under way, or keeps as many, as one person may
    :raises TrainingQuotaUsed: if the owner has used the processor time of this month
    :raises IdempotencyConflict: if the key came with another request before
    """
    chosen = parse(wish.kind, wish.settings)
    require_trainable(data_set, wish.kind)
    asked = [str(data_set.pk), wish.kind, as_dict(chosen), wish.seed]
    request = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        # The lock makes two requests of one person wait for each other: both cannot pass a limit.
        lock_person(owner)
        earlier = _replayed(owner, idempotency_key, request)
        if earlier is not None:
            return earlier
        require_there(data_set)
        require_turn(owner)
        require_room_to_keep(owner)
        require_budget(owner, now)
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


def _replayed(owner: User, key: str | None, request: str) -> TrainingRun | None:
    found = TrainingRun.objects.filter(owner=owner, idempotency_key=key).first() if key else None
    if found is not None and found.request_sha256 != request:
        raise IdempotencyConflict(
            _("This Idempotency-Key came with another request before. Use a new key for a new run.")
        )
    return found


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
    require_budget(run.owner, now)
    rests = not run.is_under_way
    if rests:
        require_turn(run.owner)
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


def forget_resting_runs(now: datetime) -> None:
    """Give up runs that nobody went on with for long; the sweeper calls this."""
    since = now - timedelta(days=settings.LAB_RESTING_DAYS)
    stale = unended(TrainingRun.objects.filter(seen_at__lt=since)).exclude(job__state__in=OPEN)
    for run in stale.order_by("seen_at")[:FORGOTTEN_AT_ONCE]:
        with suppress(RunOver):
            cancel_run(run=run, now=now)
