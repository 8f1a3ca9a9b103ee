"""Compositions and generations for tests, made through the services that the site uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings

from jobs.models import Job
from ml.music import Notes, Song, Track
from studio.holders import Holder
from studio.models import Composition, Generation
from studio.services.compositions import create_composition
from studio.services.generations import Wish, request_generation
from tests.rounds import midi
from workers import (
    generation,  # noqa: F401 - registers the handlers
    model_store,
)
from workers.runner import work_once

NOW = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
SHORT = {
    "accompany": {"tracks": 2},
    "edit": {"sampling_iterations": 6},
    "extend": {"extension_duration": 2, "style": "chorale"},
}
"""Parameters with which tiny models take a moment."""


@contextmanager
def weights_in(folder: Path) -> Iterator[Path]:
    """Have site and workers of this process use the weights in `folder`."""
    with override_settings(WEIGHTS_DIR=folder):
        model_store.models.cache_clear()
        yield folder
    model_store.models.cache_clear()


def compose(
    owner: Holder, *, seed: int = 1, seconds: int = 8, title: str = "A tune"
) -> Composition:
    """Keep a melody; the same seed is the same music."""
    return create_composition(owner=owner, upload=midi(seed, seconds=seconds), title=title, now=NOW)


def drums_alone() -> bytes:
    """Return a file without a pitched note."""
    notes = Notes.tidy([36, 38] * 8, [240 * n for n in range(16)], [120] * 16, [90] * 16)
    return Song((Track("Drums", 0, True, notes),)).to_midi()


def ask(
    composition: Composition, technique: str = "extend", *, seed: int | None = 5, **parameters: Any
) -> Generation:
    """Ask for a generation."""
    owner = composition.owner or composition.guest
    assert owner is not None
    wish = Wish(technique=technique, parameters=SHORT[technique] | parameters, seed=seed)
    return request_generation(composition=composition, owner=owner, wish=wish, now=NOW)


def generate_everything() -> int:
    """Do all waiting generations with the real handlers, in this process; return the rounds."""
    for count in range(200):
        if not work_once("generate", "test"):
            return count
    raise AssertionError("The jobs make ever more jobs.")


def job_of(made: Generation) -> Job:
    return Job.objects.get(pk=made.job_id)


def remove_weights(name: str) -> None:
    (settings.WEIGHTS_DIR / f"{name}.safetensors").unlink()


def damage_weights(name: str) -> None:
    """Change one byte in the middle of a weight file."""
    path = settings.WEIGHTS_DIR / f"{name}.safetensors"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)
