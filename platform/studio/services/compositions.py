"""Keeping, naming, deleting and bringing back compositions."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from jobs.errors import JobOver
from jobs.services import cancel
from jobs.states import OPEN
from ml.music import read_midi
from studio.errors import NotRestorable, TooManyCompositions
from studio.files import StoredSong, store_song
from studio.holders import Holder, columns, held_by, lock_holder
from studio.models import Composition, CompositionVersion, Guest, Origin
from studio.retention import restorable_since
from studio.services.discarding import discard_files_of
from studio.services.repeats import first_answer

PURGED_AT_ONCE = 100


def create_composition(
    *,
    owner: Holder,
    upload: bytes,
    title: str,
    now: datetime,
    idempotency_key: str | None = None,
) -> Composition:
    """Keep a MIDI file as a composition that only its owner, a person or a guest, sees.

    The same key with the same request gives the composition that the first request made.

    :raises MidiRefused: if the bytes are no MIDI file that can be worked with
    :raises TooManyCompositions: if the owner keeps as many as they may
    :raises IdempotencyConflict: if the key came with another request before
    :raises StorageUnavailable: if the bytes could not be stored
    """
    request = hashlib.sha256(title.encode() + b"\0" + upload).hexdigest()

    def earlier(holder: Holder) -> Composition | None:
        return _replayed(holder, idempotency_key, request)

    return earlier(owner) or _keep(
        owner=owner,
        stored=store_song(read_midi(upload)),
        title=title,
        now=now,
        idempotency_key=idempotency_key,
        request=request,
        earlier=earlier,
    )


@transaction.atomic
def _keep(
    *,
    owner: Holder,
    stored: StoredSong,
    title: str,
    now: datetime,
    idempotency_key: str | None,
    request: str,
    earlier: Callable[[Holder], Composition | None],
) -> Composition:
    # The lock makes two uploads of one person wait for each other: neither the limit nor the key
    # can be passed by both. Other people are not held up.
    holder = lock_holder(owner)
    found = earlier(holder)
    if found is not None:
        return found
    require_room(holder)
    return insert_composition(
        holder=holder,
        facts=stored.facts(),
        title=title,
        origin=Origin.UPLOAD,
        now=now,
        idempotency_key=idempotency_key,
        request_sha256=request,
    )


def insert_composition(
    *,
    holder: Holder,
    facts: Mapping[str, Any],
    title: str,
    origin: Origin,
    now: datetime,
    **more: Any,
) -> Composition:
    """Make the rows of a composition and of the first version of its music."""
    composition = Composition.objects.create(
        title=title,
        origin=origin,
        created_at=now,
        updated_at=now,
        **columns(holder),
        **facts,
        **more,
    )
    CompositionVersion.objects.create(
        composition=composition, number=composition.version, created_at=now, **facts
    )
    return composition


def _replayed(holder: Holder, key: str | None, request: str) -> Composition | None:
    return first_answer(
        Composition.objects.filter(held_by(holder)),
        key=key,
        request=request,
        conflict=(
            _(
                "This Idempotency-Key came with another file or title before. Use a new key "
                "for a new composition."
            )
        ),
    )


def require_room(holder: Holder) -> None:
    """Check that a person or guest may keep one more composition.

    :raises TooManyCompositions: if they keep as many as they may
    """
    is_guest = isinstance(holder, Guest)
    limit = settings.MAX_GUEST_COMPOSITIONS if is_guest else settings.MAX_COMPOSITIONS
    if Composition.objects.kept().filter(held_by(holder)).count() < limit:
        return
    if is_guest:
        raise TooManyCompositions(
            _(
                "You keep {limit} compositions, which is as many as a guest may. Delete "
                "some, or sign in: with an account there is more room."
            ).format(limit=limit)
        )
    raise TooManyCompositions(
        _(
            "You keep {limit} compositions, which is as many as one person may. Delete "
            "some that you do not need."
        ).format(limit=limit)
    )


def change_composition(
    *,
    composition: Composition,
    now: datetime,
    title: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Composition:
    """Give a composition another title, other settings of the Studio, or both."""
    if title is not None:
        composition.title = title
    if settings is not None:
        composition.settings = dict(settings)
    composition.updated_at = now
    composition.save(update_fields=["title", "settings", "updated_at"])
    return composition


@transaction.atomic
def delete_composition(*, composition: Composition, actor: User | None, now: datetime) -> None:
    """Delete a composition for its owner, and cancel what is being generated from it.

    It can be brought back for `DELETED_DAYS`. Deleting it twice is deleting it once. What came of
    it stays, and still knows where it is from.
    """
    Composition.objects.filter(pk=composition.pk, deleted_at=None).update(deleted_at=now)
    for generation in composition.generations.filter(job__state__in=OPEN).select_related("job"):
        try:
            cancel(job=generation.job, actor=actor, now=now)
        except JobOver:  # it ended in this very moment
            continue


@transaction.atomic
def restore_composition(*, composition: Composition, holder: Holder, now: datetime) -> Composition:
    """Bring a deleted composition back; one that is not deleted stays as it is.

    :raises NotRestorable: if it was deleted more than `DELETED_DAYS` ago
    :raises TooManyCompositions: if its owner keeps as many as they may
    """
    holder = lock_holder(holder)
    composition = Composition.objects.select_for_update().get(pk=composition.pk)
    if composition.deleted_at is None:
        return composition
    if composition.deleted_at <= restorable_since(now):
        raise NotRestorable(_("This piece was deleted too long ago to be brought back."))
    require_room(holder)
    composition.deleted_at = None
    composition.save(update_fields=["deleted_at"])
    return composition


def purge_deleted_compositions(now: datetime) -> None:
    """Remove what was deleted too long ago to be brought back; the sweeper calls this.

    A piece from which something else was made keeps its row, which is part of its lineage.
    """
    gone = Composition.objects.filter(
        deleted_at__lte=restorable_since(now), generations=None, copies=None
    )
    keys = list(gone.order_by("deleted_at").values_list("pk", flat=True)[:PURGED_AT_ONCE])
    with transaction.atomic():
        chosen = Composition.objects.select_for_update().filter(pk__in=keys)
        locked = [
            row.pk for row in chosen if row.deleted_at and row.deleted_at <= restorable_since(now)
        ]
        doomed = Composition.objects.filter(pk__in=locked, generations=None, copies=None)
        discard_files_of(compositions=doomed, now=now)
        doomed.delete()
