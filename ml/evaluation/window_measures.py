"""What a run's curves show of windows of four voices, and what held-out music reads like.

A window is a phrase of 64 steps, shape (T, 4) with voice 0 the melody and voice 3 the bass. None of
the measures is better when higher: the target is the held-out music's own value, and the band in
which it varies from one handful of phrases to the next.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from ml.evaluation.grids import REST, Grid
from ml.evaluation.measures import dissonant_share
from ml.evaluation.musegan import (
    empty_bar_rate,
    pitch_classes_per_bar,
    share_of_notes_at_least,
    tonal_distance,
)

MEASURES = (
    "empty_bars", "pitch_classes_alto", "pitch_classes_tenor", "pitch_classes_bass", "eighths",
    "tonal_distance", "shuffled_worse", "dissonant", "in_scale", "stepwise",
)  # fmt: skip

RESAMPLES = 24
_SMALL_MOVE = 2  # semitones
_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11))  # major, harmonic minor

Windows = Sequence[Grid]


def window_figures(windows: Windows) -> dict[str, float]:
    """Return all MEASURES of some windows; what cannot be told is NaN, as of silence.

    - `empty_bars`: share of bars in which an added voice is silent, of the voice with most.
    - `pitch_classes_…`: different pitch classes in a bar that is not empty.
    - `eighths`: share of notes of an eighth or longer, of the added voice with the fewest.
    - `tonal_distance`: of melody and bass by beat (Harte 2006).
    - `shuffled_worse`: by how much it grows when each bass is heard with another melody.
    - `dissonant`: share of sounding pairs that are seconds, sevenths or tritones.
    - `in_scale`: share of the sounding time within the scale that fits the window best.
    - `stepwise`: share of the added voices' moves that are no larger than a whole tone.
    """
    grids = [np.asarray(w, dtype=np.int64) for w in windows]
    classes = pitch_classes_per_bar(grids)
    near = _mean([tonal_distance(g[:, :1], g[:, 3:]) for g in grids])
    far = _mean([tonal_distance(grids[i - 1][:, :1], g[:, 3:]) for i, g in enumerate(grids)])
    return {
        "empty_bars": float(empty_bar_rate(grids)[1:].max()),
        "pitch_classes_alto": float(classes[1]),
        "pitch_classes_tenor": float(classes[2]),
        "pitch_classes_bass": float(classes[3]),
        "eighths": float(np.fmin.reduce(share_of_notes_at_least(grids)[1:])),
        "tonal_distance": near,
        "shuffled_worse": far / near - 1 if near else math.nan,
        "dissonant": _dissonant(grids),
        "in_scale": _mean([in_scale(g) for g in grids]),
        "stepwise": stepwise(grids),
    }


def in_scale(grid: Grid) -> float:
    """Return the share of sounding time within the best of 24 scales, 0 to 1; NaN in silence.

    Major and harmonic minor scales on all twelve pitch classes; a pitch class is a pitch modulo 12,
    whatever the octave.

    >>> in_scale(np.array([[60], [62], [64], [65]])), round(in_scale(np.array([[0], [1], [2]])), 2)
    (1.0, 0.67)
    """
    sounding = grid[grid != REST] % 12
    if not len(sounding):
        return math.nan
    held = np.bincount(sounding, minlength=12)
    best = max(
        int(held[[(root + step) % 12 for step in scale]].sum())
        for scale in _SCALES for root in range(12)
    )  # fmt: skip
    return best / len(sounding)


def stepwise(windows: Windows) -> float:
    """Return which share of the added voices' moves is of two semitones or less; NaN without one.

    A move is a change from one sounding step to the next.

    >>> stepwise([np.array([[0, 60], [0, 62], [0, 62], [0, 69]])])
    0.5
    """
    small = moves = 0
    for grid in windows:
        before, after = grid[:-1, 1:], grid[1:, 1:]
        moved = (before != REST) & (after != REST) & (before != after)
        small += int((np.abs(after - before)[moved] <= _SMALL_MOVE).sum())
        moves += int(moved.sum())
    return small / moves if moves else math.nan


def with_bands(
    windows: Windows, figures: Callable[[Windows], dict[str, float]] = window_figures
) -> dict[str, dict[str, float]]:
    """Return each measure of held-out windows: `value`, and the band from `low` to `high`.

    The band holds nine in ten handfuls that are drawn from the windows anew, each as large as all:
    what lies within it does not differ from the held-out music. Measures that cannot be told are
    left out.
    """
    dice = np.random.default_rng(0)
    value = figures(windows)
    again = [
        figures([windows[i] for i in dice.integers(0, len(windows), len(windows))])
        for _ in range(RESAMPLES)
    ]
    return {
        name: {"value": round(found, 5), **_band([row[name] for row in again])}
        for name, found in value.items() if math.isfinite(found)
    }  # fmt: skip


def _band(values: Sequence[float]) -> dict[str, float]:
    known = [v for v in values if math.isfinite(v)]
    low, high = np.percentile(known, (5, 95)) if known else (math.nan, math.nan)
    return {"low": round(float(low), 5), "high": round(float(high), 5)}


def _dissonant(grids: Sequence[npt.NDArray[np.int64]]) -> float:
    """Return the share of dissonant pairs; NaN where no two voices ever sound together."""
    together = any(((g != REST).sum(axis=1) > 1).any() for g in grids)
    return dissonant_share(grids) if together else math.nan


def _mean(values: Sequence[float]) -> float:
    known = [v for v in values if math.isfinite(v)]
    return sum(known) / len(known) if known else math.nan
