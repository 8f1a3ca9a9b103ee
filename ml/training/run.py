"""What every training loop shares: budget, progress, curves, checkpoints, the finished card.

A run lives in a folder of its own: `checkpoint.safetensors` and `checkpoint.json` (weights,
optimizer and counters, written together), `curve.json`, `curve.svg`, and at the end
`NAME.safetensors` with its card `NAME.json`. It can be stopped at any moment and resumed.
"""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from tqdm import tqdm

from ml.training.plot import draw_curves

CHECKPOINT_EVERY = 60.0  # seconds
SAY_EVERY = 2.0  # seconds between two lines of JSON

Values = Mapping[str, float]


class TrainingRefused(Exception):
    """The run cannot start; the message says what to do."""


class TrainingRun:
    """One training run in the folder `out`, with a budget of iterations or of minutes.

    `stop` is asked between iterations; SIGTERM and Ctrl-C end the run after the current one when
    it is used as a context manager. `say` receives every line of progress in JSON mode.

    :raises TrainingRefused: if `out` holds a run already and `resume` is false, if there is none
        to resume, if its settings differ, or if no budget is given
    """

    def __init__(
        self, out: Path, kind: str, *, settings: dict[str, Any], seed: int, device: str = "cpu",
        iterations: int | None = None, minutes: float | None = None, resume: bool = False,
        as_json: bool = False, stop: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        if iterations is None and minutes is None:
            raise TrainingRefused("Give the run a budget: a number of iterations or of minutes.")
        self.out, self.kind, self.seed, self.device = out, kind, seed, device
        self.settings = {"kind": kind, "seed": seed, **settings}
        self.iteration, self.curve = 0, list[dict[str, float]]()
        self._iterations, self._minutes, self._as_json, self._stop = (
            iterations, minutes, as_json, stop,
        )  # fmt: skip
        self._stopped = False
        self._before = 0.0  # seconds of earlier sittings
        self._restored: tuple[dict[str, Tensor], dict[str, Any]] | None = None
        if resume:
            self._restored = self._restore()
        else:
            self._start_anew()
        self._started = self._saved_at = time.monotonic()
        self._said_at = 0.0
        self._bar = tqdm(
            total=100.0, desc=kind, file=sys.stderr, disable=as_json, unit="%", mininterval=1.0,
            bar_format="{desc} {percentage:3.0f}% |{bar:20}| {postfix}",
        )  # fmt: skip
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> TrainingRun:
        for number in (signal.SIGTERM, signal.SIGINT):
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
        by_count = self.iteration / self._iterations if self._iterations else 0.0
        by_time = self.seconds / (self._minutes * 60) if self._minutes else 0.0
        return min(1.0, max(by_count, by_time))

    @property
    def stopped(self) -> bool:
        """Whether the run was told to end before its budget was used."""
        return self._stopped

    def goes_on(self) -> bool:
        """Begin the next iteration and return true, or return false when the run is over."""
        if self._stopped or self._stop():
            self._stopped = True
            return False
        if self.progress >= 1.0:
            return False
        self.iteration += 1
        return True

    def log(self, **values: float) -> None:
        """Show the values of this iteration."""
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
        """Add a point to the curves, and write them as JSON and SVG."""
        point = {"iteration": self.iteration, "seconds": round(self.seconds, 1), **values}
        self.curve.append({name: round(value, 5) for name, value in point.items()})
        _write(self.out / "curve.json", json.dumps(self.curve, indent=0))
        _write(self.out / "curve.svg", draw_curves(self.curve, title=self.kind))
        if self._as_json:
            self._say(values)
        else:
            shown = " ".join(f"{name} {value:.4f}" for name, value in values.items())
            tqdm.write(f"{self.iteration:7d}  {self.seconds:7.0f} s  {shown}", file=sys.stderr)

    def checkpoint(
        self, tensors: Callable[[], Mapping[str, Tensor]], state: dict[str, Any] | None = None,
        *, now: bool = False,
    ) -> None:  # fmt: skip
        """Store the run if the last time is a minute ago, or `now`.

        `tensors` returns all that the loop needs to go on (weights, averages, optimizer), `state`
        other JSON values. The two files carry the same stamp; a torn pair is never resumed.
        """
        if not now and time.monotonic() - self._saved_at < CHECKPOINT_EVERY:
            return
        found = {name: t.detach().cpu().contiguous() for name, t in tensors().items()}
        stamp = f"{self.iteration}"
        file = self.out / "checkpoint.safetensors"
        save_file(found, file.with_suffix(".part"), metadata={"stamp": stamp})
        about = {"stamp": stamp, "iteration": self.iteration, "seconds": self.seconds,
                 "settings": self.settings, "curve": self.curve, "state": state or {}}  # fmt: skip
        _write(self.out / "checkpoint.json.next", json.dumps(about))
        file.with_suffix(".part").replace(file)
        (self.out / "checkpoint.json.next").replace(self.out / "checkpoint.json")
        self._saved_at = time.monotonic()

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
        about_file, next_file = self.out / "checkpoint.json", self.out / "checkpoint.json.next"
        weights = self.out / "checkpoint.safetensors"
        if not weights.exists():
            raise TrainingRefused(f"There is no run to resume in {self.out}.")
        stamp = _stamp_of(weights)
        for file in (about_file, next_file):  # a stop between the two renames leaves `next`
            if file.exists() and (about := json.loads(file.read_text()))["stamp"] == stamp:
                break
        else:
            raise TrainingRefused(f"The checkpoint in {self.out} is torn; start in another folder.")
        if about["settings"] != json.loads(json.dumps(self.settings)):
            raise TrainingRefused(
                f"The run in {self.out} had other settings ({about['settings']}); "
                "resume it with those, or choose another folder."
            )
        self.iteration, self._before, self.curve = (
            about["iteration"], about["seconds"], about["curve"],
        )  # fmt: skip
        return load_file(weights), about["state"]

    def finish(
        self, name: str, tensors: Mapping[str, Tensor], *, technique: str, card: dict[str, Any],
        half: bool = True,
    ) -> dict[str, Any]:  # fmt: skip
        """Write `NAME.safetensors` (floats as fp16 if `half`) and its card; return the card."""
        file = self.out / f"{name}.safetensors"
        stored = {n: _stored(t, half) for n, t in tensors.items()}
        save_file(stored, file)
        about = {
            "name": name, "technique": technique,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "parameters": sum(t.numel() for t in stored.values()),
            "seed": self.seed, "git_commit": _git_commit(),
            "trained": {
                "device": self.device, "iterations": self.iteration,
                "minutes": round(self.seconds / 60, 1), "torch": torch.__version__,
                "complete": not self._stopped, "settings": self.settings,
            },
            "curves": self.curve,
            **card,
        }  # fmt: skip
        _write(self.out / f"{name}.json", json.dumps(about, indent=1) + "\n")
        return about


def flatten_optimizer(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Return an optimizer's state as tensors by name; `restore_optimizer` reads it back."""
    return {
        f"optimizer.{number}.{key}": value if isinstance(value, Tensor) else torch.tensor(value)
        for number, entry in optimizer.state_dict()["state"].items()
        for key, value in entry.items()
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Give an optimizer the state that `flatten_optimizer` returned."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimizer."):
            _, number, key = name.split(".", 2)
            state.setdefault(int(number), {})[key] = tensor
    whole = optimizer.state_dict()
    optimizer.load_state_dict({**whole, "state": state})


def choose_device(wanted: str) -> str:
    """Return `cpu` or `cuda` for `auto`, and any other name as it is."""
    if wanted != "auto":
        return wanted
    return "cuda" if torch.cuda.is_available() else "cpu"


def _stored(tensor: Tensor, half: bool) -> Tensor:
    plain = tensor.detach().cpu().contiguous()
    return plain.half() if half and plain.is_floating_point() else plain


def _stamp_of(file: Path) -> str:
    from safetensors import safe_open

    with safe_open(file, framework="pt") as opened:
        return str((opened.metadata() or {}).get("stamp"))


def _git_commit() -> str:
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True,  # noqa: S607
            cwd=Path(__file__).parent,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


def _write(file: Path, text: str) -> None:
    part = file.with_name(file.name + ".part")
    part.write_text(text)
    part.replace(file)
