"""What the editor is trained on: crops of pieces with hidden cells and planted wrong notes.

Most examples hide cells and ask for them. Which cells: whole steps, as Coconet's Algorithm 1
meets them; any cells; whole voices, as harmonizing does; whole notes, as editing does. In the
others some visible notes are wrong as well, a plane says so, and every cell must come out right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ml.data.grids import GridPiece
from ml.models.ar_cnn_net import N_VOICES, OUTSIDE, REST, ROWS, Rolls
from ml.models.ar_cnn_rolls import Cells, Mask, Roll, padded, roll_of, stacked, transposition

STEPS = 128  # of a crop: eight bars of 4/4
KINDS = ("steps", "cells", "voices", "notes")
SHARES = (0.5, 0.2, 0.15, 0.15)
DOUBTED = 0.25  # share of examples with wrong notes
DOUBTED_KINDS = ("nothing", "voices", "any")
DOUBTED_SHARES = (0.55, 0.3, 0.15)  # what is hidden in those
DOUBTED_WEIGHT = 3.0  # most cells of a doubted example are easy: weigh it more
MELODY_ALONE = 0.35  # share of `voices` in which the highest voice is all that is seen
WRONG_SHARES = (0.02, 0.05, 0.1, 0.2)  # of the notes
NEAR = (-3, -2, -1, 1, 2, 3)  # semitones by which most wrong notes are off
EDGE = 24  # steps by which beginnings and ends are drawn oftener


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """`rolls` for the network, the true classes (B, T, V) and each cell's weight (B, T, V)."""

    rolls: Rolls
    truth: Tensor
    weight: Tensor

    def to(self, device: str) -> Batch:
        """Return the batch on a device."""
        return Batch(self.rolls.to(device), self.truth.to(device), self.weight.to(device))


@dataclass(frozen=True, eq=False, slots=True)
class Example:
    """A crop, what the network sees of it, and the weight of its cells, all (T, V)."""

    truth: Roll
    seen: Cells
    known: Mask
    doubt: bool
    weight: npt.NDArray[np.float64]


def crop(piece: GridPiece, random: np.random.Generator | None, steps: int = STEPS) -> Roll:
    """Return `steps` steps of a piece, transposed at random; its beginning if not `random`.

    Transpositions are at most a tritone and keep the crop inside the pitch window.
    """
    slack, start = max(0, len(piece) - steps), 0
    if random is not None:
        start = int(np.clip(random.integers(-EDGE, slack + EDGE + 1), 0, slack))
    pitch = piece.pitch[start : start + steps]
    low, high = transposition(pitch)
    up = int(np.clip(0, low, max(low, high)))
    if random is not None and low <= high:
        least, most = max(low, min(-6, high)), min(high, max(5, low))
        up = int(random.integers(least, most + 1))
    return padded(roll_of(pitch, piece.position[start : start + steps], up=up), steps)


def example(roll: Roll, random: np.random.Generator, *, kind: str | None = None) -> Example:
    """Return a crop with cells hidden, and perhaps with wrong notes.

    :param kind: one of KINDS to hide cells of that kind and plant nothing; None draws
    """
    inside = roll.metre != OUTSIDE
    doubt = kind is None and random.random() < DOUBTED
    if doubt:
        kind = str(random.choice(DOUBTED_KINDS, p=DOUBTED_SHARES))
    if kind is None or kind == "any":
        kind = str(random.choice(KINDS, p=SHARES))
    hidden = np.zeros_like(roll.fits) if kind == "nothing" else hide(roll, random, kind)
    seen = misplay(roll, random, float(random.choice(WRONG_SHARES))) if doubt else roll.cells
    hidden |= ~roll.fits
    asked = (np.ones_like(hidden) if doubt else hidden) & inside[:, None] & roll.fits
    weight = asked * ((DOUBTED_WEIGHT if doubt else 1.0) / max(1, asked.sum()))
    return Example(roll, seen, ~hidden, doubt, weight)


def hide(roll: Roll, random: np.random.Generator, kind: str) -> Mask:
    """Return which cells to hide (T, V): at least one, none outside the piece."""
    inside = np.flatnonzero(roll.metre != OUTSIDE)
    n = len(inside)
    hidden = np.zeros((len(roll), N_VOICES), dtype=np.bool_)
    share = random.random()
    if kind == "steps":
        hidden[inside] = _steps(n, random)
    elif kind == "cells":
        hidden[inside] = random.random((n, N_VOICES)) < share
    elif kind == "voices":
        voices = random.permutation(N_VOICES)[: random.integers(1, N_VOICES + 1)]
        whole = random.random() < 0.5
        if random.random() < MELODY_ALONE:
            voices, whole = np.arange(1, N_VOICES), True
        hidden[np.ix_(inside, voices)] = whole or random.random((n, len(voices))) < max(share, 0.5)
    else:
        number = note_numbers(roll.cells)
        hidden[inside] = (random.random(number.max() + 1) < share)[number][inside]
    if not hidden.any():
        hidden[random.choice(inside), random.integers(N_VOICES)] = True
    return hidden


def _steps(n: int, random: np.random.Generator) -> Mask:
    """Hide all but some steps; in one or in many of the hidden steps, show some voices."""
    hidden = np.zeros((n, N_VOICES), dtype=np.bool_)
    order = random.permutation(n)[int(random.integers(n)) :]
    hidden[order] = True
    some = 1 + int(random.choice((0.0, 0.15, 0.4)) * len(order))
    for step in order[:some]:
        hidden[step, random.permutation(N_VOICES)[: random.integers(1, N_VOICES)]] = False
    return hidden


def note_numbers(cells: Cells) -> Cells:
    """Number the notes (runs of one row) of cells (T, V); rests are numbered like notes."""
    begins = np.ones(cells.shape, dtype=np.bool_)
    begins[1:] = cells[1:] != cells[:-1]
    return np.cumsum(begins.T.ravel()).reshape(cells.T.shape).T - 1


def misplay(roll: Roll, random: np.random.Generator, share: float) -> Cells:
    """Return the cells with a share of the notes wrong.

    Most are off by up to three semitones, some are anywhere in the window, some are left out
    and some rests are filled.
    """
    number = note_numbers(roll.cells)
    n_notes = int(number.max()) + 1
    row = np.zeros(n_notes, dtype=np.int64)
    row[number] = roll.cells
    wrong = random.random(n_notes) < share
    way = random.random(n_notes)
    near = np.clip(row + random.choice(NEAR, n_notes), 0, ROWS - 1)
    played = np.where(way < 0.75, near, random.integers(0, ROWS, n_notes))
    played = np.where(row == REST, random.integers(0, ROWS, n_notes), played)
    played = np.where(way > 0.93, REST, played)
    inside = (roll.metre != OUTSIDE)[:, None]
    changed = np.where(wrong, played, row)[number]
    return np.where(inside, _scattered(roll.cells, changed, random), roll.cells)


def _scattered(true: Cells, played: Cells, random: np.random.Generator) -> Cells:
    """In some examples, let the wrong notes be wrong in about half of their cells only."""
    if random.random() < 0.7:
        return played
    return np.where(random.random(true.shape) < 0.5, played, true)


def batch(found: list[Example]) -> Batch:
    """Return examples of one length as a batch."""
    rolls = [Roll(e.seen, e.truth.metre, e.truth.fits) for e in found]
    return Batch(
        stacked(rolls, [e.known for e in found], [e.doubt for e in found]),
        torch.from_numpy(np.stack([e.truth.cells for e in found])),
        torch.from_numpy(np.stack([e.weight for e in found])).float(),
    )
