"""Sound for tests: the real one, and files that only have to be served."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from jobs import kinds
from jobs.services import claim, finish
from jobs.states import State
from studio.kinds import RENDER
from studio.models import AudioFormat, Rendering
from studio.services.renderings import Sound, Stored, hear, record_rendering
from workers import rendering  # noqa: F401 - registers the handler
from workers.runner import work_once

BYTES = bytes(range(256)) * 20


def render_everything() -> int:
    """Do all waiting renderings with the real handler, in this process; return how many."""
    with _no_pulse():
        for count in range(50):
            if not work_once("render", "test"):
                return count
    raise AssertionError("The jobs make ever more jobs.")


@contextmanager
def _no_pulse() -> Iterator[None]:
    """Make leases so long that none is extended: that thread sees nothing of a test's transaction.

    A real rendering may take longer than the first pulse on a busy machine.
    """
    usual = kinds.get(RENDER)
    kinds.register(replace(usual, lease=timedelta(hours=1)))
    try:
        yield
    finally:
        kinds.register(usual)


def give_sound(row: Stored, *, now: datetime, **kwargs: Any) -> Rendering:
    """Let a piece have a file of sound that nobody can play."""
    hearing = hear(row, now=now, **kwargs)
    assert hearing.rendering is not None
    made = hearing.rendering
    kind = AudioFormat(made.format)
    name = default_storage.save(f"audio/{made.pk}.{kind}", ContentFile(BYTES))
    while made.job.state != State.SUCCEEDED:
        _finish_next(name, now)
        made = Rendering.objects.select_related("job").get(pk=made.pk)
    return made


def _finish_next(key: str, now: datetime) -> None:
    lease = claim(queue="render", worker="test", now=now)
    assert lease is not None
    made = Rendering.objects.get(job=lease.job)
    sound = Sound(key=key, size=len(BYTES), seconds=31.5, peaks=[0, 128, 255])
    finish(lease=lease, record=lambda: record_rendering(rendering_id=made.pk, sound=sound), now=now)
