"""Asking for sound, and recording what the workers made."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from jobs import services as jobs
from jobs.errors import JobNotOver
from jobs.states import Fault, Priority, State
from studio.errors import TooLongToRender
from studio.kinds import RENDER
from studio.models import AudioFormat, Rendering
from studio.selectors.renderings import Hearing, SoundState, hearing_of

ENGINE = "spessasynth-4.3.22 fluidr3mono-2.312 r1"
"""The renderer's version, the same as in `platform/frontend/src/audio/render.ts`."""

MAX_SECONDS = 600.0
REST_AFTER_FAILURE = timedelta(minutes=5)  # before a visit makes a failed rendering try again


class Stored(Protocol):
    """A row whose music lies in the file store, such as a composition."""

    midi_key: str
    midi_sha256: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Music:
    """What is needed of a piece to make sound of it."""

    key: str
    sha256: str
    seconds: float

    @classmethod
    def of(cls, row: Stored) -> "Music":
        """Return the music of a row."""
        return cls(row.midi_key, row.midi_sha256, row.seconds)


def is_too_long(music: Music) -> bool:
    """Tell whether a piece is longer than what the site makes sound of."""
    return music.seconds > MAX_SECONDS


def request_rendering(
    *,
    music: Music,
    now: datetime,
    audio_format: AudioFormat = AudioFormat.MP3,
    owner: User | None = None,
    priority: Priority = Priority.NORMAL,
) -> Rendering:
    """Queue the rendering of a piece, unless it was asked for before.

    A rendering that failed through no fault of the music is tried again, some minutes later at the
    earliest.

    :raises TooLongToRender: if the piece is longer than what the site makes sound of
    """
    if is_too_long(music):
        raise TooLongToRender(
            _(
                "Sound is made of pieces of up to {minutes:.0f} minutes, and this one is "
                "longer. Download its MIDI file and play it in another program."
            ).format(minutes=MAX_SECONDS / 60)
        )
    found = (
        Rendering.objects.filter(midi_sha256=music.sha256, engine=ENGINE, format=audio_format)
        .select_related("job")
        .first()
    )
    if found is not None:
        return _tried_again(found, now)
    return _queue(music, audio_format, owner, priority, now)


def hear(
    row: Stored,
    *,
    now: datetime,
    audio_format: AudioFormat = AudioFormat.MP3,
    owner: User | None = None,
) -> Hearing:
    """Return the sound of a piece; the first time that somebody asks, have it made."""
    try:
        rendering = request_rendering(
            music=Music.of(row), now=now, audio_format=audio_format, owner=owner
        )
    except TooLongToRender as refused:
        return Hearing(SoundState.TOO_LONG, str(refused))
    return hearing_of(rendering)


@transaction.atomic
def _queue(
    music: Music, audio_format: AudioFormat, owner: User | None, priority: Priority, now: datetime
) -> Rendering:
    name = uuid.uuid4()
    job = jobs.enqueue(
        kind=RENDER,
        owner=owner,
        subject=f"rendering:{name}",
        priority=priority,
        dedupe_key=f"render {ENGINE} {audio_format} {music.sha256}",
        now=now,
    )
    rendering, _ = Rendering.objects.get_or_create(
        midi_sha256=music.sha256,
        engine=ENGINE,
        format=audio_format,
        defaults={"id": name, "midi_key": music.key, "job": job, "created_at": now},
    )
    return rendering


def _tried_again(rendering: Rendering, now: datetime) -> Rendering:
    """Give a rendering that failed another chance once the failure has had time to pass."""
    job = rendering.job
    failed = job.state == State.CANCELLED or (
        job.state == State.FAILED and job.fault == Fault.PLATFORM
    )
    if not failed or job.finished_at is None or job.finished_at > now - REST_AFTER_FAILURE:
        return rendering
    try:
        rendering.job = jobs.retry(job=job, actor=None, now=now)
    except JobNotOver:  # somebody else was faster
        job.refresh_from_db()
    return rendering


@transaction.atomic
def remake(*, rendering: Rendering, now: datetime) -> Rendering:
    """Have a sound made again whose file was lost. Asking twice is asking once."""
    current = Rendering.objects.select_for_update(of=("self",)).get(pk=rendering.pk)
    if current.key:
        current.key = ""
        current.job = jobs.enqueue(kind=RENDER, subject=current.subject, now=now)
        current.save(update_fields=["key", "job"])
    return current


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What a worker made: a file that is stored already."""

    key: str
    size: int
    seconds: float
    peaks: Sequence[int] = field(default_factory=tuple)


def record_rendering(*, rendering_id: UUID, sound: Sound) -> None:
    """Store where the sound of a piece lies. Running it twice is running it once."""
    Rendering.objects.filter(pk=rendering_id).update(
        key=sound.key, size=sound.size, seconds=sound.seconds, peaks=list(sound.peaks)
    )
