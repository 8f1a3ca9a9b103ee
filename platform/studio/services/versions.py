"""Storing new states of a composition's music, and going back to earlier ones."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ml.music import read_midi
from studio.errors import VersionConflict, VersionMissing
from studio.files import store_song
from studio.models import Composition, CompositionVersion
from studio.services.discarding import discard_files

KEPT_VERSIONS = 50  # the newest ones; the first one is kept as well

ANY = "*"


def save_music(
    *, composition: Composition, upload: bytes, known: str, now: datetime
) -> Composition:
    """Store a MIDI file as the next version of a composition's music.

    `known` is the version that the sender's music was made from: its number, its file's sha256, or
    `*` for whichever is there. Music that is there already makes no version, whatever was known:
    so a request whose answer was lost may be sent again.

    :raises MidiRefused: if the bytes are no MIDI file that can be worked with
    :raises VersionMissing: if `known` is empty
    :raises VersionConflict: if another version has become the present one since
    :raises StorageUnavailable: if the bytes could not be stored
    """
    if not known:
        raise VersionMissing(_("Say in If-Match which version of the piece you changed."))
    stored = store_song(read_midi(upload))
    with transaction.atomic():
        composition = Composition.objects.select_for_update().get(pk=composition.pk)
        if stored.sha256 == composition.midi_sha256:
            return composition
        _require_known(composition, known)
        return _advance(composition, stored.facts(), now)


@transaction.atomic
def restore_version(*, version: CompositionVersion, now: datetime) -> Composition:
    """Make an earlier version's music the present one again, as a new version.

    Restoring the present music changes nothing.
    """
    composition = Composition.objects.select_for_update().get(pk=version.composition_id)
    if version.midi_sha256 == composition.midi_sha256:
        return composition
    return _advance(composition, version.file_facts(), now)


def _require_known(composition: Composition, known: str) -> None:
    if known in (ANY, str(composition.version), composition.midi_sha256):
        return
    latest = composition.versions.order_by("-number").first()
    saved_at = latest.created_at if latest else composition.updated_at
    raise VersionConflict(
        _(
            "A newer version of this piece, number {version}, was stored on "
            "{saved_at:%Y-%m-%d} at {saved_at:%H:%M:%S} UTC. What you have here is "
            "older; nothing was overwritten."
        ).format(version=composition.version, saved_at=saved_at),
        extra={
            "version": composition.version,
            "sha256": composition.midi_sha256,
            "saved_at": saved_at.isoformat(),
        },
    )


def _advance(composition: Composition, facts: dict[str, Any], now: datetime) -> Composition:
    """Make the next version, the composition's row being locked."""
    composition.version += 1
    composition.updated_at = now
    for name, value in facts.items():
        setattr(composition, name, value)
    composition.save(update_fields=["version", "updated_at", *facts])
    composition.versions.create(number=composition.version, created_at=now, **facts)
    _prune(composition, now)
    return composition


def _prune(composition: Composition, now: datetime) -> None:
    old = composition.versions.filter(number__gt=1, number__lte=composition.version - KEPT_VERSIONS)
    keys = list(old.values_list("midi_key", flat=True))
    if keys:
        old.delete()
        discard_files(keys=keys, now=now)
