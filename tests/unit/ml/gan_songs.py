"""A GAN with weights that were never trained, and songs for it: what its tests begin with."""

import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from ml.data.grids import REST, GridPiece
from ml.models.gan import ALGORITHMS, Accompanist
from ml.models.gan_nets import Generator
from ml.music import Notes, Song, TempoChange, TimeSignature, Track
from ml.training.gan_sizes import config_of

BEAT = 480


def tiny_accompanist(folder: Path) -> Accompanist:
    """Write random weights with their cards into a folder, and return the accompanist of it."""
    for algorithm in ALGORITHMS:
        config = config_of("tiny", algorithm)
        torch.manual_seed(3)
        file = folder / f"gan_{algorithm}.safetensors"
        save_file(dict(Generator(config).state_dict()), file)
        card = {
            "technique": "accompany", "config": config.as_dict(),
            "heat": {"pitch": 1.0, "rhythm": 1.0},
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        }  # fmt: skip
        (folder / f"gan_{algorithm}.json").write_text(json.dumps(card))
    return Accompanist(folder)


def melody(
    *, pitch: int = 67, beats: int = 32, meter: tuple[int, int] = (4, 4), name: str = "Tune",
    step: int = BEAT,
) -> Song:  # fmt: skip
    """Return a melody that walks up and down a scale from `pitch`, one note each `step` ticks."""
    start = np.arange(0, beats * BEAT, step)
    walk = np.array([0, 2, 4, 5, 7, 5, 4, 2])[np.arange(len(start)) % 8]
    high = np.clip(pitch + walk, 0, 127)
    notes = Notes.tidy(high, start, np.full(len(start), step), np.full(len(start), 90))
    return Song(
        (Track(name, 0, is_drum=False, notes=notes),), (TempoChange(0, 400_000),),
        (TimeSignature(0, *meter),),
    )  # fmt: skip


def grid_piece(
    name: str = "piece", *, steps: int = 128, seed: int = 0, style: str = "chorale",
    bar_steps: int = 16,
) -> GridPiece:  # fmt: skip
    """Return a piece of chords that change on every beat, with a few rests."""
    dice = np.random.default_rng(seed)
    n_beats = -(-steps // 4)
    root = dice.integers(0, 5, n_beats)
    chords = np.array([67, 64, 60, 48]) + root[:, None]
    chords[dice.random((n_beats, 4)) < 0.03] = REST
    pitch = np.repeat(chords, 4, axis=0)[:steps].astype(np.int8)
    strike = np.zeros((steps, 4), dtype=np.bool_)
    strike[::4] = pitch[::4] != REST
    has_drums = style == "arcade"
    drums = np.zeros((steps if has_drums else 0, 9), dtype=np.bool_)
    drums[::4, 0] = True
    position = (np.arange(steps) % bar_steps).astype(np.uint8)
    lengths = np.full(steps, bar_steps, dtype=np.uint8)
    return GridPiece(name, style, pitch, strike, position, lengths, drums, 90.0, 0)
