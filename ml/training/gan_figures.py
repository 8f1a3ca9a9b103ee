"""What a GAN run is watched by: musical measures on held-out melodies, and samples to play."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from ml.evaluation.measures import cell_difference
from ml.evaluation.window_measures import window_figures
from ml.models.gan_dice import Heat, throw
from ml.models.gan_grid import SILENT, sounding_rows
from ml.models.gan_nets import Generator
from ml.music.voices import spans
from ml.training.checkpoint import write_text
from ml.training.gan_batches import Batch

N_SHOWN = 3

Pitches = npt.NDArray[np.int64]


def grids_of_windows(batch: Batch, classes: npt.NDArray[np.int64]) -> tuple[Pitches, Pitches]:
    """Return pitches and strikes (B, T, 4), highest voice first, of classes (B, K, T)."""
    rows, strike = sounding_rows(classes)
    melody, begins = batch.given.melody.cpu().numpy(), batch.given.strike.cpu().numpy()
    every = np.concatenate([melody[:, None], rows[:, ::-1]], axis=1)
    struck = np.concatenate([begins[:, None], strike[:, ::-1]], axis=1)
    base = batch.base.cpu().numpy()[:, None, None]
    pitch = np.where(every == SILENT, SILENT, every + base)
    return pitch.swapaxes(1, 2), struck.swapaxes(1, 2)


@torch.no_grad()
def drawn_classes(
    generator: Generator, batch: Batch, seed: int, heat: Heat
) -> npt.NDArray[np.int64]:
    """Return the classes (B, K, T) that a generator draws for a batch's melodies."""
    dice = throw(generator.config.z_total, len(batch.given), torch.Generator().manual_seed(seed))
    drawn = generator(batch.given, dice.to(batch.base.device), heat=heat, wants_gradient=False)
    return np.asarray(drawn.classes.argmax(dim=-1).cpu().numpy())


def generated_figures(generator: Generator, batch: Batch, heat: Heat) -> dict[str, float]:
    """Return `window_figures` of one draw, and how far two draws differ."""
    one, other = (
        grids_of_windows(batch, drawn_classes(generator, batch, seed, heat))[0] for seed in (1, 2)
    )
    apart = [cell_difference([a[:, 1:], b[:, 1:]]) for a, b in zip(one, other, strict=True)]
    return {**window_figures(list(one)), "seeds_differ": float(np.mean(apart))}


@dataclass
class Samples:
    """What the generator plays to the same melodies with the same noise, over the iterations.

    Written as `{"melodies": […], "samples": [{"iteration", "windows": […]}, …]}`; every window is
    a list of `[voice, first step, steps, pitch]` with voice 0 the melody, 3 the bass.
    """

    file: Path
    seen: list[dict[str, Any]] = field(default_factory=list)
    melodies: list[list[list[int]]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return what the file holds, as JSON values."""
        return {"steps_per_beat": 4, "melodies": self.melodies, "samples": self.seen}

    def restore(self, values: Mapping[str, Any]) -> None:
        """Go on from what `as_dict` returned, and write the file."""
        self.melodies, self.seen = values["melodies"], values["samples"]
        self._write()

    def take(
        self, iteration: int, generator: Generator, batch: Batch, heat: Heat
    ) -> dict[str, Any]:
        """Add a sample, write the file, and return what is new in it."""
        shown = batch.part(slice(0, N_SHOWN))
        pitch, strike = grids_of_windows(shown, drawn_classes(generator, shown, 1, heat))
        windows = [_notes(*window) for window in zip(pitch, strike, strict=True)]
        added = [[note for note in window if note[0] > 0] for window in windows]
        sample: dict[str, Any] = {"iteration": iteration, "windows": added}
        self.seen.append(sample)
        if not self.melodies:
            self.melodies = [[note for note in window if note[0] == 0] for window in windows]
            sample = {**self.as_dict(), **sample}
            del sample["samples"]
        self._write()
        return sample

    def _write(self) -> None:
        write_text(self.file, json.dumps(self.as_dict(), separators=(",", ":")))


def _notes(pitch: Pitches, strike: npt.NDArray[Any]) -> list[list[int]]:
    columns = spans(pitch.astype(np.int16), strike.astype(np.bool_))
    return [[int(v) for v in row] for row in zip(*columns, strict=True)]
