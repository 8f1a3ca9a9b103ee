"""Metrics: raw values of a song, their place among a style's pieces, and the score.

features(song) -> place(...) -> MusicalScore; score(song) does both.
"""

from __future__ import annotations

from ml.metrics.placing import MetricScore, MusicalScore, place, place_many
from ml.metrics.raw import Features, measure
from ml.metrics.shipped import (
    ANY,
    STYLES,
    StyleReference,
    features_version,
    reference_for,
    score_version,
    shipped_tables,
)
from ml.music import Song

__all__ = [
    "ANY",
    "STYLES",
    "Features",
    "MetricScore",
    "MusicalScore",
    "StyleReference",
    "features",
    "features_version",
    "place",
    "place_many",
    "reference_for",
    "score",
    "score_version",
]


def features(song: Song) -> Features:
    """Return the raw values of all metrics of a song; every value is finite."""
    return Features(measure(song, shipped_tables()), features_version())


def score(song: Song, *, style: str = ANY) -> MusicalScore:
    """Return the score of a song in a style, by default in the style that it fits best.

    :raises KeyError: if there is no such style
    """
    return place(features(song), style=style)
