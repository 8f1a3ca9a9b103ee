"""What a step reads of the frames before it, as rows of the network's tables.

The same rows as those of `transformer_features`, for one frame of N streams on numpy arrays.
"""

from __future__ import annotations

import numpy as np

from ml.models.transformer_arrays import Bools, Ints
from ml.models.transformer_features import (
    CHROMA,
    FIRST_ROWS,
    FIRST_STRIKE_ROWS,
    HEIGHT,
    MAX_RUN,
    MOST_BAR_STEPS,
    MOST_POSITION,
    MOTION,
    N_VOICES,
    PAIRS,
    REST,
    STRUCK,
    first_head_rows,
)

_UPPER, _LOWER = np.array(PAIRS).T
_MOTION, _HEIGHT, _CHROMA = MOTION.numpy(), HEIGHT.numpy(), CHROMA.numpy()
_FIRST: Ints = FIRST_ROWS.numpy()
_FIRST_STRIKE: Ints = FIRST_STRIKE_ROWS.numpy()
_FIRST_HEAD: list[Ints] = [first_head_rows(voice).numpy() for voice in range(N_VOICES)]


class Past:
    """What lies before the next frame of each stream, kept up to date: (N, 4) each."""

    def __init__(self, columns: Ints) -> None:
        """Begin with `columns` (N, 4, 5) in the order of `History`."""
        self.last, self.run, self.before, self.run_before, self.strike = np.array(
            np.moveaxis(columns, 2, 0), dtype=np.int64, order="C"
        )

    def add(self, cells: Ints, struck: Bools) -> None:
        """Take in one frame: `cells` (n, 4) tokens of the first n streams, and who is struck."""
        n = len(cells)
        last, run = self.last[:n], self.run[:n]
        changed = cells != last
        np.copyto(self.before[:n], last, where=changed)
        np.copyto(self.run_before[:n], run, where=changed)
        run += 1
        np.minimum(run, MAX_RUN, out=run)
        run[changed] = 1
        np.multiply(struck & ~changed & (cells != REST), STRUCK, out=self.strike[:n])
        last[...] = cells

    def rows(self, position: Ints, bar_steps: Ints, style: Ints) -> Ints:
        """Return the table rows of the next frame of the first n streams, (n, 33).

        :param position: step within the bar of that frame, (n,), and likewise the others
        """
        n = len(position)
        last = self.last[:n]
        rows = np.empty((n, len(_FIRST)), np.int64)
        rows[:, 0:4] = last
        rows[:, 4:8] = _MOTION[self.before[:n], last]
        rows[:, 8:12] = self.run[:n]
        rows[:, 12:16] = self.run_before[:n]
        rows[:, 16:20] = self.strike[:n]
        rows[:, 20:26] = _HEIGHT[last[:, _UPPER], last[:, _LOWER]]
        rows[:, 26:30] = _CHROMA[last]
        rows[:, 30] = np.minimum(position, MOST_POSITION)
        rows[:, 31] = np.minimum(bar_steps, MOST_BAR_STEPS)
        rows[:, 32] = style
        rows += _FIRST
        return rows

    def head_rows(self, cells: Ints, voice: int) -> Ints:
        """Return the rows of the head's table for a voice below others, (n, 3 * voice).

        :param cells: tokens of the frame, of which the first `voice` are read, (n, 4)
        """
        above, last = cells[:, :voice], self.last[: len(cells)]
        rows = np.empty((len(cells), 3 * voice), np.int64)
        rows[:, :voice] = above
        rows[:, voice : 2 * voice] = _MOTION[last[:, :voice], above]
        rows[:, 2 * voice :] = _HEIGHT[above, last[:, voice, None]]
        rows += _FIRST_HEAD[voice]
        return rows

    def strike_rows(self, cells: Ints) -> Ints:
        """Return the rows of the strike head's table, (n, 4)."""
        rows: Ints = _MOTION[self.last[: len(cells)], cells] + _FIRST_STRIKE
        return rows
