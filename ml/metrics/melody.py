"""Melody: how the lines move. A line is the top note at each onset of a track."""

from __future__ import annotations

import numpy as np

from ml.metrics.harmony import entropy_bits
from ml.metrics.material import Ints, Material

STEP = 2  # semitones, a whole tone
LEAP = 7  # semitones, a fifth; a leap is wider


def intervals(m: Material) -> Ints:
    """Return all intervals inside lines in semitones, up positive, shape (intervals,)."""
    found = [np.diff(pitch) for pitch, _ in m.lines]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def step_share(m: Material) -> float:
    """Return the share of melodic intervals of at most a whole tone, from 0 to 1.

    Repeated notes count as steps. 0 without intervals.
    """
    moves = np.abs(intervals(m))
    return float((moves <= STEP).mean()) if len(moves) else 0.0


def leap_share(m: Material) -> float:
    """Return the share of melodic intervals wider than a fifth, from 0 to 1; 0 without any."""
    moves = np.abs(intervals(m))
    return float((moves > LEAP).mean()) if len(moves) else 0.0


def line_range(m: Material) -> float:
    """Return the mean distance between lowest and highest note of a line, in semitones.

    0 without lines.
    """
    spans = [int(pitch.max() - pitch.min()) for pitch, _ in m.lines if len(pitch)]
    return float(np.mean(spans)) if spans else 0.0


def pitch_entropy(m: Material) -> float:
    """Return how evenly the pitches are used, in bits from 0 to 7.

    H = -sum p log2 p over the 128 pitches, counting notes. 0 without notes.

    Source: MusPy's `pitch_entropy`.
    """
    return entropy_bits(np.bincount(m.pitch, minlength=128))
