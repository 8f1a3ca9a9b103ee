"""How the score is put together: which metrics count, in which group, with what weight.

`docs/metrics.md` gives the measurements behind these numbers. A change here changes the version
of every score.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """How one metric counts.

    `weight` is relative to the other metrics of its group. `narrowest` is the least distance
    between a full mark and a low one, in the metric's own unit, however alike the reference
    pieces are; `widest` the most, however different. The band holds the reference pieces
    between the quantiles `low` and `high`.
    """

    group: str
    weight: float
    narrowest: float
    widest: float
    low: float = 0.10
    high: float = 0.90
    always: bool = False


GROUPS = {
    "harmony": 0.20,
    "melody": 0.20,
    "rhythm": 0.16,
    "structure": 0.16,
    "texture": 0.08,
    "likelihood": 0.20,
}
"""Weights of the groups; they sum to 1."""

PLANS: dict[str, Plan] = {
    "pitch_class_entropy": Plan("harmony", 1.0, 0.10, 0.40),
    "scale_consistency": Plan("harmony", 1.0, 0.03, 0.10),
    "dissonance": Plan("harmony", 1.0, 0.03, 0.08),
    "triad_cover": Plan("harmony", 1.0, 0.05, 0.15),
    "voice_fit": Plan("harmony", 3.0, 0.15, 0.30),
    "chord_surprise": Plan("harmony", 1.5, 0.30, 1.00),
    "progression_surprise": Plan("harmony", 1.5, 0.30, 1.20),
    "step_share": Plan("melody", 1.0, 0.08, 0.15),
    "leap_share": Plan("melody", 1.0, 0.03, 0.10),
    "line_range": Plan("melody", 0.5, 3.0, 10.0),
    "pitch_entropy": Plan("melody", 1.0, 0.30, 0.80),
    "interval_surprise": Plan("melody", 2.0, 0.20, 0.60),
    "interval_profile": Plan("melody", 2.0, 0.02, 0.06),
    "groove": Plan("rhythm", 1.0, 0.05, 0.12),
    "distinct_patterns": Plan("rhythm", 1.0, 0.10, 0.30),
    "off_beat_share": Plan("rhythm", 0.7, 0.08, 0.25),
    "onsets_per_beat": Plan("rhythm", 0.7, 0.30, 1.00),
    "rhythm_surprise": Plan("rhythm", 1.5, 0.30, 1.00),
    "rhythm_profile": Plan("rhythm", 1.0, 0.05, 0.15),
    "bar_repetition": Plan("structure", 1.0, 0.10, 0.25),
    "bar_similarity": Plan("structure", 1.0, 0.05, 0.15),
    "late_novelty": Plan("structure", 1.0, 0.10, 0.20),
    "distinct_bars": Plan("structure", 1.5, 0.50, 0.80),
    "motif_repetition": Plan("structure", 1.0, 0.08, 0.20),
    "polyphony": Plan("texture", 1.0, 0.30, 1.00, always=True),
    "polyphony_rate": Plan("texture", 1.0, 0.10, 0.30),
    "empty_beats": Plan("texture", 1.0, 0.02, 0.10),
    "likelihood": Plan("likelihood", 1.0, 0.10, 0.40, always=True),
}
"""All metrics of the score in the order in which they are shown."""

FLOOR = 0.05  # least mark of a metric: one odd value does not erase the others
STEEPNESS = 2.0  # the mark is 1 / (1 + STEEPNESS d^2), d the distance from the band in widths

ENOUGH = {"n_notes": 32.0, "n_beats": 16.0, "n_pitch_classes": 5.0}
"""From these sizes on a piece is long enough to be judged; below, the score shrinks with it."""
