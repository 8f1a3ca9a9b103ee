"""How likely music is under the extender: nats per cell, exact and quick.

A cell is one voice of one 16th note. Every cell is scored once, and (but for the beginning of a
piece) with at least half a context of frames before it: windows of one context overlap by half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from ml.models.transformer_features import N_VOICES
from ml.models.transformer_frames import Cut, Line, batch
from ml.models.transformer_net import Transformer

_ROWS = 16


@dataclass(frozen=True, eq=False)
class CellNats:
    """What one piece costs: `cells` and `strikes` in nats, float32 (frames, 4).

    `strikes` is what it costs to say which repeated pitches are struck again, 0 elsewhere;
    `right` is 1 where the likeliest cell is the one that is there, else 0.
    """

    cells: npt.NDArray[np.float32]
    strikes: npt.NDArray[np.float32]
    right: npt.NDArray[np.float32]


@torch.no_grad()
def cell_nats(
    model: Transformer, lines: Sequence[Line], *, dtype: torch.dtype = torch.bfloat16
) -> list[CellNats]:
    """Return the nats of every cell of each line."""
    device = next(model.parameters()).device
    context = model.config.context
    found = [np.zeros((3, len(line), N_VOICES), dtype=np.float32) for line in lines]
    windows = sorted(
        (min(context, len(line) - start), number, start)
        for number, line in enumerate(lines)
        for start in _starts(len(line), context)
    )
    for first in range(0, len(windows), _ROWS):
        rows = windows[first : first + _ROWS]
        cuts = [Cut(lines[n], start, size, row, 0) for row, (size, n, start) in enumerate(rows)]
        losses = model.losses(batch(cuts, len(rows), max(s for s, _, _ in rows), device), dtype)
        columns = (losses.cells, losses.strikes, losses.right.float())
        values = torch.stack(columns).cpu().numpy()
        for row, (size, number, start) in enumerate(rows):
            skip = context // 2 if start else 0
            found[number][:, start + skip : start + size] = values[:, row, skip:size]
    return [CellNats(*values) for values in found]


def _starts(n_frames: int, context: int) -> list[int]:
    """Return where windows begin: each begins half a context after the one before it."""
    half = context // 2
    return [0, *range(half, max(n_frames - half, 0), half)] if n_frames else []


def nats_per_note(
    model: Transformer, lines: Sequence[Line], *, dtype: torch.dtype = torch.bfloat16
) -> float:
    """Return the mean nats of all cells of all lines; NaN without any.

    This is the literature's "nats per note" for JSB chorales where the lines are those of
    `ml.models.transformer_frames.without_strikes`.
    """
    cells = [c.cells.ravel() for c in cell_nats(model, lines, dtype=dtype)]
    return float(np.concatenate(cells).mean(dtype=np.float64)) if cells else float("nan")
