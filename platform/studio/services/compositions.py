"""Keeping, naming and deleting compositions."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import User
from jobs.errors import JobOver
from jobs.services import cancel
from jobs.states import OPEN
from ml.music import read_midi
from studio.errors import TooManyCompositions
from studio.files import StoredSong, store_song
from studio.models import Composition, Origin
from studio.services.repeats import first_answer


def create_composition(
    *,
    owner: User,
    upload: bytes,
    title: str,
    now: datetime,
    idempotency_key: str | None = None,
) -> Composition:
    """Keep a MIDI file as a composition that only its owner sees.

    The same key with the same request gives the composition that the first request made.

    :raises MidiRefused: if the bytes are no MIDI file that can be worked with
    :raises TooManyCompositions: if the owner keeps as many as one person may
    :raises IdempotencyConflict: if the key came with another request before
    :raises StorageUnavailable: if the bytes could not be stored
    """
    request = hashlib.sha256(title.encode() + b"\0" + upload).hexdigest()

    def earlier() -> Composition | None:
        return _replayed(owner, idempotency_key, request)

    return earlier() or _keep(
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
    owner: User,
    stored: StoredSong,
    title: str,
    now: datetime,
    idempotency_key: str | None,
    request: str,
    earlier: Callable[[], Composition | None],
) -> Composition:
    # The lock makes two uploads of one person wait for each other: neither the limit nor the key
    # can be passed by both. Other people are not held up.
    User.objects.select_for_update().get(pk=owner.pk)
    found = earlier()
    if found is not None:
        return found
    require_room(owner)
    return Composition.objects.create(
        owner=owner,
        title=title,
        origin=Origin.UPLOAD,
        created_at=now,
        idempotency_key=idempotency_key,
        request_sha256=request,
        **stored.facts(),
    )


def _replayed(owner: User, key: str | None, request: str) -> Composition | None:
    return first_answer(
        Composition.objects.filter(owner=owner),
        key=key,
        request=request,
        conflict=(
            "This Idempotency-Key came with another file or title before. "
            "Use a new key for a new composition."
        ),
    )


def require_room(owner: User) -> None:
    """Check that a person may keep one more composition.

    :raises TooManyCompositions: if they keep as many as one person may
    """
    if Composition.objects.kept().filter(owner=owner).count() >= settings.MAX_COMPOSITIONS:
        raise TooManyCompositions(
            f"You keep {settings.MAX_COMPOSITIONS} compositions, which is as many as one person "
            "may. Delete some that you do not need."
        )


def rename_composition(*, composition: Composition, title: str) -> Composition:
    """Give a composition another title."""
    composition.title = title
    composition.save(update_fields=["title"])
    return composition


@transaction.atomic
def delete_composition(*, composition: Composition, actor: User, now: datetime) -> None:
    """Delete a composition for its owner, and cancel what is being generated from it.

    Deleting it twice is deleting it once. What came of it stays, and still knows where it is from.
    """
    Composition.objects.filter(pk=composition.pk, deleted_at=None).update(deleted_at=now)
    for generation in composition.generations.filter(job__state__in=OPEN).select_related("job"):
        try:
            cancel(job=generation.job, actor=actor, now=now)
        except JobOver:  # it ended in this very moment
            continue
