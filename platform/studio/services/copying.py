"""Making a composition of another one's music: duplicates and remixes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from studio.holders import Holder, held_by, lock_holder
from studio.models import Composition, Origin
from studio.services.compositions import insert_composition, require_room
from studio.services.repeats import first_answer
from studio.wording import fitting

COPY_CONFLICT = _("This Idempotency-Key came with another request before. Use a new key.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remixable:
    """Somebody's published piece, ready to be made something else of.

    `attributions` names whose work is in it, the piece itself last.
    """

    title: str
    file_facts: Mapping[str, Any]
    attributions: Sequence[Mapping[str, str]]
    source: str  # a name for it, to tell two requests apart


@transaction.atomic
def copy_composition(
    *, composition: Composition, owner: Holder, now: datetime, idempotency_key: str | None = None
) -> Composition:
    """Keep a second composition with the same music, settings and lineage.

    :raises TooManyCompositions: if the owner keeps as many as they may
    :raises IdempotencyConflict: if the key came with another request before
    """
    holder = lock_holder(owner)
    request = hashlib.sha256(f"copy {composition.pk}".encode()).hexdigest()
    earlier = _replayed(holder, idempotency_key, request)
    if earlier is not None:
        return earlier
    require_room(holder)
    return insert_composition(
        holder=holder,
        facts=composition.file_facts(),
        title=fitting("{title} (copy)", composition.title),
        origin=Origin.COPY,
        now=now,
        source=composition,
        attributions=composition.attributions,
        settings=composition.settings,
        idempotency_key=idempotency_key,
        request_sha256=request,
    )


@transaction.atomic
def keep_remix(
    *, piece: Remixable, owner: Holder, now: datetime, idempotency_key: str | None = None
) -> Composition:
    """Keep a composition that begins as somebody else's published piece, and says so.

    :raises TooManyCompositions: if the owner keeps as many as they may
    :raises IdempotencyConflict: if the key came with another request before
    """
    holder = lock_holder(owner)
    request = hashlib.sha256(f"remix {piece.source}".encode()).hexdigest()
    earlier = _replayed(holder, idempotency_key, request)
    if earlier is not None:
        return earlier
    require_room(holder)
    return insert_composition(
        holder=holder,
        facts=piece.file_facts,
        title=fitting("{title} (remix)", piece.title),
        origin=Origin.REMIX,
        now=now,
        attributions=[dict(one) for one in piece.attributions],
        idempotency_key=idempotency_key,
        request_sha256=request,
    )


def _replayed(holder: Holder, key: str | None, request: str) -> Composition | None:
    rows = Composition.objects.filter(held_by(holder))
    return first_answer(rows, key=key, request=request, conflict=str(COPY_CONFLICT))
