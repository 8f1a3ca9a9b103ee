"""The three measures that the well-known course on music GANs plots, as its code computes them.

They are here to be looked at, not to be used: they cannot tell Bach from silence. Its piano rolls
hold -1 for silence and 1 for a sounding pitch, shape (phrases, 32 steps, 128 pitches, 4 voices).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ml.evaluation.grids import REST, Grid

STEPS = 32  # of its phrases: two bars
LOWEST, N_PITCHES = 24, 84
_C_MAJOR = np.array([1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1])

Rolls = npt.NDArray[np.float32]

COURSE_MEASURES = ("empty_bar_rate", "pitch_histogram", "in_scale_rate")


def course_figures(windows: Sequence[Grid]) -> dict[str, float]:
    """Return its measures of some windows (T, 4), the mean over the voices.

    - `empty_bar_rate` is the share of bars that are *not* empty.
    - `pitch_histogram` is the length of 1 minus the mean of the steps on each pitch, where every
      step without the pitch counts -1: neither a count nor a distance of histograms.
    - `in_scale_rate` takes seven neighboring pitches for a pitch class, and counts -1 too, so that
      silence has 7/12 and everything else nearly so.
    """
    rolls = rolls_of(windows)
    bars = rolls.reshape(-1, 16, N_PITCHES, 4)
    found = {
        "empty_bar_rate": (bars > 0.5).any(axis=(1, 2)).mean(axis=0),
        "pitch_histogram": np.linalg.norm(1 - bars.sum(axis=1).mean(axis=0), axis=0),
        "in_scale_rate": _in_scale_rate(bars),
    }
    return {name: float(np.mean(values)) for name, values in found.items()}


def rolls_of(windows: Sequence[Grid]) -> Rolls:
    """Return windows as the course's rolls of pitches 24 to 107: (phrases, 32, 84, 4)."""
    steps = np.concatenate([w[: len(w) // STEPS * STEPS] for w in windows])
    rolls = np.full((len(steps), N_PITCHES, 4), -1.0, dtype=np.float32)
    step, voice = np.nonzero((steps >= LOWEST) & (steps < LOWEST + N_PITCHES) & (steps != REST))
    rolls[step, steps[step, voice] - LOWEST, voice] = 1.0
    return rolls.reshape(-1, STEPS, N_PITCHES, 4)


def _in_scale_rate(bars: Rolls) -> npt.NDArray[np.float64]:
    chroma = bars.sum(axis=1).reshape(-1, 12, N_PITCHES // 12, 4).sum(axis=2)  # the fault
    inside = (chroma * _C_MAJOR[:, None]).sum(axis=(0, 1))
    return np.asarray(inside / chroma.sum(axis=(0, 1)), dtype=np.float64)
