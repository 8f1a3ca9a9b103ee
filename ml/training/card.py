"""What every model card says about its data, whichever model it belongs to."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ml.data.grids import FOLDER

OWN_LICENCE = "The weights belong to whoever trained them, as far as the files' owners allow it."


def prepared_styles(folder: Path = FOLDER) -> dict[str, Any]:
    """Return what `python -m ml data` wrote about each style; nothing before it ran."""
    file = folder / "summary.json"
    styles: dict[str, Any] = json.loads(file.read_text())["styles"] if file.exists() else {}
    return styles


def command_of(
    kind: str, style: str, data: Path | None, *, iterations: int | None, minutes: float | None,
    seed: int, weights: Path | None = None, learning_rate: float | None = None,
    size: str = "shipped", points_every: int | None = None,
) -> str:  # fmt: skip
    """Return the command that repeats a run."""
    parts = [
        f"python -m ml train {kind}",
        f"--data {shlex.quote(data.name)}" if data else "",
        "" if data and style == "all" else f"--style {style}",
        "" if size == "shipped" else f"--size {size}",
        f"--weights {shlex.quote(weights.name)}" if weights else "",
        f"--learning-rate {learning_rate:g}" if learning_rate else "",
        f"--points-every {points_every}" if points_every else "",
        "--out DIR",
        f"--iterations {iterations}" if iterations else f"--minutes {minutes:g}",
        f"--seed {seed}",
    ]
    return " ".join(part for part in parts if part)


def about_corpora(
    styles: Sequence[str], names: Mapping[str, str], licence: str, *, folder: Path = FOLDER
) -> dict[str, Any]:
    """Return a card's lines on prepared corpora: data, the splits' hashes, the licence.

    `names` says for each style what its files are.
    """
    found = prepared_styles(folder)
    known = {style: found[style] for style in styles if found.get(style, {}).get("available")}
    lines = [
        f"{row['train']['files']} {names[style]} ({row['train']['onsets']:,} notes)"
        for style, row in known.items()
    ]
    hashes = {style: row["split_sha256"] for style, row in known.items()}
    return {
        "data": "Training sides of: " + ", ".join(lines or styles) + ".",
        "split_sha256": json.dumps(hashes, separators=(", ", ": ")),
        "licence": licence,
    }
