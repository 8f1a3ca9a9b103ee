"""Measures the extender: how well it predicts held-out Bach, and what its extensions are like.

Likelihood is measured as in the literature on JSB chorales (quantity "nats per note": the mean
cross-entropy of all cells of four voices by 16th notes, held cells included, each scored once;
which repeated notes are struck again is not told). The extensions go on from the first four bars
of every test chorale, by the parameters' defaults, beside what Bach wrote there himself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from ml.data.grids import GridPiece, pieces
from ml.evaluation.copying import copy_index, copy_rate
from ml.evaluation.figures import figure
from ml.evaluation.grids import REST, Grid
from ml.evaluation.measures import dissonant_share, held_share, parallels
from ml.evaluation.two_sample import two_sample
from ml.models.transformer import Extender, extend_many, load
from ml.models.transformer_features import N_TOKENS, STYLES
from ml.models.transformer_frames import Line, line_of, without_strikes
from ml.models.transformer_likelihood import CellNats, cell_nats
from ml.models.transformer_net import Transformer
from ml.music import KeySignature, Song, TimeSignature, Track
from ml.music.voices import STEPS_PER_BEAT, notes_of, voices_of
from ml.techniques import ExtendParameters, Generated

PRIMER = 64
"""Steps that an extension of the evaluation begins from: four bars of 4/4."""

QUICK_PIECES = 12
_BATCH = 24
_NAMES = ("Soprano", "Alto", "Tenor", "Bass")

Figures = dict[str, dict[str, Any]]


def evaluate(*, quick: bool = False, model: Extender | None = None) -> Figures:
    """Return every figure with its definition and targets; `quick` takes 12 pieces of each side.

    About three minutes on one core, half a minute if `quick`.

    :raises ModelUnavailable: if the shipped weights are missing or damaged
    :raises NotPrepared: if there are no grids: `python -m ml data` makes them
    """
    extender = model or load()
    most = QUICK_PIECES if quick else None
    valid, test = (pieces("chorale", side)[:most] for side in ("valid", "test"))
    figures = likelihood(extender.network, valid, test)
    figures |= other_styles(extender.network, most)
    return figures | samples(extender, test, seed=0)


def likelihood(
    network: Transformer, valid: Sequence[GridPiece], test: Sequence[GridPiece]
) -> Figures:
    """Return the figures of how well held-out chorales are predicted."""
    costs = {"valid": _costs(network, valid), "test": _costs(network, test)}
    note = partial(figure, must=0.42, aim=0.38, record=0.335)
    about = (
        "Mean nats of all cells of the {} JSB {} chorales: 4 voices by 16th notes, held cells "
        "included, strikes unknown, every cell once with at least 128 steps before it where "
        "there are any."
    )
    figures = {
        f"nats_per_note_{side}": note(_mean(c), about.format(len(c), side))
        for side, c in costs.items()
    }
    v = costs["valid"]
    figures["nats_per_note_valid_mean_of_pieces"] = figure(
        float(np.mean([c.cells.mean() for c in v])),
        "The same on the valid chorales, averaged by piece instead of by cell.",
    )
    figures["nats_per_frame_valid"] = figure(
        4 * _mean(v), "The same on the valid chorales, summed over the four voices of a step."
    )
    figures["accuracy_valid"] = figure(
        float(np.concatenate([c.right.ravel() for c in v]).mean()),
        "Share of the valid chorales' cells that are the likeliest, given what comes before.",
    )
    figures["nats_per_strike_valid"] = _strikes(network, valid)
    figures["nats_per_note_untrained"] = figure(
        _mean(_costs(untrained(network), valid[:QUICK_PIECES])),
        f"The same for a network without training: ln {N_TOKENS} = {math.log(N_TOKENS):.4f} if "
        "the measure reads right.",
        must=(math.log(N_TOKENS) - 0.001, math.log(N_TOKENS) + 0.001),
    )
    return figures


def untrained(network: Transformer) -> Transformer:
    """Return a network of the same sizes as it is before training."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Transformer(network.config).eval()


def _strikes(network: Transformer, valid: Sequence[GridPiece]) -> dict[str, Any]:
    found = cell_nats(network, [_line(p) for p in valid])
    strikes = np.concatenate([c.strikes.ravel() for c in found])
    return figure(
        float(strikes.sum() / max((strikes > 0).sum(), 1)),
        "Mean nats, over the cells that repeat the pitch before, to say whether it is struck.",
    )


def other_styles(network: Transformer, most: int | None = None) -> Figures:
    """Return nats per note on the valid pieces of the other styles (voices that sound)."""
    figures: Figures = {}
    for style in STYLES[1:]:
        found = pieces(style, "valid")[:most]
        costs = _costs(network, found)
        cells = [
            c.cells[:, (p.pitch != REST).any(axis=0)].ravel()
            for c, p in zip(costs, found, strict=True)
        ]
        figures[f"nats_per_note_{style}"] = figure(
            float(np.concatenate(cells).mean()) if cells else math.nan,
            f"Mean nats of the cells of the valid {style} pieces' sounding voices.",
        )
    return figures


def _line(piece: GridPiece) -> Line:
    return line_of(piece.pitch, piece.strike, piece.position, piece.bar_steps, piece.style)


def _costs(network: Transformer, found: Sequence[GridPiece]) -> list[CellNats]:
    return cell_nats(network, [without_strikes(_line(p)) for p in found])


def _mean(costs: Sequence[CellNats]) -> float:
    return float(np.concatenate([c.cells.ravel() for c in costs]).mean(dtype=np.float64))


