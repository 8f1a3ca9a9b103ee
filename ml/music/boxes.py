"""Rectangles on a grid and the SVG path data that draws them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]

MIN_SIGN = 3.5  # px: a smaller + or - is only dirt


@dataclass(frozen=True, slots=True)
class Boxes:
    """Rectangles on a grid: rows from the top, starts and ends along it, shape (boxes,) each."""

    row: IntArray
    start: IntArray
    end: IntArray

    def __len__(self) -> int:
        return len(self.row)


def on_grid(boxes: Boxes, *, step: int, columns: int) -> Boxes:
    """Return the boxes on a grid of `columns` cells of `step` units, touching ones merged.

    A box covers every cell that it reaches into, so that nothing vanishes.
    """
    n_rows = int(boxes.row.max()) + 1
    change = np.zeros((n_rows, columns + 1), dtype=np.int32)
    first = np.minimum(boxes.start // step, columns - 1)
    last = np.minimum(np.maximum(-(-boxes.end // step), first + 1), columns)
    np.add.at(change, (boxes.row, first), 1)
    np.add.at(change, (boxes.row, last), -1)
    covered = np.cumsum(change, axis=1)[:, :-1] > 0  # (rows, columns)
    edges = np.diff(covered.astype(np.int8), axis=1, prepend=0, append=0)
    row, start = np.nonzero(edges == 1)
    _, end = np.nonzero(edges == -1)
    return Boxes(row, start, end)


def path_of(
    boxes: Boxes, *, left: float, top: float, per_unit: float, height: float, gap: float = 0.0
) -> str:
    """Return boxes as path data; `per_unit` and `height` are px, `gap` is left free at the end."""
    x = np.round(left + boxes.start * per_unit, 1)
    width = np.round(np.maximum((boxes.end - boxes.start) * per_unit - gap, 0.8), 1)
    y = np.round(top + boxes.row * height, 1)
    tall = f"{max(height - 0.5, 0.8):.2f}"
    return "".join(
        f"M{a:g} {b:g}h{w:g}v{tall}h-{w:g}z"
        for a, b, w in zip(x.tolist(), y.tolist(), width.tolist(), strict=True)
    )


def signs_of(
    boxes: Boxes, *, left: float, top: float, per_unit: float, height: float, plus: bool
) -> str:
    """Return a plus or a minus in each box with room for one, as path data to be stroked.

    Lengths are px, as in `path_of`.
    """
    size = min(height - 2.0, 6.0)
    if size < MIN_SIGN:
        return ""
    roomy = (boxes.end - boxes.start) * per_unit >= size + 2
    x = np.round(left + boxes.start[roomy] * per_unit + 1.5, 1)
    y = np.round(top + boxes.row[roomy] * height + height / 2 - 0.25, 1)
    half = f"{size / 2:.1f}"
    upright = f"m-{half} -{half}v{size:.1f}" if plus else ""
    return "".join(
        f"M{a:g} {b:g}h{size:.1f}{upright}" for a, b in zip(x.tolist(), y.tolist(), strict=True)
    )
