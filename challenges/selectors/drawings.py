"""Drawings of submissions; a page without one is still a page."""

from collections.abc import Iterable
from uuid import UUID

import structlog

from challenges.models import Submission
from ml.music.drawing import Roll, Shape
from studio.files import roll_at, thumbnail_at

log = structlog.get_logger("counterpoint.drawings")


def roll(submission: Submission) -> Roll | None:
    """Return a submission's piano roll, or None while its file cannot be read."""
    try:
        return roll_at(submission.midi_key)
    except Exception:  # any file store's own errors; a page without a drawing is still a page
        log.exception("roll_not_drawn", submission=str(submission.pk))
        return None


def thumbnails(submissions: Iterable[Submission]) -> dict[UUID, tuple[Shape, ...]]:
    """Return a small drawing of each submission; an empty one where its file cannot be read."""
    return {submission.pk: _thumbnail_or_nothing(submission) for submission in submissions}


def _thumbnail_or_nothing(submission: Submission) -> tuple[Shape, ...]:
    try:
        return thumbnail_at(submission.midi_key)
    except Exception:
        log.exception("thumbnail_not_drawn", submission=str(submission.pk))
        return ()
