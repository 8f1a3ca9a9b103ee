"""Asking for generations, and recording what the workers made."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.words import translated
from jobs import services as jobs
from jobs.states import OPEN
from ml.techniques import (
    Card,
    ModelUnavailable,
    ParameterProblem,
    Parameters,
    ParametersRefused,
    as_dict,
    parse,
    read_card,
    weights_for,
)
from studio import own_models
from studio.errors import TechniqueUnavailable, TooManyGenerations
from studio.files import StoredSong
from studio.holders import Holder, columns, held_by, lock_holder
from studio.kinds import GENERATE
from studio.models import MAX_SEED, Composition, Generation, Guest, Origin
from studio.own_models import OwnModel
from studio.services.compositions import insert_composition, require_room
from studio.services.repeats import first_answer
from studio.wording import Technique, fitting, plain

BATCHED = frozenset({Technique.EXTEND})
"""Techniques whose models work on several pieces in one pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks of a technique: parameters as JSON values or as text.

    A seed of None is drawn at random; a model of None is the one that the parameters call for.
    """

    technique: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    model: str | None = None


def request_generation(
    *,
    composition: Composition,
    owner: Holder,
    wish: Wish,
    now: datetime,
    idempotency_key: str | None = None,
) -> Generation:
    """Queue a run of a technique on a composition as it is now.

    The same key with the same request gives the generation that the first request made.

    :raises ParametersRefused: naming every parameter that is wrong
    :raises TechniqueUnavailable: if the technique's weights are missing or damaged
    :raises TooManyGenerations: if the owner has as many under way as one person may
    :raises TooManyCompositions: if the owner could not keep the result
    :raises IdempotencyConflict: if the key came with another request before
    """
    own = _own_model(wish, owner)
    parameters = parse(wish.technique, {**wish.parameters, **(own.fixed if own else {})})
    request = _fingerprint(composition, wish, parameters)
    earlier = _replayed(owner, idempotency_key, request)
    if earlier is not None:
        return earlier
    weights = _shipped(wish, parameters) if own is None else _weights_of(own)
    with transaction.atomic():
        # The lock makes two requests of one person wait for each other, so that both cannot pass
        # the limit. Other people are not held up.
        holder = lock_holder(owner)
        earlier = _replayed(holder, idempotency_key, request)
        if earlier is not None:
            return earlier
        _require_turn(holder)
        require_room(holder)
        generation = Generation(
            **columns(holder),
            technique=wish.technique,
            parameters=as_dict(parameters),
            seed=secrets.randbelow(MAX_SEED + 1) if wish.seed is None else wish.seed,
            **weights,
            created_at=now,
            idempotency_key=idempotency_key,
            request_sha256=request,
        )
        return _queue(generation, composition, now)


def _queue(generation: Generation, composition: Composition, now: datetime) -> Generation:
    # Read again: another tab may have stored a newer version meanwhile.
    composition = Composition.objects.get(pk=composition.pk)
    generation.id = uuid.uuid4()
    generation.input = composition
    generation.input_version = composition.version
    generation.input_key = composition.midi_key
    generation.input_sha256 = composition.midi_sha256
    generation.job = jobs.enqueue(
        kind=GENERATE,
        payload={"generation": str(generation.pk)},
        owner=generation.owner,
        share=generation.guest.share if generation.guest else "",
        subject=generation.subject,
        batch=f"{generation.technique} {generation.model}"
        if generation.technique in BATCHED
        else "",
        now=now,
    )
    generation.save(force_insert=True)
    return generation


def _fingerprint(composition: Composition, wish: Wish, parameters: Parameters) -> str:
    """Return a hash that tells two requests apart."""
    asked = [str(composition.pk), wish.technique, as_dict(parameters), wish.seed, wish.model]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _replayed(holder: Holder, key: str | None, request: str) -> Generation | None:
    return first_answer(
        Generation.objects.filter(held_by(holder)),
        key=key,
        request=request,
        conflict=(
            _(
                "This Idempotency-Key came with another request before. Use a new key for a "
                "new generation."
            )
        ),
    )


def _own_model(wish: Wish, owner: Holder) -> OwnModel | None:
    """Return the model that somebody trained, if the wish names one."""
    if wish.model is None or not own_models.is_own(wish.model):
        return None
    model = own_models.found(owner, wish.model)
    if model is None or model.technique != wish.technique:
        raise ParametersRefused((ParameterProblem("model", _no_such_model(wish, model)),))
    return model


def _no_such_model(wish: Wish, model: OwnModel | None) -> str:
    if model is None:
        return _(
            "There is no such model, or it is not shared with you. Choose another, or leave the "
            "model out."
        )
    return _("This model is for “%(other)s”, not for “%(name)s”.") % {
        "other": plain(model.technique).name,
        "name": plain(wish.technique).name,
    }


def _weights_of(model: OwnModel) -> dict[str, str]:
    """Return what a row says of the weights of somebody's own model."""
    return {
        "model": model.name,
        "model_sha256": model.sha256,
        "model_title": model.title,
        "model_key": model.key,
        "model_card_key": model.card_key,
    }


