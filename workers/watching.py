"""How a sitting is watched: what the training loop tells becomes rows, fenced by the lease."""

import math
import tarfile
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from jobs import clock
from jobs.models import Job
from lab.kinds import SITTING
from lab.models import Sitting, TrainingRun
from lab.services import sittings
from lab.services.sittings import Progress
from lab.wording import Wanted
from ml.training.watch import Watch, Wish
from studio.files import bytes_at, store_file
from studio.services.discarding import discard_files
from workers.context import Context

CHECKPOINT = ("checkpoint.safetensors", "checkpoint.json")  # named here too, to import no torch
LOOK_EVERY = 1.0  # seconds between two questions what the owner wants


class SittingWatch(Watch):
    """One attempt at one sitting, as the training loop sees it.

    Nothing is stored of an attempt that lost its lease: every record is one transaction that only
    the holder can make, and what it raises ends the loop.
    """

    def __init__(self, run: TrainingRun, job: Job, context: Context) -> None:
        self._job, self._context = job, context
        self._cpu = time.process_time()
        self._began = self._looked = 0.0
        self._checkpoints = 0
        self._wanted = Wanted.GO
        at = run.checkpoint_iteration or 0
        self._progress = Progress(iteration=at, seconds=run.seconds, cpu_seconds=0.0)
        self._share = at / run.iterations
        self.first_iteration: int | None = None
        self.trained_from: float = 0.0
        self.sitting: Sitting = context.record(
            lambda: sittings.begin_sitting(
                run_id=run.pk, job=job, attempt=context.attempt, now=clock.database_now()
            )
        )

    @property
    def progress(self) -> Progress:
        """How far the run is, and what this sitting cost so far."""
        last = self._progress
        return Progress(
            iteration=last.iteration,
            seconds=last.seconds,
            cpu_seconds=time.process_time() - self._cpu,
            values=last.values,
        )

    @property
    def speed(self) -> float | None:
        """Iterations per second of this sitting; None where it was too short to tell."""
        trained = self._progress.seconds - self.trained_from
        count = self._progress.iteration - (self.first_iteration or 0)
        return count / trained if trained >= 5.0 and count >= 5 else None

    def on_progress(
        self, iteration: int, share: float, seconds: float, values: Mapping[str, float]
    ) -> None:
        """Remember how far it is; `wanted` stores it."""
        if self.first_iteration is None:
            self._began = time.monotonic()
            self.first_iteration, self.trained_from = iteration, seconds
        self._share = share
        # A loss that is no number any more is left out: not every database could store it.
        finite = {name: round(v, 5) for name, v in values.items() if math.isfinite(v)}
        self._progress = Progress(
            iteration=iteration, seconds=seconds, cpu_seconds=0.0, values=finite
        )

    def on_reference(self, reference: Mapping[str, Mapping[str, float]]) -> None:
        """Store what the curves are to be compared with."""
        self._context.record(
            lambda: sittings.record_reference(sitting=self.sitting, reference=reference)
        )

    def on_point(self, point: Mapping[str, float]) -> None:
        """Store a point of the curves."""
        self._context.record(lambda: sittings.record_point(sitting=self.sitting, point=point))

    def on_sample(self, sample: Mapping[str, Any]) -> None:
        """Store what the model plays now."""
        self._context.record(lambda: sittings.record_sample(sitting=self.sitting, sample=sample))

    def on_checkpoint(self, folder: Path) -> None:
        """Store the checkpoint under this attempt's own name, then let the run go on from it."""
        key = self._next_key()
        # Marked until the run points to it: a kill between the two leaves nothing for ever.
        discard_files(keys=[key], now=clock.database_now())
        with tempfile.TemporaryDirectory(prefix="counterpoint-checkpoint-") as scratch:
            packed = Path(scratch, "checkpoint.tar")
            with tarfile.open(packed, "w") as archive:
                for name in CHECKPOINT:
                    archive.add(folder / name, arcname=name)
            store_file(key, packed)
        self._context.record(
            lambda: sittings.record_checkpoint(
                sitting=self.sitting, key=key, progress=self.progress, now=clock.database_now()
            )
        )

    def _next_key(self) -> str:
        self._checkpoints += 1
        run, job = self.sitting.run_id, self._job.pk
        assert run is not None
        return f"training/{run.hex}/{job.hex}-{self._context.attempt}-{self._checkpoints}.tar"

    def wanted(self) -> Wish:
        """Return what shall happen: what the owner wants, or a pause when the sitting is over."""
        now = time.monotonic()
        if now - self._looked >= LOOK_EVERY:
            self._looked = now
            self._look()
        if self._wanted == Wanted.PAUSE:
            return "pause"
        if self._wanted == Wanted.FINISH and self._progress.iteration:
            return "finish"  # something was learned, if only in one iteration
        return "pause" if self._is_over(now) else "go"

    def _is_over(self, now: float) -> bool:
        """Return whether others have their turn: not before an iteration is done."""
        begun = self.first_iteration is not None
        return begun and now - self._began >= SITTING.total_seconds()

    def _look(self) -> None:
        self._context.report(self._share, f"Iteration {self._progress.iteration:,}")
        self._wanted = self._context.record(
            lambda: sittings.record_progress(
                sitting=self.sitting, progress=self.progress, now=clock.database_now()
            )
        )


def unpack_checkpoint(key: str, folder: Path) -> None:
    """Write the files of a stored checkpoint into a folder.

    :raises StorageUnavailable: if it cannot be read
    """
    with tempfile.NamedTemporaryFile(prefix="counterpoint-checkpoint-") as packed:
        packed.write(bytes_at(key))
        packed.flush()
        with tarfile.open(packed.name) as archive:
            for name in CHECKPOINT:
                archive.extract(name, folder, filter="data")


def checkpoint_every() -> float:
    """Return how many seconds of training a killed worker may lose."""
    return float(settings.CHECKPOINT_SECONDS)
