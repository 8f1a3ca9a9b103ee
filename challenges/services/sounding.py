"""Having sound made of what was handed in."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.models import User
from challenges.models import Submission
from challenges.models.entry import Content
from jobs.states import Priority
from studio.models import AudioFormat, Rendering
from studio.services.renderings import ENGINE, MAX_SECONDS, Music, is_too_long, request_rendering


def request_sound(*, submission: Submission, owner: User, now: datetime) -> None:
    """Have a piece rendered behind everything that somebody waits for, unless it is too long."""
    music = Music.of(submission)
    if not is_too_long(music):
        request_rendering(music=music, owner=owner, priority=Priority.LOW, now=now)


def request_missing_sound(*, now: datetime) -> int:
    """Queue the rendering of every accepted piece without sound; return how many there were."""
    known = Rendering.objects.filter(
        midi_sha256=OuterRef("midi_sha256"), engine=ENGINE, format=AudioFormat.MP3
    )
    missing = (
        Submission.objects.filter(content=Content.ACCEPTED, seconds__lte=MAX_SECONDS)
        .exclude(Exists(known))
        .select_related("entry__participant")
        .order_by("submitted_at", "pk")
    )
    count = 0
    for submission in missing.iterator():
        request_sound(submission=submission, owner=submission.entry.participant, now=now)
        count += 1
    return count
