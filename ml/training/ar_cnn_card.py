"""What is written about the editor's weights: their card."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ml.data.grids import FOLDER, GridPiece
from ml.training.card import OWN_LICENCE, prepared_styles

LICENCE = (
    "The weights are under this project's licence. Bach's chorales are in the public domain; "
    "their encodings come with music21, distributed with the permission of the encoders."
)

LIMITS = (
    "It knows chorales of Bach: other music is edited towards them.",
    "It hears four voices within 48 semitones; further voices are kept but not heard.",
    "It hears eight bars around what it edits, and forgets the rest of the piece.",
    "Whether a repeated note is struck again is not known to it: notes it adds are held as long "
    "as their pitch stays likely, for a bar at most.",
    "It reads 16ths: the timing of triplets and ornaments is rounded for its ear, and kept in "
    "the song.",
)


def about(
    style: str, data: Path | None, train: Sequence[GridPiece], *, folder: Path = FOLDER
) -> dict[str, Any]:
    """Return the card's lines on data, split and licence."""
    steps = sum(len(p) for p in train)
    names = sorted(p.name for p in train)
    what = f"{len(train)} pieces in {data.name}" if data else f"the training side of {style}"
    return {
        "data": f"{what[0].upper()}{what[1:]}: {len(train)} grids, {steps:,} steps of four voices, "
        "each transposed by up to six semitones.",
        "split_sha256": _split(style, folder)
        or hashlib.sha256(json.dumps(names).encode()).hexdigest(),
        "licence": OWN_LICENCE if data else LICENCE,
        "limits": list(LIMITS),
    }


def _split(style: str, folder: Path) -> str:
    """Return the hash of a prepared style's split, or an empty text for a folder of files."""
    return str(prepared_styles(folder).get(style, {}).get("split_sha256", ""))
