"""Trains people's own models: jobs of kind `train`, made by `lab`. The only importer of the loops.

A job is one sitting. It takes up the run's last checkpoint, trains for some minutes, and leaves
the next checkpoint, or at the end the model.
"""

import hashlib
import importlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from jobs import clock
from jobs.errors import BadInput
from jobs.models import Job
from jobs.whereabouts import place
from lab.files import folder_name, write_training_files
from lab.kinds import MEASURE, TRAIN
from lab.models import TrainingRun
from lab.recipes import as_dict, parse
from lab.services import measuring, sittings
from lab.services.models import Weights
from lab.wording import Kind
from ml.evaluation.figures import finite
from ml.techniques import ParametersRefused
from studio.files import store_bytes
from studio.services.discarding import discard_files
from workers import handlers
from workers.context import Context
from workers.watching import SittingWatch, checkpoint_every, unpack_checkpoint

OWN_STYLE = "chorale"
"""What music of one's own is taken as where a loop wants a style."""

MODULES = {Kind.GAN: "gan", Kind.AR_CNN: "ar_cnn", Kind.TRANSFORMER: "transformer"}


def train(job: Job, context: Context) -> handlers.Record:
    """Train a run for one sitting."""
    context.check()
    run = TrainingRun.objects.select_related("data_set").get(pk=job.payload["run"])
    if run.finished_at is not None:
        return dict  # a sitting that was queued twice finds nothing to do
    watch = SittingWatch(run, job, context)
    with tempfile.TemporaryDirectory(prefix="counterpoint-train-") as name:
        folder = Path(name)
        card = _train(run, folder, watch, context)
        weights = None if card is None else _stored(card, run, folder / "run")
    _tell_speed(run, watch)

    def record() -> dict[str, Any]:
        now = clock.database_now()
        if weights is None:
            sittings.end_sitting(sitting=watch.sitting, now=now)
            return {"iteration": watch.progress.iteration}
        model = sittings.finish_run(
            sitting=watch.sitting, weights=weights, progress=watch.progress, now=now
        )
        return {"model": str(model.pk)}

    return record


def _train(
    run: TrainingRun, folder: Path, watch: SittingWatch, context: Context
) -> dict[str, Any] | None:
    """Call the loop of the run's kind; None if it is to go on in another sitting."""
    import torch

    from ml.data.grids import NotPrepared
    from ml.data.own import NoUsableMusic
    from ml.training.run import TrainingRefused

    torch.set_num_threads(1)
    out = folder / "run"
    out.mkdir()
    if run.checkpoint_key:
        unpack_checkpoint(run.checkpoint_key, out)
    loop = importlib.import_module(f"ml.training.{MODULES[Kind(run.kind)]}")
    try:
        card: dict[str, Any] | None = loop.train(
            **_music_of(run, folder, context),
            **_settings_of(run),
            out=out,
            seed=run.seed,
            iterations=run.iterations,
            minutes=None,
            resume=bool(run.checkpoint_key),
            device="cpu",
            as_json=False,
            watch=watch,
            checkpoint_every=checkpoint_every(),
        )
    except (TrainingRefused, NotPrepared, NoUsableMusic) as error:
        raise BadInput("not_trainable", str(error)) from error
    return card


def _music_of(run: TrainingRun, folder: Path, context: Context) -> dict[str, Any]:
    """Return what a loop is told about its music, which is brought here first."""
    data_set = run.data_set
    assert data_set is not None  # it cannot be deleted before the run ends
    prepared = Path(settings.TRAINING_DATA)
    if data_set.style:
        _prepare(data_set.style, prepared, context)
        return {"style": data_set.style, "data": None, "prepared": prepared}
    files = folder / folder_name(data_set)
    files.mkdir()
    write_training_files(data_set, files)
    return {"style": OWN_STYLE, "data": files, "prepared": prepared}


def _prepare(style: str, folder: Path, context: Context) -> None:
    """Have the grids of a shipped style made, if this machine has not done so before."""
    from ml.data.prepare import prepare_style

    def tell(share: float) -> None:
        context.report(0.0, f"Reading the music of this style: {share:.0%}")

    found = prepare_style(style, cache=folder / "corpus", folder=folder, progress=tell)
    if not found["available"]:
        raise BadInput("style_not_here", f"This site has no music of the style {style}.")


def _settings_of(run: TrainingRun) -> dict[str, Any]:
    """Return a run's settings by the names that its loop gives them."""
    try:
        chosen = as_dict(parse(run.kind, run.settings))
    except ParametersRefused as error:  # another version of the site may have stored them
        raise BadInput("invalid_settings", str(error)) from error
    del chosen["iterations"]
    if run.kind == Kind.GAN:
        return chosen
    begins_shipped = chosen.pop("begin_from") == "shipped"
    file = Path(settings.WEIGHTS_DIR) / f"{MODULES[Kind(run.kind)]}.safetensors"
    return {**chosen, "weights": file if begins_shipped else None}


def _stored(card: dict[str, Any], run: TrainingRun, out: Path) -> Weights:
    """Store the weights and their card under the weights' own hash."""
    name = str(card["name"])
    file = out / f"{name}.safetensors"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    written = json.loads((out / f"{name}.json").read_text())
    about = finite({**written, "lab": _about(run)})
    key = f"models/{digest[:2]}/{digest}"
    store_bytes(f"{key}.safetensors", file.read_bytes())
    store_bytes(f"{key}.json", json.dumps(about).encode())
    # Marked at once, should nothing come of them: the sweeper keeps what a model needs.
    discard_files(keys=[f"{key}.safetensors", f"{key}.json"], now=clock.database_now())
    return Weights(
        name=name,
        key=f"{key}.safetensors",
        card_key=f"{key}.json",
        sha256=digest,
        size=file.stat().st_size,
        card=about,
    )


def _about(run: TrainingRun) -> dict[str, Any]:
    """Return what a card says of the run: its music and all that repeats it."""
    return {
        "run": str(run.pk),
        "data": run.data,
        "settings": run.settings,
        "preset": run.preset,
        "iterations": run.iterations,
        "seed": run.seed,
    }


def _tell_speed(run: TrainingRun, watch: SittingWatch) -> None:
    if (speed := watch.speed) is not None:
        _record_speed(run.kind, run.settings, speed)


def measure(job: Job, context: Context) -> handlers.Record:
    """Measure how fast this machine trains with some settings, by a few real iterations."""
    import torch

    from ml.training.probe import measure as probe

    context.check()
    torch.set_num_threads(1)
    kind, settings = job.payload["kind"], job.payload["settings"]
    per_second = probe(kind, settings)

    def record() -> dict[str, Any]:
        _record_speed(kind, settings, per_second)
        return {"iterations_per_second": per_second}

    return record


def _record_speed(kind: str, chosen: Mapping[str, Any], per_second: float) -> None:
    measuring.record_speed(
        machine=place(),
        kind=kind,
        chosen=chosen,
        per_second=per_second,
        now=clock.database_now(),
    )


handlers.register(TRAIN, train)
handlers.register(MEASURE, measure)
