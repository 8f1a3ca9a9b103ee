"""Data sets and training runs for tests, made through the services that the site uses."""

import hashlib
import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from accounts.models import User
from jobs import kinds
from jobs.services import claim, finish
from lab.kinds import MEASURE, TRAIN
from lab.models import CustomModel, DataSet, TrainingRun
from lab.services.data_sets import Upload, create_from_upload
from lab.services.models import Weights
from lab.services.runs import RunWish, request_run
from lab.services.sittings import Progress, begin_sitting, finish_run
from ml.music import Notes, Song, Track
from studio.files import store_bytes
from workers import training  # noqa: F401 - registers the handler
from workers.runner import work_once

NOW = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
TINY: dict[str, dict[str, Any]] = {
    "gan": {"size": "tiny", "iterations": 12, "batch_size": 4, "critic_updates": 1},
    "ar_cnn": {"size": "tiny", "begin_from": "nothing", "iterations": 8},
    "transformer": {"size": "tiny", "begin_from": "nothing", "iterations": 8},
}
"""Settings with which a run takes seconds."""

# A test's transaction is its own thread's: no heartbeat of another one may come in between.
for name in (TRAIN, MEASURE):
    kinds.register(replace(kinds.get(name), lease=timedelta(hours=1)))


def four_voices(seed: int = 0, *, bars: int = 8) -> bytes:
    """Return a piece of four tracks in quarter notes; the same seed gives the same bytes."""
    dice = random.Random(seed)
    ranges = ((60, 80), (55, 72), (48, 65), (36, 55))
    names = ("Soprano", "Alto", "Tenor", "Bass")
    tracks = []
    for name, (low, high) in zip(names, ranges, strict=True):
        count = bars * 4
        notes = Notes.tidy(
            pitch=[dice.randint(low, high) for _ in range(count)],
            start=[480 * n for n in range(count)],
            duration=[480] * count,
            velocity=[80] * count,
        )
        tracks.append(Track(name, 0, False, notes))
    return Song(tuple(tracks)).to_midi()


def uploads(count: int = 6, *, bars: int = 8) -> list[Upload]:
    """Return files that can be trained on."""
    return [Upload(f"piece {n}.mid", four_voices(n, bars=bars)) for n in range(count)]


def make_data(owner: User, *, files: list[Upload] | None = None, name: str = "Mine") -> DataSet:
    """Upload a set of pieces of four voices."""
    return create_from_upload(
        owner=owner, files=files or uploads(), name=name, rights_confirmed=True, now=NOW
    )


def make_run(
    owner: User, *, data: DataSet | None = None, kind: str = "gan", seed: int = 3, **settings: Any
) -> TrainingRun:
    """Ask for a tiny run."""
    wish = RunWish(kind=kind, settings=TINY[kind] | settings, seed=seed)
    return request_run(owner=owner, data_set=data or make_data(owner), wish=wish, now=NOW)


def train_everything() -> int:
    """Do all waiting sittings with the real handler, in this process; return how many."""
    for count in range(100):
        if not work_once("train", "test"):
            return count
    raise AssertionError("The jobs make ever more jobs.")


def train_model(owner: User, *, kind: str = "gan", **settings: Any) -> CustomModel:
    """Train a model for two iterations with the real loop."""
    run = make_run(owner, kind=kind, iterations=2, **settings)
    train_everything()
    return CustomModel.objects.get(run=run)


def make_model(
    owner: User, folder: Path, *, data: DataSet | None = None, name: str = "ar_cnn"
) -> CustomModel:
    """Make the model of a run without training: its weights are those called `name` in a folder."""
    kind = "gan" if name.startswith("gan_") else name
    run = make_run(owner, data=data, kind=kind)
    lease = claim(queue="train", worker="test", now=NOW)
    assert lease is not None
    content, card = (folder / f"{name}.{end}" for end in ("safetensors", "json"))
    digest = hashlib.sha256(content.read_bytes()).hexdigest()
    weights = Weights(
        name=name,
        key=f"models/{digest}.safetensors",
        card_key=f"models/{digest}.json",
        sha256=digest,
        size=content.stat().st_size,
        card=json.loads(card.read_text()),
    )
    store_bytes(weights.key, content.read_bytes())
    store_bytes(weights.card_key, card.read_bytes())

    def record() -> None:
        sitting = begin_sitting(run_id=run.pk, job=lease.job, attempt=1, now=NOW)
        progress = Progress(iteration=run.iterations, seconds=1.0, cpu_seconds=1.0)
        finish_run(sitting=sitting, weights=weights, progress=progress, now=NOW)

    assert finish(lease=lease, record=record, now=NOW)
    return CustomModel.objects.get(run=run)
