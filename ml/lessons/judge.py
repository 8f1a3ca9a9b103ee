"""A discriminator small enough to watch: one bar of melody in, how real it looks out.

A bar is a small piano roll of eight eighth notes and the 13 semitones from C4 to C5. The network
has one hidden layer. It learned real bars of held chorale sopranos and dance tunes, moved to C
major or A minor, against four kinds of fakes (`ml.lessons.train_judge`). It is no part of any
score.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from ml.lessons import recording

STEPS, ROWS, LOWEST = 8, 13, 60
HIDDEN = 24

Bar = npt.NDArray[np.bool_]
"""Shape (STEPS, ROWS): time first, row 0 is C4."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Judge:
    """Weights and biases of the two layers: (104, HIDDEN), (HIDDEN,), (HIDDEN,), a number."""

    into: Floats
    into_bias: Floats
    out: Floats
    out_bias: float

    def hidden(self, bar: Bar) -> Floats:
        """Return what the hidden layer answers to a bar, (HIDDEN,), each at least 0."""
        answer: Floats = np.maximum(bar.ravel().astype(np.float64) @ self.into + self.into_bias, 0)
        return answer

    def verdict(self, bar: Bar) -> float:
        """Return the probability, 0 to 1, that a bar is real rather than fake."""
        logit = float(self.hidden(bar) @ self.out) + self.out_bias
        return float(1 / (1 + np.exp(-np.clip(logit, -50, 50))))

    def loss(self, bar: Bar, *, real: bool) -> float:
        """Return the discriminator's loss on one bar: -ln of what it gave to the truth."""
        share = self.verdict(bar)
        return float(-np.log(max(share if real else 1 - share, 1e-9)))


@cache
def judge() -> Judge:
    """Return the trained judge."""
    kept = recording("judge")
    return Judge(
        np.array(kept["into"]), np.array(kept["into_bias"]), np.array(kept["out"]),
        float(kept["out_bias"]),
    )  # fmt: skip
