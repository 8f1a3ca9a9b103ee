"""Trains the lessons' small discriminator: real bars against four kinds of fakes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from ml.data.grids import FOLDER, GridPiece, Side, pieces
from ml.lessons.judge import HIDDEN, LOWEST, ROWS, STEPS, Bar

STYLES = ("chorale", "dance")
BAR_STEPS = 16
MOST_BARS = 12_000  # of each side
EPOCHS = 12
BATCH = 256

Dice = np.random.Generator
Bars = npt.NDArray[np.bool_]


def real_bars(side: Side, *, folder: Path = FOLDER) -> Bars:
    """Return bars of 4/4 of one side, (bars, STEPS, ROWS), in C and within one octave."""
    found = [
        bar for style in STYLES for piece in pieces(style, side, folder=folder)
        for bar in _bars_of(piece)
    ]  # fmt: skip
    order = np.random.default_rng(0).permutation(len(found))[:MOST_BARS]
    return np.stack([found[i] for i in order])


def _bars_of(piece: GridPiece) -> list[Bar]:
    begins = np.flatnonzero((piece.position == 0) & (piece.bar_steps == BAR_STEPS))
    line = piece.pitch[:, 0].astype(int)
    sliced = (line[a : a + BAR_STEPS : 2] for a in begins if a + BAR_STEPS <= len(line))
    return [bar for eighths in sliced if (bar := _in_c(eighths, piece.fifths)) is not None]


def _in_c(eighths: npt.NDArray[np.int_], fifths: int) -> Bar | None:
    """Return a bar without its key, or None if it rests or leaves the octave from C4 to C5."""
    if (eighths < 0).any():
        return None
    moved = eighths - 7 * fifths
    rows = moved - LOWEST - 12 * ((int(moved.min()) - LOWEST) // 12)
    if rows.max() >= ROWS:
        return None
    bar = np.zeros((STEPS, ROWS), dtype=np.bool_)
    bar[np.arange(STEPS), rows] = True
    return bar


def shuffled(bar: Bar, dice: Dice) -> Bar:
    """Return a real bar with its eighths in another order."""
    return bar[dice.permutation(STEPS)]


def out_of_key(bar: Bar, dice: Dice) -> Bar:
    """Return a real bar with two to four of its eighths moved by one to three semitones."""
    rows = bar.argmax(axis=1)
    at = dice.choice(STEPS, dice.integers(2, 5), replace=False)
    rows[at] = (rows[at] + dice.choice([-3, -2, -1, 1, 2, 3], len(at))).clip(0, ROWS - 1)
    return np.asarray(np.eye(ROWS, dtype=np.bool_)[rows])


def random_line(_bar: Bar, dice: Dice) -> Bar:
    """Return eight notes drawn evenly from the octave."""
    return np.asarray(np.eye(ROWS, dtype=np.bool_)[dice.integers(0, ROWS, STEPS)])


def blots(_bar: Bar, dice: Dice) -> Bar:
    """Return cells switched on at random, from none to a third of them."""
    return np.asarray(dice.random((STEPS, ROWS)) < dice.random() / 3, dtype=np.bool_)


FAKES: dict[str, Callable[[Bar, Dice], Bar]] = {
    "shuffled": shuffled, "out_of_key": out_of_key, "random_line": random_line, "blots": blots,
}  # fmt: skip


def train(*, folder: Path = FOLDER) -> dict[str, Any]:
    """Return the judge's weights and what it reaches on bars of held-out pieces."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    real, dice = real_bars("train", folder=folder), np.random.default_rng(1)
    first, last = nn.Linear(STEPS * ROWS, HIDDEN), nn.Linear(HIDDEN, 1)
    network = nn.Sequential(first, nn.ReLU(), last)
    optimizer = torch.optim.AdamW(network.parameters(), 3e-3, weight_decay=0.02)
    losses = [_epoch(network, optimizer, real, dice) for _ in range(EPOCHS)]
    return {
        "into": _rounded(first.weight.T), "into_bias": _rounded(first.bias),
        "out": _rounded(last.weight[0]), "out_bias": round(last.bias.item(), 4),
        "n_real": len(real), "losses": [round(loss, 4) for loss in losses],
        "accuracy": _accuracy(network, real_bars("test", folder=folder)),
    }  # fmt: skip


def _epoch(network: nn.Module, optimizer: torch.optim.Optimizer, real: Bars, dice: Dice) -> float:
    fakes = list(FAKES.values())
    kinds = dice.integers(0, len(fakes), len(real))
    fake = np.stack([fakes[k](bar, dice) for k, bar in zip(kinds, real, strict=True)])
    order, total = dice.permutation(len(real)), 0.0
    for first in range(0, len(real), BATCH):
        at = order[first : first + BATCH]
        x = _inputs(np.concatenate([real[at], fake[at]]))
        truth = torch.cat([torch.ones(len(at)), torch.zeros(len(at))])
        loss = nn.functional.binary_cross_entropy_with_logits(network(x)[:, 0], truth)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        total += loss.item() * len(at)
    return total / len(real)


@torch.no_grad()
def _accuracy(network: nn.Module, real: Bars) -> dict[str, float]:
    """Return the share of right verdicts on real bars and on each kind of fake."""
    dice = np.random.default_rng(2)
    found = {"real": float((network(_inputs(real)) > 0).float().mean())}
    for name, fake in FAKES.items():
        made = np.stack([fake(bar, dice) for bar in real])
        found[name] = float((network(_inputs(made)) <= 0).float().mean())
    return {name: round(share, 4) for name, share in found.items()}


def _inputs(bars: Bars) -> torch.Tensor:
    return torch.from_numpy(bars.reshape(len(bars), -1).astype(np.float32))


def _rounded(values: torch.Tensor) -> Sequence[Any]:
    found: list[Any] = np.round(values.detach().numpy().astype(np.float64), 4).tolist()
    return found
