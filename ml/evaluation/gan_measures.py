"""The accompanist's music beside the data: texture and harmony, measured as MuseGAN's was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.data.grids import GridPiece
from ml.evaluation.figures import figure
from ml.evaluation.grids import REST, Grid
from ml.evaluation.measures import dissonant_share, held_share, parallels
from ml.evaluation.musegan import (
    empty_bar_rate,
    pitch_classes_per_bar,
    share_of_notes_at_least,
    tonal_distance,
)
from ml.models.gan import Accompanist, draw
from ml.models.gan_grid import sounding_rows
from ml.models.gan_score import Line
from ml.techniques import AccompanyParameters

TRACKS = ("alto", "tenor", "bass")
PHRASE = 64  # steps: four bars, the length of a "held-out melody" here

Figures = dict[str, dict[str, Any]]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Played:
    """Pieces as grids (T, 4), highest voice first, with their strikes and drums (T, 9)."""

    pitch: list[Grid]
    strike: list[Flags]
    drums: list[Flags]
    source: list[GridPiece]


def line_of(piece: GridPiece) -> Line:
    """Return a piece's top voice as the melody that the accompanist reads."""
    return Line(
        piece.pitch[:, 0].astype(np.int64), piece.strike[:, 0],
        piece.position.astype(np.int64), piece.bar_steps.astype(np.int64), 0,
    )  # fmt: skip


def played(
    source: Sequence[GridPiece], asked: AccompanyParameters, *, seed: int, model: Accompanist
) -> Played:
    """Return the pieces' melodies with accompaniments of the model's."""
    pitch, strike, drums = [], [], []
    for number, piece in enumerate(source):
        drawn = draw(line_of(piece), asked, seed=1000 * seed + number, model=model)
        rows, begins = sounding_rows(drawn.classes)
        added = np.where(rows < 0, REST, rows + drawn.score.added_base)[::-1].T
        pitch.append(np.concatenate([piece.pitch[:, :1].astype(np.int64), added], axis=1))
        strike.append(np.concatenate([piece.strike[:, :1], begins[::-1].T], axis=1))
        drums.append(drawn.drums.T)
    return Played(pitch, strike, drums, list(source))


def written(source: Sequence[GridPiece]) -> Played:
    """Return the pieces as their composer wrote them."""
    return Played(
        [p.pitch.astype(np.int64) for p in source], [p.strike for p in source],
        [p.drums for p in source], list(source),
    )  # fmt: skip


def together(rounds: Sequence[Played]) -> Played:
    """Return several sets of pieces as one."""
    return Played(
        [g for r in rounds for g in r.pitch], [g for r in rounds for g in r.strike],
        [g for r in rounds for g in r.drums], [g for r in rounds for g in r.source],
    )  # fmt: skip


def texture_figures(ours: Played, data: Played) -> Figures:
    """Return how full the bars are and how long the notes: MuseGAN's EB, UPC and QN."""
    empty = _beside(lambda p: 100 * empty_bar_rate(p.pitch), ours, data)
    classes = _beside(lambda p: pitch_classes_per_bar(p.pitch), ours, data)
    eighths, data_eighths = long_notes(ours), long_notes(data)
    return {
        "empty_bars": figure(
            max(abs(a - b) for a, b in empty.values()),
            "Bars without a note, in percent: the largest difference from Bach among the tracks.",
            must=3.0,
        ) | {"tracks": _rows(empty)},
        "pitch_classes_per_bar": figure(
            max(abs(a - b) for a, b in classes.values()),
            "Different pitch classes in a bar that is not empty: the largest difference from "
            "Bach among the tracks.",
            must=0.3,
        ) | {"tracks": _rows(classes)},
        "notes_of_an_eighth": figure(
            float(np.fmin.reduce(eighths)),
            "Share of notes that last an 8th or longer, in the track with the fewest.",
            must=0.9, higher_is_better=True,
        ) | {"tracks": _rows(dict(zip(TRACKS, zip(eighths, data_eighths, strict=True),
                                      strict=True)))},
    }  # fmt: skip


