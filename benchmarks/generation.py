"""How fast the three techniques are, beside AWS's networks at their sizes. Prints JSON; one core.

Both sides do the same musical task: accompany eight bars, edit eight bars in 100 iterations,
extend eight bars by 30 seconds. The peers have random weights, which costs the same time; they
are run as their sample code runs them (`benchmarks.peers`): two bars of accompaniment a pass, one
cell flipped a pass, the memory projected anew at every token. Times are processor time on one
thread (`ml.evaluation.speed`), so that other work on the machine falls out of the comparison.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import torch

from benchmarks.peers import ar_cnn, gan, transformer_xl
from benchmarks.report import show
from ml.evaluation.speed import batched, median_seconds, memory_limit, task, warm
from ml.models import Models, generate
from ml.models.store import weights
from ml.music import Song
from ml.music.song import seconds_at
from ml.techniques import SHIPPED, parse

PEER_PASSES = 20  # of the editor's 100: each costs the same
ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure and print."""
    torch.set_num_threads(1)
    models = Models()
    figures = {
        "accompany_8_bars": compared("accompany", models, accompany_by_peer()),
        "edit_100_iterations_8_bars": compared("edit", models, edit_by_peer()),
        "extend_30_s": compared("extend", models, extend_by_peer(models)),
        "extend_32_jobs_per_s": rounded(batched(models)),
        "extend_frame_against_memory": rounded(memory_limit(models)),
        "cold_worker": {technique: rounded(cold_worker(technique)) for technique in SHIPPED},
    }
    show("generation", figures)


def compared(technique: str, models: Models, peer: dict[str, Any]) -> dict[str, Any]:
    """Return our median time and size beside the peer's, and the ratios."""
    ours = warm(technique, models)
    sizes = {name: size(name) for name in SHIPPED[technique]}
    return {
        "ours_ms": round(1000 * ours, 1),
        "ours_parameters": sizes,
        "peer_ms": round(1000 * peer["seconds"], 1),
        "peer_parameters": peer["parameters"],
        "times_faster": round(peer["seconds"] / ours, 1),
        "times_smaller": round(peer["parameters"] / max(sizes.values()), 1),
    }


def size(name: str) -> int:
    """Return how many numbers a weight file holds."""
    return sum(tensor.numel() for tensor in weights(name)[0].values())


def accompany_by_peer() -> dict[str, Any]:
    """Return the seconds and the parameters of AWS's GAN for eight bars."""
    net = gan.Generator().eval()
    return {"seconds": median_seconds(lambda: gan.accompany(net, bars=8)),
            "parameters": gan.TRAINABLE}  # fmt: skip


def edit_by_peer() -> dict[str, Any]:
    """Return the seconds and the parameters of AWS's AR-CNN for 100 iterations on eight bars."""
    net = ar_cnn.UNet().eval()
    part = median_seconds(lambda: ar_cnn.edit(net, iterations=PEER_PASSES), runs=3)
    return {"seconds": part * 100 / PEER_PASSES, "parameters": ar_cnn.TRAINABLE}


def extend_by_peer(models: Models) -> dict[str, Any]:
    """Return the seconds and the parameters of AWS's Transformer for 30 seconds of music.

    It is given as many events as our own extension has, which favors neither side.
    """
    song, values = task("extend")
    found = generate("extend", song, parse("extend", values), seed=1, models=models)
    events = transformer_xl.event_count(*times_after(found.song, song.end_tick))
    seconds = transformer_xl.seconds_for(transformer_xl.TransformerXL().eval(), events)
    return {"seconds": seconds, "parameters": transformer_xl.PARAMETERS}


def times_after(song: Song, tick: int) -> tuple[list[float], list[float]]:
    """Return when the notes that begin at or after a tick begin and end, in seconds."""
    spans = [
        (start, end)
        for track in song.tracks
        for start, end in zip(track.notes.start.tolist(), track.notes.end.tolist(), strict=True)
        if start >= tick
    ]
    starts, ends = ([seconds_at(song.tempos, s[side]) for s in spans] for side in (0, 1))
    return starts, ends


def cold_worker(technique: str) -> dict[str, float]:
    """Return seconds from a worker process's start to its first result, and its memory in MB.

    Unlike `ml.evaluation.speed.cold`, the process also holds the site's worker: Django, Celery,
    the handlers of all kinds of jobs.
    """
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _WORKER, technique], env=environment, cwd=ROOT,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "peak_mb": float(json.loads(done.stdout.splitlines()[-1]))}


_WORKER = """
import json, sys
import django
django.setup()
import workers.celery, workers.handlers, workers.tasks
from ml.evaluation.speed import peak_megabytes, small_job
small_job(sys.argv[1])
print(json.dumps(peak_megabytes()))
"""


def rounded(values: dict[str, float]) -> dict[str, float]:
    """Return figures with three decimals."""
    return {name: round(value, 3) for name, value in values.items()}


if __name__ == "__main__":
    main()
