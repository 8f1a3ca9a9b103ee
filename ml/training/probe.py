"""How fast this machine trains: a few real iterations on made-up music.

`python -m ml.training.probe` prints the table that `ml.training.presets` holds.
"""

from __future__ import annotations

import importlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from ml.data.grids import N_DRUMS, GridPiece, Side, store
from ml.training.presets import WARM_SHARE, Settings
from ml.training.watch import Watch

ITERATIONS = 10
N_VALID = 24  # pieces: as many as an ordinary data set holds out


class _Clock(Watch):
    """Notes the processor time of every iteration and of the point at the end."""

    def __init__(self) -> None:
        self.times = [time.process_time()]
        self.point = 0.0

    def on_progress(self, *_: object) -> None:
        self.times.append(time.process_time())

    def on_point(self, point: Mapping[str, float]) -> None:
        self.point = time.process_time() - self.times[-1]


def measure(kind: str, settings: Settings) -> float:
    """Return iterations per second of one core with these settings, points included.

    Takes the time of about ten iterations; the weights that a run may begin from are not read.
    """
    found = measured(kind, settings)
    return 1 / (found["iteration"] + found["point"] / float(settings["points_every"]))


def measured(kind: str, settings: Settings) -> dict[str, float]:
    """Return seconds of processor time: per `iteration` over a whole run, and per `point`.

    Of a GAN also per iteration of either part, `warm` and `against`.
    """
    clock = _Clock()
    module = importlib.import_module(f"ml.training.{kind}")
    own = {name: value for name, value in settings.items() if name != "begin_from"}
    with TemporaryDirectory() as name:
        folder = Path(name)
        store("chorale", _music(), folder=folder)
        module.train(
            style="chorale", data=None, out=folder / "run", minutes=None, seed=1, resume=False,
            device="cpu", as_json=True, prepared=folder, watch=clock, checkpoint_every=1e9,
            **own | {"iterations": ITERATIONS, "points_every": 10**9},
        )  # fmt: skip
    each = np.diff(clock.times)
    if kind != "gan":
        return {"iteration": float(np.median(each[2:])), "point": clock.point}
    warm_until = int(ITERATIONS * WARM_SHARE) - 1  # the critic learns beside the fourth
    warm, against = float(np.min(each[1:warm_until])), float(np.median(each[warm_until + 2 :]))
    critic = max(0.0, float(each[warm_until]) - warm) / 4
    mean = WARM_SHARE * (warm + critic) + (1 - WARM_SHARE) * against
    return {"iteration": mean, "warm": warm, "against": against, "point": clock.point}


def _music() -> list[tuple[Side, GridPiece]]:
    """Return chords in four voices that move on every beat."""
    dice = np.random.default_rng(0)
    sides: list[Side] = ["valid" if n < N_VALID else "train" for n in range(N_VALID + 8)]
    return [(side, _piece(f"{n}", dice)) for n, side in enumerate(sides)]


def _piece(name: str, dice: np.random.Generator, steps: int = 256) -> GridPiece:
    chords = np.array([72, 67, 60, 48]) + dice.integers(-4, 5, (steps // 4, 4))
    pitch = np.repeat(chords, 4, axis=0).astype(np.int8)
    at = np.arange(steps)
    strike = np.repeat((at % 4 == 0)[:, None], 4, axis=1)
    return GridPiece(
        name, "chorale", pitch, strike, (at % 16).astype(np.uint8),
        np.full(steps, 16, np.uint8), np.zeros((0, N_DRUMS), np.bool_), 100.0, 0,
    )  # fmt: skip


def _table() -> dict[str, Any]:
    """Return what `presets` holds: seconds by algorithm and size, at two sizes of a batch."""
    found: dict[str, Any] = {}
    for algorithm in ("unet", "musegan"):
        for size in ("small", "medium", "shipped"):
            for batch in (8, 32):
                for critic in (1, 3):
                    settings = {"algorithm": algorithm, "size": size, "batch_size": batch,
                                "critic_updates": critic, "points_every": 1}  # fmt: skip
                    found[f"{algorithm} {size} {batch} {critic}"] = measured("gan", settings)
    for kind in ("ar_cnn", "transformer"):
        found[kind] = measured(kind, {"size": "shipped", "points_every": 1})
    return found


if __name__ == "__main__":
    import torch

    torch.set_num_threads(1)
    print(json.dumps(_table(), indent=1))