def _beside(
    measure: Callable[[Played], Floats], ours: Played, data: Played
) -> dict[str, tuple[float, float]]:
    """Return a measure of the three added tracks: ours and the data's."""
    pairs = zip(measure(ours)[1:].tolist(), measure(data)[1:].tolist(), strict=True)
    return dict(zip(TRACKS, pairs, strict=True))


def _rows(pairs: Mapping[str, tuple[float, float]]) -> dict[str, dict[str, float]]:
    return {
        t: {"ours": round(float(a), 4), "data": round(float(b), 4)} for t, (a, b) in pairs.items()
    }


def long_notes(music: Played) -> Floats:
    """Return the share of notes of an 8th or longer, weighing all pieces alike, (3,).

    NaN for a track that never sounds.
    """
    shares = [
        share_of_notes_at_least(pitch, strike)[1:]
        for pitch, strike in zip(music.pitch, music.strike, strict=True)
    ]
    return mean_of(np.array(shares))


def mean_of(rows: Floats) -> Floats:
    """Return the mean of each column's numbers; NaN for a column without any."""
    known = ~np.isnan(rows)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, rows, 0.0).sum(axis=0) / known.sum(axis=0))


def harmony_figures(ours: Played, data: Played) -> Figures:
    """Return how well tracks and melody go together, and that it is this melody they go with."""
    distance, data_distance = (
        tonal_distance([g[:, :1] for g in p.pitch], [g[:, 3:] for g in p.pitch])
        for p in (ours, data)
    )
    worse, data_worse = shuffled_worse(ours), shuffled_worse(data)
    faults = parallels(ours.pitch)
    return {
        "tonal_distance": figure(
            distance / data_distance - 1,
            "Tonal distance of melody and bass (Harte 2006, by beat), relative to Bach's.",
            must=(-0.05, 0.05),
        ) | {"ours": distance, "data": data_distance},
        "shuffled_melodies": figure(
            worse,
            "How much larger the tonal distance of melody and bass becomes when each bass of four "
            "bars is heard with the melody of another piece.",
            must=0.15, higher_is_better=True,
        ) | {"data": data_worse},
        "dissonant_pairs": figure(
            dissonant_share(ours.pitch),
            "Share of sounding pairs of voices that are seconds, sevenths or tritones.",
            must=0.15,
        ) | {"data": dissonant_share(data.pitch)},
        "parallels": figure(
            faults.per_thousand,
            "Parallel fifths and octaves per 1,000 pairs of voices that move together.",
        ) | {"fifths": faults.fifths_per_thousand, "octaves": faults.octaves_per_thousand,
             "data": parallels(data.pitch).per_thousand},
        "held_cells": figure(
            held_share([g[:, 1:] for g in ours.pitch]),
            "Share of the added tracks' cells that repeat the one before.",
        ) | {"data": held_share([g[:, 1:] for g in data.pitch])},
    }  # fmt: skip


def shuffled_worse(music: Played) -> float:
    """Return by how much the melody-bass distance grows when phrases change partners."""
    phrases = [
        (number, grid[at : at + PHRASE])
        for number, grid in enumerate(music.pitch)
        for at in range(0, len(grid) - PHRASE + 1, PHRASE)
    ]
    order = np.random.default_rng(0).permutation(len(phrases))
    pairs = [
        (phrases[i][1], phrases[j][1])
        for i, j in zip(order, np.roll(order, 1), strict=True)
        if phrases[i][0] != phrases[j][0]
    ]
    own = tonal_distance([a[:, :1] for a, _ in pairs], [a[:, 3:] for a, _ in pairs])
    other = tonal_distance([b[:, :1] for _, b in pairs], [a[:, 3:] for a, _ in pairs])
    return other / own - 1
