"""Measures the accompanist on held-out melodies, beside what Bach wrote to them.

The sopranos of the test chorales are accompanied; bars, notes and beats of the added tracks are
measured as MuseGAN's authors did, with the data's own row beside each figure, since none of these
measures is better when higher.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.data.grids import GridPiece, pieces
from ml.evaluation.copying import copy_index, copy_rate
from ml.evaluation.figures import figure
from ml.evaluation.grids import REST, Grid
from ml.evaluation.measures import cell_difference, dissonant_share, held_share, parallels
from ml.evaluation.musegan import (
    drum_pattern_rate,
    empty_bar_rate,
    pitch_classes_per_bar,
    share_of_notes_at_least,
    tonal_distance,
)
from ml.models.gan import Accompanist, accompany, draw, load
from ml.models.gan_grid import STYLES, sounding_rows
from ml.models.gan_score import Line
from ml.music import Song, Track
from ml.music.voices import notes_of
from ml.techniques import AccompanyParameters, ModelUnavailable

TRACKS = ("alto", "tenor", "bass")
PHRASE = 64  # steps: four bars, the length of a "held-out melody" here
N_SEEDS = 20
QUICK_PIECES = 8

Figures = dict[str, dict[str, Any]]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Played:
    """Pieces as grids (T, 4), highest voice first, with their strikes and drums (T, 9)."""

    pitch: list[Grid]
    strike: list[Flags]
    drums: list[Flags]
    source: list[GridPiece]


def evaluate(*, quick: bool = False, algorithm: str = "unet") -> Figures:
    """Return every figure of an algorithm's shipped weights.

    `quick` takes 8 pieces and 5 seeds instead of all 72 and 20. All of it takes about 3 minutes
    on one core, most of it for the likelihood under the extender.

    :raises ModelUnavailable: if the weights are missing or damaged
    :raises NotPrepared: if `python -m ml data` has not been run
    """
    model = load()
    found = pieces("chorale", "test")[: QUICK_PIECES if quick else None]
    asked = AccompanyParameters(algorithm=algorithm)
    rounds = [played(found, asked, seed=seed, model=model) for seed in range(1 if quick else 2)]
    ours = _together(rounds)
    bach = _together([written(found)] * len(rounds))
    return {
        **texture_figures(ours, bach),
        **harmony_figures(ours, bach),
        **_seeds(found[:10], asked, model, 5 if quick else N_SEEDS),
        **_copies(ours, bach),
        **_likelihood(ours, bach),
        **_other_styles(asked, model, quick=quick),
        **_speed(asked, model),
    }


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


def _together(rounds: Sequence[Played]) -> Played:
    return Played(
        [g for r in rounds for g in r.pitch], [g for r in rounds for g in r.strike],
        [g for r in rounds for g in r.drums], [g for r in rounds for g in r.source],
    )  # fmt: skip


def texture_figures(ours: Played, data: Played) -> Figures:
    """Return how full the bars are and how long the notes: MuseGAN's EB, UPC and QN."""
    empty = _beside(lambda p: 100 * empty_bar_rate(p.pitch), ours, data)
    classes = _beside(lambda p: pitch_classes_per_bar(p.pitch), ours, data)
    eighths, data_eighths = _long_notes(ours), _long_notes(data)
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
            float(eighths.min()),
            "Share of notes that last an 8th or longer, in the track with the fewest.",
            must=0.9, higher_is_better=True,
        ) | {"tracks": _rows(dict(zip(TRACKS, zip(eighths, data_eighths, strict=True),
                                      strict=True)))},
    }  # fmt: skip


def _beside(
    measure: Callable[[Played], npt.NDArray[np.float64]], ours: Played, data: Played
) -> dict[str, tuple[float, float]]:
    """Return a measure of the three added tracks: ours and the data's."""
    pairs = zip(measure(ours)[1:].tolist(), measure(data)[1:].tolist(), strict=True)
    return dict(zip(TRACKS, pairs, strict=True))


def _rows(pairs: Mapping[str, tuple[float, float]]) -> dict[str, dict[str, float]]:
    return {
        t: {"ours": round(float(a), 4), "data": round(float(b), 4)} for t, (a, b) in pairs.items()
    }


def _long_notes(music: Played) -> npt.NDArray[np.float64]:
    """Return the share of notes of an 8th or longer, weighing all pieces alike, (3,)."""
    shares = [
        share_of_notes_at_least(pitch, strike)[1:]
        for pitch, strike in zip(music.pitch, music.strike, strict=True)
    ]
    return np.asarray(np.nanmean(shares, axis=0))


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


