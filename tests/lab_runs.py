"""Training runs in every state for tests of pages, without the time that a training takes."""

import json

from jobs.services import claim, finish
from lab.models import CustomModel, Point, Sample, TrainingRun
from lab.services.models import Weights
from lab.services.sittings import Progress, begin_sitting, finish_run
from ml.techniques import WEIGHTS
from studio.files import store_bytes
from tests.lab import NOW

BYTES = b"weights"


def tell(run: TrainingRun, iteration: int) -> None:
    """Store what a worker would have told of a run at an iteration."""
    values = {"iteration": iteration, "generator_loss": 2.0, "critic_loss": -1.0, "dissonant": 0.2}
    Point.objects.create(run=run, iteration=iteration, values=values)
    if not Sample.objects.filter(run=run).exists():
        first = {"iteration": 0, "windows": [[[1, 0, 4, 70]]], "melodies": [[[0, 0, 4, 60]]]}
        Sample.objects.create(run=run, iteration=0, music=first)
    music = {"iteration": iteration, "windows": [[[3, 0, 4, 48]]]}
    Sample.objects.create(run=run, iteration=iteration, music=music)
    TrainingRun.objects.filter(pk=run.pk).update(iteration=iteration)


def finished(run: TrainingRun) -> CustomModel:
    """End a run as its worker does, with the card of a shipped GAN."""
    tell(run, run.iterations)
    lease = claim(queue="train", worker="w", now=NOW)
    assert lease is not None
    sitting = begin_sitting(run_id=run.pk, job=lease.job, attempt=lease.attempt, now=NOW)
    progress = Progress(iteration=run.iterations, seconds=20.0, cpu_seconds=19.0)

    def record() -> dict[str, str]:
        model = finish_run(sitting=sitting, weights=_weights(run), progress=progress, now=NOW)
        return {"model": str(model.pk)}

    assert finish(lease=lease, record=record, now=NOW)
    return CustomModel.objects.get(run=run)


def _weights(run: TrainingRun) -> Weights:
    card = json.loads((WEIGHTS / "gan_unet.json").read_text()) | {"seed": run.seed}
    key = f"models/{run.pk.hex}"
    store_bytes(f"{key}.safetensors", BYTES)
    return Weights(
        name="gan_unet",
        key=f"{key}.safetensors",
        card_key=f"{key}.json",
        sha256=card["sha256"],
        size=len(BYTES),
        card=card,
    )
