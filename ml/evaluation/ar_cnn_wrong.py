"""Planted wrong notes in real pieces, and how well they are told from the right ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.data.grids import GridPiece
from ml.models.ar_cnn import Editor
from ml.models.ar_cnn_net import ROWS
from ml.models.ar_cnn_rolls import (
    Cells,
    Roll,
    padded,
    roll_of,
    stacked,
    transposition,
    whole_columns,
)
from ml.music.voices import spans
from ml.training.ar_cnn_examples import STEPS

WRONG = 0.05  # share of the notes that are planted wrong
OFF_BY = (-3, -2, -1, 1, 2, 3)  # semitones


@dataclass(frozen=True, eq=False, slots=True)
class Spoiled:
    """A piece with planted wrong notes: rows `seen` and `true`, and the notes' places.

    The notes are four arrays (notes,): voice, first step, until, and whether it is `wrong`.
    """

    roll: Roll
    true: Cells
    voice: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    until: npt.NDArray[np.int64]
    wrong: npt.NDArray[np.bool_]


def spoil(piece: GridPiece, dice: np.random.Generator) -> Spoiled:
    """Return a piece's first eight bars with WRONG of the notes moved by 1 to 3 semitones."""
    pitch = piece.pitch[:STEPS].astype(np.int16)
    voice, first, length, _ = spans(pitch, piece.strike[:STEPS])
    true = whole(piece, STEPS)
    wrong = dice.random(len(voice)) < WRONG
    seen = true.cells.copy()
    for v, a, n in zip(voice[wrong], first[wrong], length[wrong], strict=True):
        row = int(seen[a, v])
        wanted = [row + k for k in OFF_BY if 0 <= row + k < ROWS]
        seen[a : a + n, v] = int(dice.choice(wanted))
    return Spoiled(
        Roll(seen, true.metre, true.fits), true.cells, voice, first, first + length, wrong
    )


def suspicion(editor: Editor, spoiled: Spoiled) -> npt.NDArray[np.float64]:
    """Return for each note the log-odds of its likeliest other class, mean over its cells."""
    roll = spoiled.roll
    full = padded(roll, whole_columns(len(roll)))
    known = np.ones(full.cells.shape, dtype=np.bool_)
    logp = editor.log_probabilities(stacked([full], [known], [True]))[0].astype(np.float64)
    found = np.zeros(len(spoiled.voice))
    for i, (v, a, b) in enumerate(zip(spoiled.voice, spoiled.first, spoiled.until, strict=True)):
        mean = logp[a:b, v].mean(axis=0)
        own = mean[roll.cells[a, v]]
        found[i] = np.delete(mean, roll.cells[a, v]).max() - own
    return found


def auc(score: npt.NDArray[np.float64], positive: npt.NDArray[np.bool_]) -> float:
    """Return the chance that a positive has a higher score than a negative; ties count half.

    >>> auc(np.array([0.0, 1.0, 2.0]), np.array([False, True, True]))
    1.0
    """
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    n, m = int(positive.sum()), int((~positive).sum())
    return float((rank[positive].sum() - n * (n + 1) / 2) / (n * m)) if n and m else float("nan")


def break_even(score: npt.NDArray[np.float64], positive: npt.NDArray[np.bool_]) -> float:
    """Return precision where as many are flagged as are positive, so that it equals recall."""
    n = int(positive.sum())
    flagged = np.argsort(-score, kind="stable")[:n]
    return float(positive[flagged].mean()) if n else float("nan")


def whole(piece: GridPiece, steps: int | None = None) -> Roll:
    """Return a piece (or its first steps) as a roll, transposed only if it would not fit."""
    pitch = piece.pitch[:steps]
    return roll_of(pitch, piece.position[:steps], up=fitting(pitch))


def fitting(pitch: npt.NDArray[np.int8]) -> int:
    """Return the least transposition that brings pitches into the window."""
    low, high = transposition(pitch)
    return int(np.clip(0, low, max(low, high)))
