"""What is written about the extender's weights: their card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ml.data.grids import FOLDER
from ml.training.card import OWN_LICENCE, about_corpora

LICENCE = (
    "The weights are under this project's licence. The scores of Bach, Monteverdi, Haydn, Mozart "
    "and Beethoven and the dance tunes are in the public domain; their encodings come with "
    "music21, distributed with the permission of the encoders. Freedoom's music is under a "
    "modified BSD licence."
)

LIMITS = (
    "It hears the last 256 sixteenth notes (16 bars of 4/4) and plans no form beyond them.",
    "It writes four voices at most, on a grid of 16ths: no triplets, no grace notes; of a song of "
    "more voices the rest ends where it ended.",
    "Chorales are what it knows best. The other styles were learned beside them, arcade from 47 "
    "pieces of one game.",
    "It knows no ending: what it writes goes on until the time is up.",
    "Drums are not written: they go on with the bar that they played most.",
)

_NAMES = {
    "chorale": "files of Bach's chorales", "madrigal": "madrigals of Monteverdi",
    "quartet": "quartet movements of Haydn, Mozart and Beethoven",
    "dance": "books and sheets of dance tunes (Ryan, O'Neill, Aird, and others)",
    "arcade": "pieces of the game Freedoom",
}  # fmt: skip


def about(
    styles: Sequence[str], data: Path | None, n_train: int, *, folder: Path = FOLDER
) -> dict[str, Any]:
    """Return the card's lines on data, split, licence and limits."""
    if data is not None:
        lines = {"data": f"{n_train} grids of MIDI files in {data.name}.", "licence": OWN_LICENCE}
    else:
        lines = about_corpora(styles, _NAMES, LICENCE, folder=folder)
    return {**lines, "limits": list(LIMITS), "figures": {}}
