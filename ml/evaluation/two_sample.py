"""The classifier two-sample test: whether a small network can tell samples from real music.

Lopez-Paz and Oquab 2017 ("Revisiting classifier two-sample tests"): a network is trained to tell
two sets apart and asked about pieces it has not seen. An accuracy of 50 % means that it found no
difference, 100 % that there is a plain one. Since it hears parallels, blandness and odd rhythm
alike, it is the strictest single figure here. The same test between two halves of the real music
says what "no difference" reads like at this number of pieces.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from ml.evaluation.grids import BAR, REST, Grid, grids_of

WINDOW = 128
"""Steps of a window: 8 bars of 4/4."""

FOLDS = 4
STEPS = 700
BATCH = 32
_LEARNING_RATE = 2e-3
_Z = 1.96  # of a 95 % interval


@dataclass(frozen=True, slots=True)
class Accuracy:
    """A share of right answers with its 95 % interval, and the windows that were asked about."""

    accuracy: float
    low: float
    high: float
    windows: int


@dataclass(frozen=True, slots=True)
class TwoSample:
    """The test's outcome: `accuracy` within [`low`, `high`], and `control`, real against real."""

    accuracy: float
    low: float
    high: float
    windows: int
    control: Accuracy


def two_sample(samples: Sequence[Grid], real: Sequence[Grid], *, seed: int) -> TwoSample:
    """Return how well a small network tells windows of 8 bars of `samples` from those of `real`.

    Grids are cut into windows of 128 steps, shorter ones are left out; the larger set gives up
    windows until both are equal. Folds are cut by piece, so that no piece is both learned and
    asked about. The interval is Wilson's, over pieces instead of windows, since windows of one
    piece are alike. About half a minute on one core.

    :raises ValueError: if one side has fewer than `FOLDS` pieces of 8 bars
    """
    found = _accuracy(_windows(samples), _windows(real), seed)
    order = np.random.default_rng(seed).permutation(len(real))
    half = len(real) // 2
    one, other = ([real[i] for i in part] for part in (order[:half], order[half:]))
    control = _accuracy(_windows(one), _windows(other), seed)
    return TwoSample(found.accuracy, found.low, found.high, found.windows, control)


@dataclass(frozen=True, eq=False)
class _Side:
    """One set, cut into windows.

    `pitch` (n, 128, voices), the number (n,) of the `piece` that each was cut from, and which of
    them (n,) are `asked` about: those that do not overlap.
    """

    pitch: npt.NDArray[np.int64]
    piece: npt.NDArray[np.int64]
    asked: npt.NDArray[np.bool_]


def _windows(grids: Sequence[Grid]) -> _Side:
    """Return all windows that begin on a bar; every eighth is one to ask about."""
    cut = [(grid[at : at + WINDOW], number, at % WINDOW == 0)
           for number, grid in enumerate(grids_of(grids))
           for at in range(0, len(grid) - WINDOW + 1, BAR)]  # fmt: skip
    if len({number for _, number, _ in cut}) < FOLDS:
        raise ValueError(f"The test needs {FOLDS} pieces of 8 bars on each side.")
    pitch, piece, asked = zip(*cut, strict=True)
    return _Side(np.stack(pitch), np.array(piece), np.array(asked))


def _accuracy(one: _Side, other: _Side, seed: int) -> Accuracy:
    dice = np.random.default_rng(seed)
    sides = (one, other)
    folds = [_folds(side.piece, dice) for side in sides]
    size = min(int(side.asked.sum()) for side in sides)
    asked = [dice.permutation(np.flatnonzero(side.asked))[:size] for side in sides]
    right = 0
    for number in range(FOLDS):
        learned = [s.pitch[f != number] for s, f in zip(sides, folds, strict=True)]
        net = _trained(learned[0], learned[1], torch.Generator().manual_seed(seed + number))
        for side, fold, chosen, truth in zip(sides, folds, asked, (True, False), strict=True):
            windows = side.pitch[chosen[fold[chosen] == number]]
            right += int((_answers(net, windows) == truth).sum())
    share = right / (2 * size)
    pieces = sum(len(np.unique(s.piece[c])) for s, c in zip(sides, asked, strict=True))
    return Accuracy(share, *wilson(share, pieces), 2 * size)


