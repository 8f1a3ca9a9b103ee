"""MuseGAN's measures, with definitions that hold on a grid of 16ths.

Dong et al. 2018 ("MuseGAN: multi-track sequential generative adversarial networks") state them
in words; the code that came with it and pypianoroll's turn the empty bars around and fold ten
neighboring pitches into a "pitch class". Here a pitch class is a pitch modulo 12. None of them
is better when higher: the target is the data's own row.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.evaluation.grids import BAR, BEAT, REST, Floats, Grids, bars_of, grids_of

EIGHTH = 2  # steps
_RADII = (1.0, 1.0, 0.5)  # of the circles of fifths, minor thirds and major thirds


def _centroid_table() -> Floats:
    """Return the 6-D point of each pitch class, shape (12, 6) (Harte, Sandler, Gasser 2006)."""
    angles = [np.arange(12) * turn for turn in (7 * np.pi / 6, 3 * np.pi / 2, 2 * np.pi / 3)]
    columns = [r * f(a) for r, a in zip(_RADII, angles, strict=True) for f in (np.sin, np.cos)]
    return np.stack(columns, axis=1)


_CENTROIDS = _centroid_table()


def empty_bar_rate(pitch: Grids, *, bar_steps: int = BAR) -> Floats:
    """Return the share of bars in which a voice is silent, 0 to 1, shape (voices,).

    Bach's chorales: .0002 to .0006. NaN without a whole bar.
    """
    sounds = (bars_of(pitch, bar_steps=bar_steps) != REST).any(axis=1)
    return _mean(~sounds)


def pitch_classes_per_bar(pitch: Grids, *, bar_steps: int = BAR) -> Floats:
    """Return the mean number of different pitch classes in a voice's bar, shape (voices,).

    Bars in which the voice is silent do not count. Bach's chorales: 3.01, 3.07, 3.30, 3.86.
    NaN for a voice that never sounds.
    """
    used = _chroma(bars_of(pitch, bar_steps=bar_steps)) > 0
    count = used.sum(axis=2).astype(float)
    return _mean_where(count, count > 0)


def share_of_notes_at_least(
    pitch: Grids, strike: npt.NDArray[np.bool_] | None = None, *, steps: int = EIGHTH
) -> Floats:
    """Return the share of notes that last `steps` steps or more, 0 to 1, shape (voices,).

    A note ends where the pitch changes or, with `strike` (steps, voices; for a single grid),
    where it is struck again. What a piece's end cuts off counts with the length it has. Bach's
    chorales, eighths and longer: .988, .964, .958, .995. NaN for a voice without notes.
    """
    grids = grids_of(pitch)
    if strike is not None and len(grids) != 1:
        raise ValueError("Strikes belong to one grid.")
    long, total = _long_notes(grids[0][:0], None, steps)
    for grid in grids:
        more = _long_notes(grid, strike, steps)
        long, total = long + more[0], total + more[1]
    with np.errstate(invalid="ignore"):
        return np.asarray(long / total)


def _long_notes(
    grid: npt.NDArray[np.int64], strike: npt.NDArray[np.bool_] | None, steps: int
) -> tuple[Floats, Floats]:
    """Return how many notes of each voice are long, and how many there are, both (voices,)."""
    voices = grid.shape[1]
    long, total = np.zeros(voices), np.zeros(voices)
    for voice in range(voices if len(grid) else 0):
        column = grid[:, voice]
        begins = np.r_[True, column[1:] != column[:-1]]
        if strike is not None:
            begins |= strike[:, voice] & (column != REST)
        first = np.flatnonzero(begins)
        length = np.diff(first, append=len(column))[column[first] != REST]
        long[voice], total[voice] = (length >= steps).sum(), len(length)
    return long, total


def tonal_distance(one: Grids, other: Grids, *, steps: int = BEAT) -> float:
    """Return how far two voices lie apart in the tonal space, mean over beats; from 0 up.

    Each beat's chroma (time on each pitch class, summing to 1) becomes a point on the circles of
    fifths, minor and major thirds (Harte, Sandler, Gasser 2006); the distance is Euclidean.
    `one` and `other` have the same length and any number of columns, which sound together. Beats
    in which either is silent do not count. Bach's soprano and bass: 1.45, with other bars' basses
    1.82. NaN without a beat.

    :raises ValueError: if the two have different lengths
    """
    first = _chroma(bars_of(one, bar_steps=steps)).sum(axis=1)
    second = _chroma(bars_of(other, bar_steps=steps)).sum(axis=1)
    if len(first) != len(second):
        raise ValueError("The two have different lengths.")
    both = (first.sum(axis=1) > 0) & (second.sum(axis=1) > 0)
    apart = _centroid(first[both]) - _centroid(second[both])
    return float(np.sqrt((apart**2).sum(axis=1)).mean()) if both.any() else float("nan")


def drum_pattern_rate(drums: npt.NDArray[np.bool_], *, bar_steps: int = BAR) -> float:
    """Return the share of drum strikes on the eighths of a bar, 0 to 1; NaN without a strike.

    `drums` (steps, kinds) is true where a drum is struck. MuseGAN counts strikes in patterns of
    8 or 16 beats a bar; on a grid of 16ths all lie on the 16, so the 8 are asked for.
    """
    struck = np.asarray(drums).sum(axis=1)
    on_eighth = np.arange(len(struck)) % bar_steps % EIGHTH == 0
    return float(struck[on_eighth].sum() / struck.sum()) if struck.sum() else float("nan")


def _chroma(bars: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the steps that each voice spends on each pitch class, shape (bars, voices, 12)."""
    classes = np.where(bars == REST, -1, bars % 12)
    return np.stack([(classes == c).sum(axis=1) for c in range(12)], axis=2)


def _centroid(chroma: npt.NDArray[np.int64]) -> Floats:
    """Return the points of chroma (bars, 12), none of them empty, shape (bars, 6)."""
    return np.asarray(chroma / chroma.sum(axis=1, keepdims=True) @ _CENTROIDS)


def _mean(values: npt.NDArray[np.bool_]) -> Floats:
    return values.mean(axis=0) if len(values) else np.full(values.shape[1:], np.nan)


def _mean_where(values: Floats, counts: npt.NDArray[np.bool_]) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.asarray((values * counts).sum(axis=0) / counts.sum(axis=0))