def _seeds(
    found: Sequence[GridPiece], asked: AccompanyParameters, model: Accompanist, count: int
) -> Figures:
    """Return how much accompaniments of one melody differ between seeds."""
    shares = []
    for piece in found:
        several = [played([piece], asked, seed=seed, model=model) for seed in range(count)]
        shares.append(cell_difference([p.pitch[0][:, 1:] for p in several]))
    return {
        "seeds_differ": figure(
            min(shares),
            f"Share of the added tracks' cells in which two of {count} seeds differ, mean over "
            "pairs, for the melody where they differ least: near 0 would be a collapse.",
            must=0.15, higher_is_better=True,
        ) | {"mean": statistics.mean(shares), "melodies": len(shares)},
    }  # fmt: skip


def _copies(ours: Played, data: Played) -> Figures:
    index = copy_index([p.pitch.astype(np.int64) for p in pieces("chorale", "train")])
    return {
        f"copied_{bars}_bar": figure(
            copy_rate(ours.pitch, index, bars=bars),
            f"Share of passages of {bars} bar(s), all four voices, that occur in the training "
            "chorales, up to transposition.",
            must=0.08 if bars == 1 else None,
        ) | {"data": copy_rate(data.pitch, index, bars=bars)}
        for bars in (1, 2)
    }  # fmt: skip


def _likelihood(ours: Played, data: Played) -> Figures:
    """Return nats per note under the extender, where its weights are there."""
    values = [_nats(music) for music in (ours, data)]
    return {
        "nats_per_note": figure(
            values[0],
            "Mean nats of all cells of melody and accompaniment under the extender's decoder "
            "(chorale style); shuffled notes .94, misaligned voices 1.09, random notes 6.5.",
            must=None, aim=1.0, record=0.7,
        ) | {"data": values[1]},
    }  # fmt: skip


def _nats(music: Played) -> float | None:
    from ml.models import transformer
    from ml.models.transformer_frames import line_of as frames_of
    from ml.models.transformer_frames import without_strikes
    from ml.models.transformer_likelihood import nats_per_note

    try:
        net = transformer.load().network
    except ModelUnavailable:
        return None
    lines = [
        without_strikes(frames_of(pitch, strike, p.position, p.bar_steps, "chorale"))
        for pitch, strike, p in zip(music.pitch, music.strike, music.source, strict=True)
    ]
    return nats_per_note(net, lines)


def _other_styles(asked: AccompanyParameters, model: Accompanist, *, quick: bool) -> Figures:
    """Return the same measures for the other styles' test pieces, without targets."""
    found: Figures = {}
    for style in STYLES[1:]:
        wanted = AccompanyParameters(algorithm=asked.algorithm, style=style)
        source = [p for p in pieces(style, "test") if (p.pitch[:, 0] != REST).mean() > 0.4]
        source = source[: 4 if quick else None]
        ours, data = played(source, wanted, seed=0, model=model), written(source)
        found[f"style_{style}"] = figure(
            {"ours": _summary(ours), "data": _summary(data)},
            "The measures above on this style's test pieces whose melody sounds for 40 % or more.",
        )
    return found


def _summary(music: Played) -> dict[str, float]:
    rates = empty_bar_rate(music.pitch)[1:], pitch_classes_per_bar(music.pitch)[1:]
    struck = [d for d in music.drums if len(d) and d.any()]
    summary = {
        "empty_bars_percent": float(100 * rates[0].mean()),
        "pitch_classes_per_bar": float(np.nanmean(rates[1])),
        "notes_of_an_eighth": float(np.nanmean(_long_notes(music))),
        "tonal_distance": tonal_distance(
            [g[:, :1] for g in music.pitch], [g[:, 3:] for g in music.pitch]
        ),
        "dissonant_pairs": dissonant_share(music.pitch),
    }
    if struck and all(p.style == "arcade" for p in music.source):
        summary["drums_on_eighths"] = drum_pattern_rate(np.concatenate(struck))
        summary["drum_strikes_per_beat"] = float(4 * np.concatenate(struck).sum(axis=1).mean())
    return summary


def _speed(asked: AccompanyParameters, model: Accompanist) -> Figures:
    piece = max(pieces("chorale", "test"), key=len)
    notes = notes_of(piece.pitch[:128].astype(np.int16), piece.strike[:128], 0)
    song = Song((Track("Soprano", 0, is_drum=False, notes=notes),))
    seconds = []
    for seed in range(25):
        begun = time.perf_counter()
        accompany(song, asked, seed=seed, model=model)
        seconds.append(time.perf_counter() - begun)
    return {
        "seconds_for_8_bars": figure(
            statistics.median(seconds[5:]), "Seconds for a melody of 8 bars, warm, one process.",
            must=0.2, aim=0.05,
        )
    }  # fmt: skip
