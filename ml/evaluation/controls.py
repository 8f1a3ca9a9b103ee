"""Do the measures measure anything? Bach that nobody trained on, beside what only looks like it.

`python -m ml controls --write` makes the file that is shipped.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.data.grids import FOLDER, pieces
from ml.data.phrases import PHRASE, accompanying, has_melody
from ml.evaluation.course_measures import course_figures
from ml.evaluation.figures import finite
from ml.evaluation.window_measures import window_figures, with_bands

SHIPPED = Path(__file__).with_name("controls.json")

KINDS = ("bach", "other_voices", "shuffled_steps", "silence", "random")
"""Held-out Bach; its voices each from another piece; its steps in another order; no notes at all
but the melody's rests; and notes drawn from Bach's range, one on every sixteenth."""

Window = npt.NDArray[np.int64]


def control_measures(folder: Path = FOLDER) -> dict[str, Any]:
    """Return the measures of held-out Bach and its imitations, as JSON values.

    `measures` and `course` hold for each measure its value by kind, None where it cannot be told;
    `held_out` has value and band of the Bach.

    :raises NotPrepared: if the chorales are not prepared in the folder
    """
    music = held_out_windows(folder)
    kinds = imitations(music)
    ours = {kind: window_figures(found) for kind, found in kinds.items()}
    course = {kind: course_figures(found) for kind, found in kinds.items()}
    found: dict[str, Any] = finite({
        "windows": len(music),
        "kinds": list(KINDS),
        "measures": _turned(ours),
        "held_out": with_bands(music),
        "course": _turned(course),
        "command": "python -m ml controls --write",
    })  # fmt: skip
    return found


def held_out_windows(folder: Path = FOLDER) -> list[Window]:
    """Return phrases of the chorales that steer or judge and never train, in mixed order."""
    found = [p for side in ("valid", "test") for p in pieces("chorale", side, folder=folder)]
    cut = [p.pitch[a : a + PHRASE] for p in found for a in range(0, len(p) - PHRASE + 1, PHRASE)]
    usable = [w.astype(np.int64) for w in cut if has_melody(w) and accompanying(w) == 3]
    return [usable[i] for i in np.random.default_rng(0).permutation(len(usable))]


def imitations(music: Sequence[Window]) -> dict[str, list[Window]]:
    """Return windows of every kind, as many of each as there are of Bach."""
    dice = np.random.default_rng(0)
    low, high = min(int(w[w >= 0].min()) for w in music), max(int(w.max()) for w in music)
    n = len(music)
    return {
        "bach": list(music),
        "other_voices": [
            np.stack([music[(i + 5 * v) % n][:, v] for v in range(4)], axis=1) for i in range(n)
        ],
        "shuffled_steps": [dice.permutation(w) for w in music],
        "silence": [np.full_like(w, -1) for w in music],
        "random": [dice.integers(low, high + 1, w.shape) for w in music],
    }


def _turned(rows: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    names = next(iter(rows.values()))
    return {name: {kind: round(rows[kind][name], 5) for kind in rows} for name in names}


@cache
def shipped_controls() -> dict[str, Any]:
    """Return what `control_measures` found when the site was made."""
    found: dict[str, Any] = json.loads(SHIPPED.read_text())
    return found


def write_controls(folder: Path = FOLDER) -> dict[str, Any]:
    """Measure anew and store the result for the site."""
    found = control_measures(folder)
    SHIPPED.write_text(json.dumps(found, indent=1) + "\n")
    return found
