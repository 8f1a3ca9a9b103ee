"""What is written about a GAN's weights: its card."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ml.training.card import OWN_LICENCE

LICENCE = (
    "The weights are under this project's licence. The scores of Bach, Monteverdi, Haydn, Mozart "
    "and Beethoven are in the public domain; their encodings come with music21, distributed with "
    "the permission of the encoders. Freedoom's music is under a modified BSD licence."
)

LIMITS = (
    "It hears four bars at a time; two phrases of a piece know of each other only where their "
    "windows overlap.",
    "It writes parallel fifths and octaves far more often than Bach.",
    "A melody is read in 16ths: triplets and grace notes are rounded for the model's ear.",
    "Other tracks of the song are kept but not heard.",
    "Arcade, drums included, was learned from 47 pieces of one game: expect rock and ambient.",
)

NAMES = {
    "chorale": "chorales of Bach", "madrigal": "madrigals of Monteverdi",
    "quartet": "quartet movements of Haydn, Mozart and Beethoven",
    "arcade": "pieces of the game Freedoom",
}  # fmt: skip


def about_folder(folder: Path, n_train: int, n_valid: int, split: str) -> dict[str, Any]:
    """Return the card's lines on a folder of a musician's own files."""
    return {
        "data": f"{n_train} grids of MIDI files in {folder.name}, {n_valid} more to watch the run.",
        "split_sha256": split,
        "licence": OWN_LICENCE,
    }


def command_of(
    settings: Mapping[str, Any], data: Path | None, *, iterations: int | None,
    minutes: float | None, seed: int,
) -> str:  # fmt: skip
    """Return the command that repeats a run."""
    source = f"--data {shlex.quote(data.name)} " if data else ""
    budget = f"--iterations {iterations}" if iterations else f"--minutes {minutes:g}"
    return (
        f"python -m ml train gan {source}--style {settings['style']} "
        f"--algorithm {settings['algorithm']} --size {settings['size']} "
        f"--learning-rate {settings['learning_rate']:g} --batch-size {settings['batch_size']} "
        f"--critic-updates {settings['critic_updates']} "
        f"--points-every {settings['points_every']} --out DIR {budget} --seed {seed}"
    )
