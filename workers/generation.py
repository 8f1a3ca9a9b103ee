"""Runs the techniques: jobs of kind `generate`, made by `studio`."""

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import Error, transaction
from django.utils.translation import gettext_noop as _

from jobs import clock
from jobs.errors import BadInput
from jobs.models import Job
from ml.models import generate as run
from ml.models import generate_many as run_many
from ml.music import Song
from ml.techniques import (
    Generated,
    GenerationCancelled,
    GenerationRefused,
    ModelUnavailable,
    Parameters,
    ParametersRefused,
    parse,
)
from studio.files import song_at, store_bytes, store_song
from studio.kinds import GENERATE
from studio.models import Generation
from studio.services.generations import Result, record_generation
from workers import handlers
from workers.context import Context
from workers.model_store import models_for

TOGETHER = 32  # pieces in one pass of a model


@dataclass(frozen=True, slots=True)
class _Task:
    """A generation that can begin: its input, its parameters and the weights it will use."""

    generation: Generation
    song: Song
    parameters: Parameters
    model_sha256: str
    context: Context


def generate(job: Job, context: Context) -> handlers.Record:
    """Run a technique on one composition."""
    task = _prepare(job, context)
    generation, began = task.generation, time.perf_counter()
    try:
        made = run(
            generation.technique,
            task.song,
            task.parameters,
            seed=generation.seed,
            models=models_for(generation),
            progress=context.report,
            cancelled=context.cancelled,
        )
    except (ModelUnavailable, GenerationRefused, ParametersRefused) as error:
        raise _bad_input(error) from error
    except GenerationCancelled:
        context.check()
        raise
    return _store(task, made, time.perf_counter() - began)


def generate_together(jobs: Sequence[tuple[Job, Context]]) -> Sequence[handlers.Outcome]:
    """Run one technique on several compositions in one pass; each has an outcome of its own."""
    outcomes: list[handlers.Outcome | None] = [None] * len(jobs)
    tasks: dict[int, _Task] = {}
    for place, (job, context) in enumerate(jobs):
        try:
            tasks[place] = _prepare(job, context)
        except Exception as error:  # noqa: BLE001 - the runner tells errors apart
            outcomes[place] = error
    for place, outcome in zip(tasks, _run_together(list(tasks.values())), strict=True):
        outcomes[place] = outcome
    return [outcome for outcome in outcomes if outcome is not None]


def _run_together(tasks: Sequence[_Task]) -> list[handlers.Outcome]:
    if not tasks:
        return []
    contexts = [task.context for task in tasks]
    began = time.perf_counter()
    try:
        made = run_many(
            tasks[0].generation.technique,
            [(task.song, task.parameters, task.generation.seed) for task in tasks],
            models=models_for(tasks[0].generation),
            progress=partial(_tell_all, contexts),
            cancelled=lambda: all(context.cancelled() for context in contexts),
        )
    except ModelUnavailable as error:
        return [_bad_input(error) for _ in tasks]
    seconds = (time.perf_counter() - began) / len(tasks)
    return [_outcome(task, one, seconds) for task, one in zip(tasks, made, strict=True)]


def _tell_all(contexts: Sequence[Context], share: float, message: str) -> None:
    """Show how far the common work is to all who still wait for it."""
    # One commit for all; a bar that stands still is no reason to lose the work of all.
    with suppress(Error), transaction.atomic():
        for context in contexts:
            if not context.cancelled():
                context.tell(share, message)


def _prepare(job: Job, context: Context) -> _Task:
    """Read what was asked for."""
    context.check()
    generation = Generation.objects.get(pk=job.payload["generation"])
    try:
        # Another version of the site may have stored them.
        parameters = parse(generation.technique, generation.parameters)
        card = models_for(generation).card(generation.technique, parameters)
    except (ParametersRefused, ModelUnavailable) as error:
        raise _bad_input(error) from error
    return _Task(generation, song_at(generation.input_key), parameters, card.sha256, context)


def _outcome(task: _Task, made: Generated | GenerationRefused, seconds: float) -> handlers.Outcome:
    if isinstance(made, GenerationRefused):
        return _bad_input(made)
    try:
        return _store(task, made, seconds)
    except Exception as error:  # noqa: BLE001 - the runner tells errors apart
        return error


def _store(task: _Task, made: Generated, seconds: float) -> handlers.Record:
    """Store the files of this attempt, and return what records them."""
    if made.song.n_notes == 0:
        raise BadInput(
            "nothing_left", _("The technique left no note of your piece; nothing is kept.")
        )
    generation = task.generation
    result = Result(
        attempt=task.context.attempt,
        stored=store_song(made.song),
        model_sha256=task.model_sha256,
        notes_in=made.notes_in,
        added=made.added,
        removed=made.removed,
        seconds=round(seconds, 3),
        events_key=_store_events(task, made),
        n_events=len(made.events),
        details=made.details,
    )

    def record() -> dict[str, Any]:
        output = record_generation(
            generation_id=generation.pk, result=result, now=clock.database_now()
        )
        return {"composition": str(output.pk)}

    return record


def _store_events(task: _Task, made: Generated) -> str:
    """Store the edit events as a file of this attempt; there may be thousands."""
    if not made.events:
        return ""
    key = f"generations/{task.generation.pk}/{task.context.attempt}-events.json"
    rows = [event.as_dict() for event in made.events]
    store_bytes(key, json.dumps(rows, separators=(",", ":")).encode())
    return key


def _bad_input(error: GenerationRefused | ParametersRefused | ModelUnavailable) -> BadInput:
    """Return what ends the job at once: trying again would not mend music, values or weights."""
    if isinstance(error, GenerationRefused):
        return BadInput(error.code, error.detail)
    if isinstance(error, ParametersRefused):
        return BadInput("invalid_parameters", str(error))
    return BadInput("technique_unavailable", error.detail)


handlers.register(GENERATE, generate)
handlers.register_group(GENERATE, generate_together, at_most=TOGETHER)
