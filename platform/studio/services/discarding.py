"""Letting go of stored files that nothing points to any more.

A file is named by its content, so several rows may share one, and somebody may store the same
content again at any moment. Rows that go only mark their files. An hour later the sweeper removes
a marked file that no row points to; by then whoever had found it stored has recorded that. Storing
a file takes its mark away (`studio.files.store_bytes`).
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

import structlog
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from jobs.states import OPEN
from studio.models import Composition, CompositionVersion, DiscardedFile, Generation, Rendering

REST = timedelta(hours=1)
AT_ONCE = 200

log = structlog.get_logger(__name__)

InUse = Callable[[Collection[str]], set[str]]

_uses: list[InUse] = []


def register_use(in_use: InUse) -> None:
    """Have `in_use` asked which of some files it needs, before any of them is removed."""
    if in_use not in _uses:
        _uses.append(in_use)


def discard_files(*, keys: Iterable[str], now: datetime) -> None:
    """Mark files as no longer needed by the row that is going."""
    marks = [DiscardedFile(key=key, discarded_at=now) for key in {key for key in keys if key}]
    DiscardedFile.objects.bulk_create(
        marks,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["discarded_at"],
        batch_size=500,
    )


def remove_at_once(keys: Iterable[str]) -> None:
    """Remove files that were marked and whose names no row will ever hold again.

    The sweeper removes later what could not be removed now.
    """
    for key in keys:
        try:
            default_storage.delete(key)
        except Exception as error:  # noqa: BLE001 - any backend's own errors
            log.warning("file_not_removed_yet", key=key, error=str(error))
        else:
            DiscardedFile.objects.filter(key=key).delete()


def discard_files_of(*, compositions: QuerySet[Composition], now: datetime) -> None:
    """Mark the files of compositions that are about to be deleted, and of what was made of them."""
    versions = CompositionVersion.objects.filter(composition__in=compositions)
    generations = Generation.objects.filter(input__in=compositions)
    keys = [
        *compositions.values_list("midi_key", flat=True),
        *versions.values_list("midi_key", flat=True),
        *generations.values_list("input_key", flat=True),
        *generations.values_list("events_key", flat=True),
    ]
    discard_files(keys=keys, now=now)


def used_in_the_studio(keys: Collection[str]) -> set[str]:
    """Return which of some files compositions, generations and waiting renderings need."""
    found = set(Composition.objects.filter(midi_key__in=keys).values_list("midi_key", flat=True))
    found |= set(
        CompositionVersion.objects.filter(midi_key__in=keys).values_list("midi_key", flat=True)
    )
    for column in ("input_key", "events_key"):
        rows = Generation.objects.filter(**{f"{column}__in": keys})
        found |= set(rows.values_list(column, flat=True))
    found |= _weights_waited_for(keys)
    waiting = Rendering.objects.filter(midi_key__in=keys, job__state__in=OPEN)
    return found | set(waiting.values_list("midi_key", flat=True))


def _weights_waited_for(keys: Collection[str]) -> set[str]:
    """Return which of some files are weights that a generation still needs."""
    under_way = Generation.objects.filter(job__state__in=OPEN)
    found = set(under_way.filter(model_key__in=keys).values_list("model_key", flat=True))
    cards = under_way.filter(model_card_key__in=keys).values_list("model_card_key", flat=True)
    return found | set(cards)


def remove_discarded_files(now: datetime) -> None:
    """Remove the files that have been marked for an hour and that no row needs."""
    marked = DiscardedFile.objects.filter(discarded_at__lt=now - REST).order_by("discarded_at")
    keys = list(marked.values_list("key", flat=True)[:AT_ONCE])
    if not keys:
        return
    used = set().union(*(in_use(keys) for in_use in _uses))
    DiscardedFile.objects.filter(key__in=used, discarded_at__lt=now - REST).delete()
    for key in set(keys) - used:
        _remove(key, now)


@transaction.atomic
def _remove(key: str, now: datetime) -> None:
    # Whoever stores this content meanwhile waits for the lock, and then stores it anew.
    locked = DiscardedFile.objects.select_for_update()
    mark = locked.filter(key=key, discarded_at__lt=now - REST).first()
    if mark is None or any(in_use([key]) for in_use in _uses):
        return
    mark.delete()
    for rendering in Rendering.objects.filter(midi_key=key):  # the sound goes with its music
        if rendering.key:
            default_storage.delete(rendering.key)
        rendering.delete()
    default_storage.delete(key)
    log.info("file_removed", key=key)
