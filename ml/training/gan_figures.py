"""What a GAN run is watched by: musical measures on held-out melodies, and samples to play."""

from __future__ import annotations

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
from ml.training.gan_batches import Batch
from ml.training.samples import N_SHOWN, Rows

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


def played(generator: Generator, batch: Batch, heat: Heat) -> tuple[list[Rows], list[Rows]]:
    """Return the melodies of the first windows, and what the generator adds to them."""
    shown = batch.part(slice(0, N_SHOWN))
    pitch, strike = grids_of_windows(shown, drawn_classes(generator, shown, 1, heat))
    windows = [_notes(*window) for window in zip(pitch, strike, strict=True)]
    melodies = [[note for note in window if note[0] == 0] for window in windows]
    return melodies, [[note for note in window if note[0] > 0] for window in windows]


def _notes(pitch: Pitches, strike: npt.NDArray[Any]) -> list[list[int]]:
    columns = spans(pitch.astype(np.int16), strike.astype(np.bool_))
    return [[int(v) for v in row] for row in zip(*columns, strict=True)]
