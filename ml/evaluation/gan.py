"""Measures the accompanist on held-out melodies, beside what Bach wrote to them.

The sopranos of the test chorales are accompanied; bars, notes and beats of the added tracks are
measured as MuseGAN's authors did, with the data's own row beside each figure, since none of these
measures is better when higher.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ml.data.grids import GridPiece, pieces
from ml.evaluation.copying import copy_index, copy_rate
from ml.evaluation.figures import figure
from ml.evaluation.gan_measures import (
    Figures,
    Played,
    harmony_figures,
    long_notes,
    mean_of,
    played,
    texture_figures,
    together,
    written,
)
from ml.evaluation.grids import REST
from ml.evaluation.measures import cell_difference, dissonant_share
from ml.evaluation.musegan import (
    drum_pattern_rate,
    empty_bar_rate,
    pitch_classes_per_bar,
    tonal_distance,
)
from ml.models.gan import Accompanist, accompany
from ml.models.gan_grid import STYLES
from ml.music import Song, Track
from ml.music.voices import notes_of
from ml.techniques import WEIGHTS, AccompanyParameters, ModelUnavailable

N_SEEDS = 20
QUICK_PIECES = 8


def evaluate(*, quick: bool = False, algorithm: str = "unet", folder: Path = WEIGHTS) -> Figures:
    """Return every figure of an algorithm's shipped weights.

    `quick` takes 8 pieces and 5 seeds instead of all 72 and 20. All of it takes about 3 minutes
    on one core, most of it for the likelihood under the extender.

    :raises ModelUnavailable: if the weights are missing or damaged
    :raises NotPrepared: if `python -m ml data` has not been run
    """
    model = Accompanist(folder)
    model.generator(algorithm)
    found = pieces("chorale", "test")[: QUICK_PIECES if quick else None]
    asked = AccompanyParameters(algorithm=algorithm)
    rounds = [played(found, asked, seed=seed, model=model) for seed in range(1 if quick else 2)]
    ours = together(rounds)
    bach = together([written(found)] * len(rounds))
    return {
        **texture_figures(ours, bach),
        **harmony_figures(ours, bach),
        **_seeds(found[:10], asked, model, 5 if quick else N_SEEDS),
        **_copies(ours, bach),
        **_likelihood(ours, bach),
        **_other_styles(asked, model, quick=quick),
        **_speed(asked, model),
    }


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
        "pitch_classes_per_bar": float(mean_of(rates[1])),
        "notes_of_an_eighth": float(mean_of(long_notes(music))),
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