def _folds(piece: npt.NDArray[np.int64], dice: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return a fold for each window, the same for windows of one piece."""
    names, index = np.unique(piece, return_inverse=True)
    return np.asarray((dice.permutation(len(names)) % FOLDS)[index])


def wilson(share: float, count: int) -> tuple[float, float]:
    """Return the 95 % interval (Wilson 1927) of a share that was found among `count`.

    >>> [round(end, 3) for end in wilson(0.5, 100)]
    [0.404, 0.596]
    """
    middle = share + _Z**2 / (2 * count)
    spread = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    scale = 1 + _Z**2 / count
    return (middle - spread) / scale, (middle + spread) / scale


def _answers(net: nn.Module, windows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return for each window (n, 128, voices) whether the network takes it for the first set's."""
    with torch.no_grad():
        return np.asarray((net.eval()(features(torch.from_numpy(windows))) > 0).numpy())


def _trained(
    one: npt.NDArray[np.int64], other: npt.NDArray[np.int64], dice: torch.Generator
) -> nn.Module:
    """Return a network that says more than 0 for windows of `one`, less for those of `other`."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(dice.initial_seed())
        net = _Listener(one.shape[2])
        adam = torch.optim.AdamW(net.parameters(), lr=_LEARNING_RATE, weight_decay=0.05)
        plan = torch.optim.lr_scheduler.OneCycleLR(adam, _LEARNING_RATE, total_steps=STEPS)
        sides = [torch.from_numpy(windows) for windows in (one, other)]
        label = torch.tensor([1.0, 0.0]).repeat_interleave(BATCH // 2)
        for _ in range(STEPS):
            drawn = [w[torch.randint(len(w), (BATCH // 2,), generator=dice)] for w in sides]
            heard = features(transposed(torch.cat(drawn), dice))
            loss = nn.functional.binary_cross_entropy_with_logits(net(heard), label)
            adam.zero_grad()
            torch.autograd.backward(loss)
            adam.step()
            plan.step()
    return net


def transposed(pitch: Tensor, dice: torch.Generator) -> Tensor:
    """Return windows (n, steps, voices), each moved by -6 to 5 semitones: keys tell nothing."""
    moved = torch.randint(-6, 6, (len(pitch), 1, 1), generator=dice)
    return torch.where(pitch == REST, REST, pitch + moved)


def features(pitch: Tensor) -> Tensor:
    """Return what the network hears of windows (n, steps, voices), shape (n, channels, steps).

    Of each voice its pitch class, height and whether it holds; of each pair of voices their
    interval's class.
    """
    sounds = pitch != REST
    one_hot = nn.functional.one_hot(torch.where(sounds, pitch % 12, 12), 13)[..., :12]
    held = torch.zeros_like(sounds)
    held[:, 1:] = (pitch[:, 1:] == pitch[:, :-1]) & sounds[:, 1:]
    height = torch.where(sounds, (pitch - 60) / 12, 0.0)
    pairs = torch.combinations(torch.arange(pitch.shape[2]), 2)
    apart = (pitch[..., pairs[:, 0]] - pitch[..., pairs[:, 1]]) % 12
    both = sounds[..., pairs[:, 0]] & sounds[..., pairs[:, 1]]
    intervals = nn.functional.one_hot(torch.where(both, apart, 12), 13)[..., :12]
    parts = [one_hot.flatten(2), held, height, intervals.flatten(2)]
    return torch.cat([part.float() for part in parts], dim=2).transpose(1, 2).contiguous()


class _Listener(nn.Module):
    """Three convolutions over time, then the mean and the maximum of what they found."""

    def __init__(self, voices: int, width: int = 32) -> None:
        super().__init__()
        channels = 14 * voices + 12 * (voices * (voices - 1) // 2)
        self.hear = nn.Sequential(
            nn.Conv1d(channels, width, 5, stride=2, padding=2), nn.ReLU(), nn.Dropout(0.1),
            nn.Conv1d(width, width, 5, stride=2, padding=2), nn.ReLU(), nn.Dropout(0.1),
            nn.Conv1d(width, width, 5, stride=2, padding=2), nn.ReLU(),
        )  # fmt: skip
        self.judge = nn.Sequential(nn.Dropout(0.3), nn.Linear(2 * width, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Return a logit for each window (n, channels, steps): above 0 for the first set."""
        heard = self.hear(x)  # (n, width, steps / 8)
        pooled = torch.cat([heard.mean(dim=2), heard.amax(dim=2)], dim=1)
        found: Tensor = self.judge(pooled)[:, 0]
        return found
