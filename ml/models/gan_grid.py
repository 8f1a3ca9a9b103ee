"""What the GAN reads and writes: windows of 64 steps and 48 rows, and how they become music.

A window is 64 steps of a 16th note (four bars of 4/4) by 48 rows, one for each semitone from the
window's `base` pitch up. The melody is a condition; every accompanying track states one of 50
classes for every step: a note is struck on row 0-47, a rest begins, or what was goes on.

Letters in shapes: B windows, K tracks (0 = bass, upwards), T steps, R rows, C classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

STEPS = 64
ROWS = 48
TRACKS = 3
N_DRUMS = 9
REST_CLASS = ROWS
HOLD_CLASS = ROWS + 1
CLASSES = ROWS + 2
STYLES = ("chorale", "madrigal", "quartet", "arcade")
PHASES = 9
SILENT = -1

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Windows:
    """The conditions of B windows.

    `melody` (B, T) is the melody's sounding row or -1, `strike` (B, T) whether a note of it
    begins, `phase` (B, 9, T) what `phases` tells about the metre, `style` (B,) an index into
    STYLES.
    """

    melody: Tensor
    strike: Tensor
    phase: Tensor
    style: Tensor

    def __len__(self) -> int:
        return len(self.melody)

    def to(self, device: torch.device) -> Windows:
        """Return the same windows on another device."""
        moved = (t.to(device) for t in (self.melody, self.strike, self.phase, self.style))
        return Windows(*moved)

    def part(self, rows: slice | Tensor) -> Windows:
        """Return some of the windows."""
        return Windows(self.melody[rows], self.strike[rows], self.phase[rows], self.style[rows])

    def planes(self) -> Tensor:
        """Return the melody as two planes (B, 2, T, R): sounding cells and struck cells."""
        sounding = one_hot_rows(self.melody)
        return torch.stack([sounding, sounding * self.strike[..., None]], dim=1)


def one_hot_rows(rows: Tensor) -> Tensor:
    """Return rows (…, T), -1 for silence, as float cells (…, T, R)."""
    return (rows[..., None] == torch.arange(ROWS, device=rows.device)).float()


def phases(position: Rows, bar_steps: Rows, is_music: Flags) -> npt.NDArray[np.float32]:
    """Return what each step is to the metre: (…, T) -> (…, 9, T).

    First of a bar, on a beat, on an 8th, on a half note; sine and cosine of the place in the
    bar; a bar of three beats; another bar than 4/4 and 3/4; the piece has ended.
    """
    turn = 2 * np.pi * position / np.maximum(bar_steps, 1)
    planes = (
        position == 0, position % 4 == 0, position % 2 == 0, position % 8 == 0, np.sin(turn),
        np.cos(turn), bar_steps == 12, ~np.isin(bar_steps, (12, 16)), ~is_music,
    )  # fmt: skip
    return np.stack([p.astype(np.float32) for p in planes], axis=-2)


def folded(pitch: Rows, base: Rows | int) -> Rows:
    """Return the rows of pitches in the window from `base`; outside it, the nearest octave.

    Silence stays -1.

    >>> folded(np.array([35, 36, 84, -1]), 36).tolist()
    [11, 0, 36, -1]
    """
    rows = pitch - base
    rows = np.where(rows < 0, rows % 12, rows)
    rows = np.where(rows >= ROWS, ROWS - 12 + rows % 12, rows)
    return np.where(pitch == SILENT, SILENT, rows)


def classes_of(rows: Rows, strike: Flags) -> Rows:
    """Return the classes (…, T) of voices given as sounding rows or -1 and strikes.

    The first step never holds: what sounds there counts as struck.

    >>> classes_of(np.array([5, 5, 7, -1, -1]), np.array([True, False, True, False, False]))
    array([ 5, 49,  7, 48, 49])
    """
    goes_on = np.zeros(rows.shape, dtype=np.bool_)
    goes_on[..., 1:] = (rows[..., 1:] == rows[..., :-1]) & ~strike[..., 1:]
    return np.where(goes_on, HOLD_CLASS, np.where(rows == SILENT, REST_CLASS, rows))


def sounding_rows(classes: Rows) -> tuple[Rows, Flags]:
    """Return the sounding rows (…, T), -1 for silence, and the strikes of classes (…, T).

    A hold with nothing before it is a rest.
    """
    steps = np.arange(classes.shape[-1])
    begins = classes != HOLD_CLASS
    last = np.maximum.accumulate(np.where(begins, steps, -1), axis=-1)
    state = np.take_along_axis(classes, np.maximum(last, 0), axis=-1)
    rows = np.where((last < 0) | (state >= ROWS), SILENT, state)
    return rows, begins & (classes < ROWS)


def held(classes: Tensor) -> Tensor:
    """Return which row sounds (B, K, T, R) from class weights (B, K, T, C).

    One-hot weights give cells of 0 and 1; soft weights give shares. A hold passes on what was,
    so gradients flow from a sounding cell to its strike and to every hold between.
    """
    strikes, hold = classes[..., :ROWS], classes[..., HOLD_CLASS:]
    state = strikes[:, :, 0]
    states = [state]
    for step in range(1, classes.shape[2]):
        state = strikes[:, :, step] + hold[:, :, step] * state
        states.append(state)
    return torch.stack(states, dim=2)


def held_exactly(classes: Tensor) -> Tensor:
    """Return `held` of class numbers (B, K, T), without gradients and much faster."""
    steps = torch.arange(classes.shape[-1], device=classes.device)
    last = torch.cummax(torch.where(classes != HOLD_CLASS, steps, -1), dim=-1).values
    state = classes.gather(-1, last.clamp(min=0))
    return one_hot_rows(torch.where((last < 0) | (state >= ROWS), SILENT, state))


def rolls_of(classes: Tensor) -> Tensor:
    """Return what sounds and what is struck (B, 2K, T, R) of class weights (B, K, T, C)."""
    return torch.cat([held(classes), classes[..., :ROWS]], dim=1)


def rolls_exactly(classes: Tensor) -> Tensor:
    """Return `rolls_of` of class numbers (B, K, T), without gradients and much faster."""
    struck = one_hot_rows(torch.where(classes < ROWS, classes, SILENT))
    return torch.cat([held_exactly(classes), struck], dim=1)