def _shipped(wish: Wish, parameters: Parameters) -> dict[str, str]:
    """Return what a row says of the shipped weights that the wish needs."""
    card = _card(wish, parameters)
    return {"model": card.name, "model_sha256": card.sha256}


def _card(wish: Wish, parameters: Parameters) -> Card:
    """Return the card of the weights that the wish needs."""
    needed = weights_for(wish.technique, getattr(parameters, "algorithm", None))
    if wish.model not in (None, needed):
        raise ParametersRefused(
            (
                ParameterProblem(
                    "model",
                    _("These parameters call for the model {needed}.").format(needed=needed),
                ),
            )
        )
    try:
        return read_card(needed, folder=settings.WEIGHTS_DIR)
    except ModelUnavailable as error:
        name = plain(wish.technique).name
        raise TechniqueUnavailable(
            _("“{name}” does not work here just now. {detail}").format(
                name=name, detail=translated(error.detail)
            )
        ) from error


def _require_turn(holder: Holder) -> None:
    under_way = Generation.objects.filter(held_by(holder), job__state__in=OPEN).count()
    is_guest = isinstance(holder, Guest)
    limit = settings.MAX_GUEST_GENERATIONS_AT_ONCE if is_guest else settings.MAX_GENERATIONS_AT_ONCE
    if under_way >= limit:
        whoever = _("a guest") if is_guest else _("one person")
        raise TooManyGenerations(
            _(
                "{under_way} generations of yours are under way, which is as many as "
                "{whoever} may have. Wait for one, or cancel one."
            ).format(under_way=under_way, whoever=whoever)
        )


def cancel_generation(*, generation: Generation, actor: User | None, now: datetime) -> None:
    """Cancel a generation at once, or ask its worker to stop.

    :raises JobOver: if it has ended
    """
    jobs.cancel(job=generation.job, actor=actor, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one attempt made: files that are stored already, and figures.

    `model_sha256` is of the weights that were really used.
    """

    attempt: int
    stored: StoredSong
    model_sha256: str
    notes_in: int
    added: int
    removed: int
    seconds: float
    events_key: str = ""
    n_events: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def record_generation(*, generation_id: UUID, result: Result, now: datetime) -> Composition:
    """Store what a generation made, as a composition of whoever holds the generation now.

    Running it twice leaves the same rows as running it once.
    """
    generation = Generation.objects.select_for_update().get(pk=generation_id)
    generation.attempt = result.attempt
    generation.model_sha256 = result.model_sha256
    generation.notes_in, generation.notes_out = result.notes_in, result.stored.song.n_notes
    generation.added, generation.removed = result.added, result.removed
    generation.seconds = result.seconds
    generation.events_key, generation.n_events = result.events_key, result.n_events
    generation.details = dict(result.details)
    generation.save()
    output = Composition.objects.filter(generation=generation).first()
    return output or _insert_result(generation, result, now)


def _insert_result(generation: Generation, result: Result, now: datetime) -> Composition:
    holder = generation.owner or generation.guest
    assert holder is not None  # a constraint of the table
    return insert_composition(
        holder=holder,
        facts=result.stored.facts(),
        title=title_of_result(generation),
        origin=Origin.GENERATION,
        now=now,
        generation=generation,
        attributions=generation.input.attributions,
    )


def title_of_result(generation: Generation) -> str:
    """Return what the outcome of a generation is called: short enough for a title."""
    return fitting(generation.plain.result, generation.input.title)
