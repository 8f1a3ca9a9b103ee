"""What every training loop shares: budget, progress, curves, checkpoints, the finished card.

A run lives in a folder of its own: `checkpoint.safetensors` and `checkpoint.json` (weights,
optimizer, random numbers and counters), `curve.json`, `curve.svg`, and at the end
`NAME.safetensors` with its card `NAME.json`. It can be killed at any moment and resumed: with a
budget of iterations it ends with the same weights as if nothing had happened.
"""

from __future__ import annotations

import hashlib
import json
import math
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor
from tqdm import tqdm

from ml.training.checkpoint import (
    Tensors,
    TornCheckpoint,
    read_checkpoint,
    torch_states,
    write_checkpoint,
    write_text,
)
from ml.training.plot import draw_curves
from ml.training.watch import Watch

CHECKPOINT_EVERY = 60.0  # seconds
FORMAT = 2
"""Of what a checkpoint holds: raise it when a loop needs something that older ones lack."""

SAY_EVERY = 2.0  # seconds between two lines of JSON

Values = Mapping[str, float]


class TrainingRefused(Exception):
    """The run cannot start; the message says what to do."""


class TrainingRun:
    """One training run in the folder `out`, with a budget of iterations or of minutes.

    `watch` is told of everything and asked between iterations; with one, nothing is printed.
    Without one, SIGTERM and Ctrl-C end the run after the current iteration when it is used as a
    context manager, and progress goes to stderr, as a bar or as lines of JSON.

    :raises TrainingRefused: if `out` holds a run already and `resume` is false, if there is none
        to resume, if its settings differ, or if no budget is given
    """

    def __init__(
        self, out: Path, kind: str, *, settings: dict[str, Any], seed: int, device: str = "cpu",
        iterations: int | None = None, minutes: float | None = None, resume: bool = False,
        as_json: bool = False, watch: Watch | None = None,
        checkpoint_every: float = CHECKPOINT_EVERY,
    ) -> None:  # fmt: skip
        if iterations is None and minutes is None:
            raise TrainingRefused("Give the run a budget: a number of iterations or of minutes.")
        self.out, self.kind, self.seed, self.device = out, kind, seed, device
        self.settings = {"kind": kind, "seed": seed, **settings}
        self.iteration, self.curve = 0, list[dict[str, float]]()
        self._bands: Mapping[str, Mapping[str, float]] = {}
        self.iterations, self._minutes = iterations, minutes
        self._as_json, self._is_watched = as_json, watch is not None
        self._watch = watch or Watch()
        self._every = checkpoint_every
        self._stopped = self._paused = False
        self._before = 0.0  # seconds of earlier sittings
        self._restored: tuple[dict[str, Tensor], dict[str, Any]] | None = None
        if resume:
            self._restored = self._restore()
        else:
            self._start_anew()
        self._started = self._saved_at = time.monotonic()
        self._said_at = 0.0
        self._bar = tqdm(
            total=100.0, desc=kind, file=sys.stderr, disable=as_json or self._is_watched, unit="%",
            mininterval=1.0, bar_format="{desc} {percentage:3.0f}% |{bar:20}| {postfix}",
        )  # fmt: skip
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> TrainingRun:
        for number in () if self._is_watched else (signal.SIGTERM, signal.SIGINT):
            self._handlers[number] = signal.signal(number, self._told_to_stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._bar.close()

    def _told_to_stop(self, _number: int, _frame: object) -> None:
        self._stopped = True

    @property
    def seconds(self) -> float:
        """Seconds trained so far, earlier sittings included."""
        return self._before + time.monotonic() - self._started

    @property
    def progress(self) -> float:
        """Share of the budget that is used, 0 to 1: what schedules depend on."""
        by_count = self.iteration / self.iterations if self.iterations else 0.0
        by_time = self.seconds / (self._minutes * 60) if self._minutes else 0.0
        return min(1.0, max(by_count, by_time))

    @property
    def stopped(self) -> bool:
        """Whether the run was told to end before its budget was used."""
        return self._stopped

    @property
    def paused(self) -> bool:
        """Whether the run was told to pause: it is not to be finished now."""
        return self._paused

    def goes_on(self) -> bool:
        """Begin the next iteration and return true, or return false when the run ends here."""
        if self.progress >= 1.0:
            return False
        wish = self._watch.wanted()
        self._paused = wish == "pause"
        self._stopped = self._stopped or wish == "finish"
        if self._paused or self._stopped:
            return False
        self.iteration += 1
        return True

    def log(self, **values: float) -> None:
        """Show the values of this iteration."""
        self._watch.on_progress(self.iteration, self.progress, self.seconds, values)
        if self._is_watched:
            return
        text = " ".join(f"{name} {value:.4g}" for name, value in values.items())
        self._bar.n = round(100 * self.progress, 1)
        self._bar.set_postfix_str(f"{self.iteration} {text}", refresh=False)
        self._bar.update(0)
        if self._as_json and time.monotonic() - self._said_at > SAY_EVERY:
            self._said_at = time.monotonic()
            self._say(values)

    def _say(self, values: Values) -> None:
        line = {"iteration": self.iteration, "progress": round(self.progress, 4),
                "seconds": round(self.seconds, 1), **values}  # fmt: skip
        print(json.dumps(line), file=sys.stderr, flush=True)

    def curve_point(self, **values: float) -> None:
        """Add a point to the curves, without what is no number, and write them as JSON and SVG."""
        point = {"iteration": self.iteration, "seconds": round(self.seconds, 1), **values}
        finite = {n: round(v, 5) for n, v in point.items() if math.isfinite(v)}
        self.curve.append(finite)
        self._write_curve()
        self._watch.on_point(finite)
        if self._as_json and not self._is_watched:
            self._say(values)
        elif not self._is_watched:
            shown = " ".join(f"{name} {value:.4f}" for name, value in values.items())
            tqdm.write(f"{self.iteration:7d}  {self.seconds:7.0f} s  {shown}", file=sys.stderr)

    def _write_curve(self) -> None:
        write_text(self.out / "curve.json", json.dumps(self.curve, indent=0))
        write_text(
            self.out / "curve.svg", draw_curves(self.curve, title=self.kind, bands=self._bands)
        )

    @property
    def has_point(self) -> bool:
        """Whether the curves have a point of this iteration already."""
        return bool(self.curve) and self.curve[-1]["iteration"] == self.iteration

    def compared_with(self, reference: Mapping[str, Mapping[str, float]]) -> None:
        """Show the measures of held-out music to whoever watches."""
        self._bands = reference
        self._watch.on_reference(reference)

    def sampled(self, sample: Mapping[str, Any]) -> None:
        """Show a sample to whoever watches."""
        self._watch.on_sample(sample)

    def checkpoint(
        self, tensors: Callable[[], Tensors],
        state: Callable[[], dict[str, Any]] = dict, *, now: bool = False,
    ) -> None:  # fmt: skip
        """Store the run if the last time is `checkpoint_every` seconds ago, or `now`.

        `tensors` returns all that the loop needs to go on (weights, averages, optimizer), `state`
        other JSON values. Torch's own random numbers are stored beside them.
        """
        if not now and time.monotonic() - self._saved_at < self._every:
            return
        about = {"format": FORMAT, "iteration": self.iteration, "seconds": self.seconds,
                 "settings": self.settings, "curve": self.curve, "state": state()}  # fmt: skip
        write_checkpoint(self.out, {**tensors(), **torch_states()}, about, f"{self.iteration}")
        self._saved_at = time.monotonic()
        self._watch.on_checkpoint(self.out)

    def restored(self) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
        """Return the tensors and the state of the checkpoint that is resumed, None if none is."""
        return self._restored

    def _start_anew(self) -> None:
        if (self.out / "checkpoint.json").exists():
            raise TrainingRefused(
                f"There is a run in {self.out} already: go on with it by --resume, "
                "or choose another folder."
            )
        try:
            self.out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TrainingRefused(
                f"The folder {self.out} cannot be made: {error.strerror}."
            ) from None

    def _restore(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        try:
            found = read_checkpoint(self.out)
        except TornCheckpoint:
            raise TrainingRefused(
                f"The checkpoint in {self.out} is torn; start in another folder."
            ) from None
        if found is None:
            raise TrainingRefused(f"There is no run to resume in {self.out}.")
        tensors, about = found
        if about.get("format") != FORMAT:
            raise TrainingRefused(
                f"The run in {self.out} was begun by another version; begin it anew elsewhere."
            )
        if about["settings"] != json.loads(json.dumps(self.settings)):
            raise TrainingRefused(
                f"The run in {self.out} had other settings ({about['settings']}); "
                "resume it with those, or choose another folder."
            )
        self.iteration, self._before, self.curve = (
            about["iteration"], about["seconds"], about["curve"],
        )  # fmt: skip
        self._write_curve()
        return tensors, about["state"]

    def finish(
        self, name: str, tensors: Mapping[str, Tensor], *, technique: str, card: dict[str, Any],
        half: bool = True,
    ) -> dict[str, Any]:  # fmt: skip
        """Write `NAME.safetensors` (floats as fp16 if `half`) and its card; return the card."""
        file = self.out / f"{name}.safetensors"
        stored = {n: _stored(t, half) for n, t in tensors.items()}
        save_file(stored, file.with_suffix(".part"))
        file.with_suffix(".part").replace(file)
        about = {
            "name": name, "technique": technique,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "parameters": sum(t.numel() for t in stored.values()),
            "seed": self.seed, "git_commit": _git_commit(),
            "trained": {
                "device": self.device, "iterations": self.iteration,
                "minutes": round(self.seconds / 60, 1), "torch": torch.__version__,
                "complete": self.progress >= 1.0, "settings": self.settings,
            },
            "curves": self.curve,
            **card,
        }  # fmt: skip
        write_text(self.out / f"{name}.json", json.dumps(about, indent=1) + "\n")
        return about


def choose_device(wanted: str) -> str:
    """Return `cpu` or `cuda` for `auto`, and any other name as it is."""
    if wanted != "auto":
        return wanted
    return "cuda" if torch.cuda.is_available() else "cpu"


def _stored(tensor: Tensor, half: bool) -> Tensor:
    plain = tensor.detach().cpu().contiguous()
    return plain.half() if half and plain.is_floating_point() else plain


def _git_commit() -> str:
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True,  # noqa: S607
            cwd=Path(__file__).parent,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()
