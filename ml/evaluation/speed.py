"""How fast the techniques are: warm, from nothing, and many at once. One thread.

Times are seconds of processor time, which one idle core takes by the clock and which do not
change much when others use the machine; only the cold start is by the clock.

The task of each is the one that AWS's studio set: accompany or edit eight bars, extend by 30
seconds. The piece is written here, so that the figures need no data.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ml.evaluation.figures import figure
from ml.models import Models, generate, generate_many
from ml.models.store import weights
from ml.music import TICKS_PER_BEAT, Notes, Song, Track
from ml.music.voices import STEPS_PER_BEAT
from ml.techniques import Generated, GenerationRefused, parse

RUNS = 7
JOBS = 32
COLD_RUNS = 3
ITERATIONS = 100
TECHNIQUE = {"gan": "accompany", "ar_cnn": "edit", "transformer": "extend"}

_CHORDS = ((72, 67, 64, 48), (72, 69, 65, 53), (74, 71, 67, 55), (76, 67, 60, 48),
           (74, 69, 65, 50), (72, 69, 64, 57), (71, 67, 62, 55), (72, 67, 64, 48))  # fmt: skip
_NAMES = ("Soprano", "Alto", "Tenor", "Bass")


def eight_bars(*, voices: int = 4) -> Song:
    """Return eight bars of 4/4 at 120 beats a minute: a chorale in quarters with passing notes."""
    tracks = []
    for voice in range(voices):
        pitch = [
            c[voice] + step for c in _CHORDS for step in ((0, 0, 2, 0) if voice == 0 else (0,))
        ]
        length = TICKS_PER_BEAT * (1 if voice == 0 else 4)
        start = np.arange(len(pitch)) * length
        notes = Notes.tidy(pitch, start, [length] * len(pitch), [80] * len(pitch))
        tracks.append(Track(_NAMES[voice], 0, False, notes))
    return Song(tuple(tracks))


def task(technique: str) -> tuple[Song, dict[str, Any]]:
    """Return the song and the parameters by which a technique is timed."""
    if technique == "accompany":
        return eight_bars(voices=1), {}
    if technique == "edit":
        return eight_bars(voices=1), {"sampling_iterations": ITERATIONS}
    return eight_bars(), {"extension_duration": 30}


def median_seconds(work: Callable[[], object], *, runs: int = RUNS) -> float:
    """Return the median processor time of a call in seconds, after one call to warm up."""
    work()
    taken = []
    for _ in range(runs):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def warm(technique: str, models: Models, *, runs: int = RUNS, **values: Any) -> float:
    """Return the median seconds of a technique's task, the model loaded.

    An editor that is done before its last iteration is charged for all of them.
    """
    song, usual = task(technique)
    parameters = parse(technique, {**usual, **values})
    outcomes = list[Generated]()
    seconds = median_seconds(
        lambda: outcomes.append(generate(technique, song, parameters, seed=1, models=models)),
        runs=runs,
    )
    if technique != "edit":
        return seconds
    return seconds * ITERATIONS / int(outcomes[-1].details["iterations"])


def batched(models: Models, *, jobs: int = JOBS, runs: int = 3) -> dict[str, float]:
    """Return the throughput of extend jobs one by one and in one batch, in jobs a second.

    One by one is measured on a few jobs, since they all cost the same.
    """
    song, values = task("extend")
    parameters = parse("extend", values)
    alone = warm("extend", models, runs=runs)
    requests = [(song, parameters, number) for number in range(jobs)]
    began = time.process_time()
    outcomes = generate_many("extend", requests, models=models)
    together = time.process_time() - began
    if any(isinstance(outcome, GenerationRefused) for outcome in outcomes):
        raise RuntimeError("A job of the batch was refused.")
    return {"one_by_one": 1 / alone, "batched": jobs / together, "ratio": alone * jobs / together}


def memory_limit(models: Models, *, runs: int = RUNS) -> dict[str, float]:
    """Return how far `extend` is from the speed at which its weights can be read, for one frame.

    A decoder that makes one frame at a time has to read every weight for it. `limit_ms` is the
    time of a product of a vector with a matrix as large as the float32 weights, `frame_ms` that
    of a frame of the 30-second task, `times` their ratio.
    """
    import torch

    song, values = task("extend")
    tensors, _ = weights("transformer", models.folder)
    count = sum(tensor.numel() for tensor in tensors.values())
    matrix, vector = torch.ones(count // 512, 512), torch.ones(512)
    limit = median_seconds(lambda: torch.mv(matrix, vector), runs=50)
    beats = values["extension_duration"] * 1e6 / song.tempos[0].us_per_beat
    frame = warm("extend", models, runs=runs) / (beats * STEPS_PER_BEAT)
    return {"limit_ms": 1000 * limit, "frame_ms": 1000 * frame, "times": frame / limit}


def cold(technique: str) -> dict[str, float]:
    """Return seconds from the start of a process to its first result, and its peak memory in MB.

    The process imports, loads and checks the weights, and does a small job. The fastest of three
    starts counts, so that reading files from a cold disk does not.
    """
    return min((_cold(technique) for _ in range(COLD_RUNS)), key=lambda found: found["seconds"])


def _cold(technique: str) -> dict[str, float]:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _COLD, technique], capture_output=True, text=True, check=True,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "megabytes": float(json.loads(done.stdout))}


_COLD = """
import json, sys
from ml.evaluation.speed import peak_megabytes, small_job
small_job(sys.argv[1])
print(json.dumps(peak_megabytes()))
"""


def peak_megabytes() -> float:
    """Return the largest memory that this process has had resident, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux: `getrusage` would count what the parent had when it forked
        (line,) = [s for s in status.read_text().splitlines() if s.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2  # bytes on macOS


_SMALL = {"accompany": {}, "edit": {"sampling_iterations": 1}, "extend": {"extension_duration": 1}}


def small_job(technique: str, models: Models | None = None) -> None:
    """Run the smallest job of a technique: what a new process does first."""
    song, _ = task(technique)
    parameters = parse(technique, _SMALL[technique])
    generate(technique, song, parameters, seed=1, models=models or Models())


_WARM = {
    "accompany": ("accompany_8_bars_s", "Seconds to accompany eight bars", 0.2, 0.05),
    "edit": (
        "edit_100_iterations_8_bars_s",
        "Seconds for 100 iterations on a melody of eight bars",
        4.0,
        1.5,
    ),
    "extend": ("extend_30_s_s", "Seconds to extend eight bars by 30 seconds", 2.0, 0.7),
}


def speed_rows(kind: str, *, quick: bool = False, **values: Any) -> dict[str, dict[str, Any]]:
    """Return the figures of speed for a model, with some parameters, as rows of its evaluation.

    :raises ModelUnavailable: if its weights are missing or damaged
    """
    technique, models = TECHNIQUE[kind], Models()
    name, what, must, aim = _WARM[technique]
    runs = 3 if quick else RUNS
    rows = {
        name: figure(
            warm(technique, models, runs=runs, **values),
            f"{what}: processor time, warm, one thread, median of {runs} runs, Song to Song.",
            must=must, aim=aim,
        )
    }  # fmt: skip
    start = cold(technique)
    rows["cold_start_s"] = figure(
        start["seconds"],
        "Seconds by the clock from a process's start to its first small result, best of three.",
        must=6.0, aim=3.0,
    )  # fmt: skip
    rows["memory_mb"] = figure(
        start["megabytes"], "Peak resident memory of that process in MB.", must=900.0, aim=500.0
    )
    if kind == "transformer" and not quick:
        rows |= _extend_rows(models)
    return rows


def _extend_rows(models: Models) -> dict[str, dict[str, Any]]:
    return {
        "batched_32_ratio": figure(
            batched(models)["ratio"],
            f"Throughput of {JOBS} extensions of 30 seconds as one batch, against one by one, on "
            "one core.",
            must=3.0,
            aim=5.0,
            higher_is_better=True,
        ),
        "times_the_memory_limit": figure(
            memory_limit(models)["times"],
            "Time of a frame of the extension, over the time in which one core reads a matrix of "
            "the weights' size.",
            record=1.5,
        ),
    }
