"""All metrics of a song at once, before any judgement: the raw values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ml.metrics import fit, grammar, harmony, melody, rhythm, structure
from ml.metrics.grid import material_of
from ml.metrics.likelihood import LIKELIHOOD, nats_per_cell
from ml.metrics.material import Material
from ml.music import Song

CODE_VERSION = 1
"""Raise it when a formula changes; stored features of another version must be made again."""

PLAIN: dict[str, Callable[[Material], float]] = {
    "pitch_class_entropy": harmony.pitch_class_entropy,
    "scale_consistency": harmony.scale_consistency,
    "dissonance": harmony.dissonance,
    "triad_cover": harmony.triad_cover,
    "voice_fit": fit.voice_fit,
    "step_share": melody.step_share,
    "leap_share": melody.leap_share,
    "line_range": melody.line_range,
    "pitch_entropy": melody.pitch_entropy,
    "groove": rhythm.groove,
    "distinct_patterns": rhythm.distinct_patterns,
    "off_beat_share": rhythm.off_beat_share,
    "onsets_per_beat": rhythm.onsets_per_beat,
    "bar_repetition": structure.bar_repetition,
    "bar_similarity": structure.bar_similarity,
    "late_novelty": structure.late_novelty,
    "distinct_bars": structure.distinct_bars,
    "motif_repetition": structure.motif_repetition,
    "polyphony": structure.polyphony,
    "polyphony_rate": structure.polyphony_rate,
    "empty_beats": structure.empty_beats,
}
"""The metrics that need no reference, by name."""


@dataclass(frozen=True, slots=True)
class Features:
    """Raw values of one song: `values` by metric name, every one finite.

    Surprises and likelihoods are kept once per style, under `name@style`.
    """

    values: Mapping[str, float]
    version: str

    def as_dict(self) -> dict[str, object]:
        """Return the features as JSON can hold them."""
        return {"version": self.version, "values": dict(self.values)}


def plain_values(m: Material) -> dict[str, float]:
    """Return the values of all metrics that need no reference, and the measures of size."""
    values = {name: metric(m) for name, metric in PLAIN.items()}
    values["n_notes"] = float(len(m.pitch))
    values["n_beats"] = float(m.beats)
    values["n_pitch_classes"] = float(np.count_nonzero(np.bincount(m.pitch % 12, minlength=12)))
    return values


def measure(song: Song, tables: Mapping[str, grammar.Tables]) -> dict[str, float]:
    """Return all values of a song, with its surprise under each style's tables and decoder."""
    m = material_of(song)
    values = plain_values(m)
    events = grammar.tokens(m)
    for style, table in tables.items():
        for name, bits in table.measure(events).items():
            values[f"{name}@{style}"] = bits
    for style, nats in nats_per_cell(song, tuple(tables)).items():
        values[f"{LIKELIHOOD}@{style}"] = nats
    return values