@dataclass(frozen=True, eq=False)
class Extensions:
    """Beginnings of pieces, what the extender wrote behind them, and what the composer did."""

    primers: list[Grid]
    ours: list[Grid]
    real: list[Grid]


def samples(extender: Extender, test: Sequence[GridPiece], *, seed: int) -> Figures:
    """Return the figures of extensions by the default parameters."""
    e = extensions(extender, test, seed=seed)
    figures = _texture(e)
    index = copy_index([p.pitch for p in pieces("chorale", "train")])
    as_long = [mine[: len(bach)] for mine, bach in zip(e.ours, e.real, strict=True)]
    for bars, must, aim in ((1, 0.08, _rounded(copy_rate(e.real, index))), (2, 0.02, None)):
        rates = {
            name: _rounded(copy_rate(grids, index, bars=bars))
            for name, grids in (("ours", e.ours), ("data", e.real), ("as_long_as_bach", as_long))
        }
        figures[f"copy_rate_{bars}_bar"] = figure(
            rates.pop("ours"),
            f"Share of the extensions' passages of {bars} bar(s) that occur in the training "
            "chorales at any transposition; the aim is what Bach's own continuations reach, "
            "`as_long_as_bach` counts no further than he went on.",
            must=must, aim=aim,
        ) | rates  # fmt: skip
    return figures | _told_apart(e, seed)


def _texture(e: Extensions) -> Figures:
    ours, real = parallels(e.ours), parallels(e.real)
    overlap, overlap_real = (
        [_overlap(p, g) for p, g in zip(e.primers, found, strict=True)]
        for found in (e.ours, e.real)
    )
    return {
        "parallels_per_1000": figure(
            round(ours.per_thousand, 3),
            f"Parallel fifths and octaves per 1,000 of the {ours.moving_pairs} moving pairs of "
            "voices in the extensions.",
            must=2.0, aim=1.0,
        ) | {"data": round(real.per_thousand, 3)},
        "dissonant_share": figure(
            _rounded(dissonant_share(e.ours)),
            "Share of seconds, sevenths and tritones among sounding pairs of voices.",
            aim=(0.09, 0.13),
        ) | {"data": _rounded(dissonant_share(e.real))},
        "held_share": figure(
            _rounded(held_share(e.ours)), "Share of cells that equal the one before.",
            aim=(0.74, 0.82),
        ) | {"data": _rounded(held_share(e.real))},
        "chroma_overlap": figure(
            _rounded(float(np.mean(overlap))),
            "Overlap (0 to 1) of the pitch classes' durations of primer and extension; the aim is "
            "the lowest tenth of Bach's own continuations.",
            aim=_rounded(float(np.percentile(overlap_real, 10))), higher_is_better=True,
        ) | {"data": _rounded(float(np.mean(overlap_real)))},
    }  # fmt: skip


def _told_apart(e: Extensions, seed: int) -> Figures:
    found = two_sample(e.ours, [*e.real], seed=seed)
    return {
        "two_sample_accuracy": figure(
            _rounded(found.accuracy),
            "Share of 8-bar windows that a small network, trained on others, tells right from "
            f"Bach's continuations; 95 % interval {found.low:.3f} to {found.high:.3f}, "
            f"{found.windows} windows; between two halves of Bach {found.control.accuracy:.3f}.",
            aim=0.65, record=0.55,
        )
    }  # fmt: skip


def extensions(extender: Extender, test: Sequence[GridPiece], *, seed: int) -> Extensions:
    """Return what is written behind the first whole four bars of each piece, 30 seconds of it."""
    long = [p for p in map(_from_first_bar, test) if len(p.pitch) >= PRIMER + 16]
    requests = [
        (song_of(p, PRIMER), ExtendParameters(style="chorale"), seed + i)
        for i, p in enumerate(long)
    ]
    ours = list[Grid]()
    for first in range(0, len(requests), _BATCH):
        for found in extend_many(requests[first : first + _BATCH], extender):
            if not isinstance(found, Generated):
                raise found
            ours.append(voices_of(found.song).pitch[PRIMER:])
    return Extensions([p.pitch[:PRIMER] for p in long], ours, [p.pitch[PRIMER:] for p in long])


def _from_first_bar(piece: GridPiece) -> GridPiece:
    """Return the piece without the notes before its first whole bar."""
    first = int(np.argmax(piece.position == 0))
    return GridPiece(
        piece.name, piece.style, piece.pitch[first:], piece.strike[first:],
        piece.position[first:], piece.bar_steps[first:], piece.drums, piece.qpm, piece.fifths,
    )  # fmt: skip


def song_of(piece: GridPiece, n_steps: int) -> Song:
    """Return the first steps of a piece that begins with a bar as a song of four tracks."""
    pitch, strike = piece.pitch[:n_steps].astype(np.int16), piece.strike[:n_steps]
    tracks = tuple(
        Track(_NAMES[voice], 0, False, notes_of(pitch, strike, voice)) for voice in range(4)
    )
    beats = int(piece.bar_steps[0]) // STEPS_PER_BEAT
    return Song(
        tracks,
        time_signatures=(TimeSignature(0, beats, 4),),
        key_signatures=(KeySignature(0, piece.fifths, is_minor=False),),
    )


def _overlap(one: Grid, other: Grid) -> float:
    """Return the overlap of two histograms of pitch classes, 0 to 1."""
    shares = [_chroma(one), _chroma(other)]
    return float(np.minimum(*shares).sum())


def _chroma(grid: Grid) -> npt.NDArray[np.float64]:
    count = np.bincount(grid[grid != REST] % 12, minlength=12).astype(float)
    return np.asarray(count / max(count.sum(), 1))


def _rounded(value: float) -> float:
    return round(value, 4)
