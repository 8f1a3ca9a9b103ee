"""Coconet's Algorithm 1: the likelihood of a piece composed in any order of its steps.

Steps are drawn in a random order, and within a step the voices. Each voice of a step is predicted
from the steps drawn before, as they truly are, and from the step's voices before it, as the model
itself would have written them (its likeliest class). A step costs the sum of its voices' nats;
several orders are averaged in probability, step by step. The unit is nats per step (of a 16th).
Huang et al. 2017, "Counterpoint by convolution", Algorithm 1.

The model sees 128 steps around the step that is asked about. All steps of a long piece are many
passes; a fixed number of steps of each piece, drawn at random, gives an unbiased estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.models.ar_cnn_net import N_CLASSES, N_VOICES, Rolls
from ml.models.ar_cnn_rolls import Mask, Roll, padded, stacked

Floats = npt.NDArray[np.float64]
LogProbabilities = Callable[[Rolls], npt.NDArray[np.float32]]
"""From a batch of rolls to natural logarithms (B, T, V, K)."""

WINDOW = 128
BATCH = 16
UNTRAINED = N_VOICES * float(np.log(N_CLASSES))
"""What a model that knows nothing must read: every class equally likely."""


@dataclass(frozen=True, slots=True)
class Nats:
    """Mean nats per step, its standard error over pieces, and how many steps were asked about."""

    mean: float
    error: float
    steps: int


def algorithm_1(
    rolls: Sequence[Roll], predict: LogProbabilities, *, orders: int, steps: int | None, seed: int
) -> Nats:
    """Return Algorithm 1 over pieces.

    :param orders: how many orders are averaged (5 in the paper)
    :param steps: how many steps of each piece are asked about; None asks about all
    """
    by_piece = [
        _piece(roll, predict, orders, steps, np.random.default_rng((seed, number)))
        for number, roll in enumerate(rolls)
    ]
    weight = np.array([len(r) for r in rolls], dtype=np.float64)
    weight /= weight.sum()
    means = np.array([nats.mean() for nats in by_piece])
    mean = float(weight @ means)
    spread = weight * (means - mean)
    error = float(np.sqrt((spread**2).sum() * len(rolls) / max(1, len(rolls) - 1)))
    return Nats(mean, error, sum(len(nats) for nats in by_piece))


def _piece(
    roll: Roll, predict: LogProbabilities, orders: int, steps: int | None,
    dice: np.random.Generator,
) -> Floats:  # fmt: skip
    """Return the nats (steps,) of the steps that are asked about."""
    n = len(roll)
    asked = np.sort(dice.permutation(n)[:steps])
    logs = np.zeros((orders, len(asked)))
    for order in range(orders):
        place = dice.permutation(n)  # when each step is drawn
        for first in range(0, len(asked), BATCH):
            some = asked[first : first + BATCH]
            logs[order, first : first + BATCH] = _steps(roll, predict, place, some, dice)
    return np.asarray(np.log(orders) - np.logaddexp.reduce(logs, axis=0))


def _steps(
    roll: Roll, predict: LogProbabilities, place: npt.NDArray[np.int64],
    asked: npt.NDArray[np.int64], dice: np.random.Generator,
) -> Floats:  # fmt: skip
    """Return the log probability (steps,) of each step that is asked about, in one order."""
    starts = [max(0, min(int(t) - WINDOW // 2, len(roll) - WINDOW)) for t in asked]
    crops = [_window(roll, start) for start in starts]
    known = [_drawn_before(roll, place, int(t), s) for t, s in zip(asked, starts, strict=True)]
    cells = [crop.cells.copy() for crop in crops]
    voices = np.argsort(dice.random((len(asked), N_VOICES)), axis=1)
    at = asked - np.array(starts)
    total = np.zeros(len(asked))
    for turn in range(N_VOICES):
        written = [Roll(c, crop.metre, crop.fits) for c, crop in zip(cells, crops, strict=True)]
        logp = predict(stacked(written, known, [False] * len(asked)))
        for i, step in enumerate(at.tolist()):
            voice = int(voices[i, turn])
            total[i] += logp[i, step, voice, crops[i].cells[step, voice]]
            cells[i][step, voice] = logp[i, step, voice].argmax()
            known[i][step, voice] = True
    return total


def _window(roll: Roll, start: int) -> Roll:
    part = slice(start, start + WINDOW)
    return padded(Roll(roll.cells[part], roll.metre[part], roll.fits[part]), WINDOW)


def _drawn_before(roll: Roll, place: npt.NDArray[np.int64], step: int, start: int) -> Mask:
    """Return which cells of the window (WINDOW, V) are known when `step` is drawn."""
    known = np.ones((WINDOW, N_VOICES), dtype=np.bool_)
    earlier = place[start : start + WINDOW] < place[step]
    known[: len(earlier)] = earlier[:, None] & roll.fits[start : start + WINDOW]
    return known
