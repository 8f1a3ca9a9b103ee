"""Drawings of stored pieces, kept in memory by the hash of their music."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

import structlog
from django.core.files.storage import default_storage

from challenges.drawing import Roll, Shape, roll_of
from challenges.models import Submission
from challenges.sketches import thumbnail_of
from ml.music import Song, read_canonical

log = structlog.get_logger("counterpoint.drawings")


def roll(submission: Submission) -> Roll | None:
    """Return a submission's piano roll, or None while its file cannot be read."""
    try:
        return _roll(submission.midi_key)
    except Exception:  # any file store's own errors; a page without a drawing is still a page
        log.exception("roll_not_drawn", submission=str(submission.pk))
        return None


def thumbnails(submissions: Iterable[Submission]) -> dict[UUID, tuple[Shape, ...]]:
    """Return a small drawing of each submission; an empty one where its file cannot be read."""
    return {submission.pk: _thumbnail_or_nothing(submission) for submission in submissions}


def _thumbnail_or_nothing(submission: Submission) -> tuple[Shape, ...]:
    try:
        return _thumbnail(submission.midi_key)
    except Exception:
        log.exception("thumbnail_not_drawn", submission=str(submission.pk))
        return ()


# A key names its content by hash, so what is kept here can never be stale.


@lru_cache(maxsize=32)
def _roll(midi_key: str) -> Roll:
    return roll_of(_song(midi_key))


@lru_cache(maxsize=2048)
def _thumbnail(midi_key: str) -> tuple[Shape, ...]:
    return thumbnail_of(_song(midi_key))


def _song(midi_key: str) -> Song:
    with default_storage.open(midi_key) as file:
        return read_canonical(file.read())
