"""Measures the editor: likelihood, wrong notes found and mended, and what it composes.

Likelihood is Coconet's Algorithm 1 on the JSB test chorales (`ar_cnn_order`), with the untrained
model as the check that the measure reads right, and nats per hidden cell as in training. Wrong
notes are planted in test chorales. The samples are the sopranos of the test chorales' first eight
bars, which `edit` harmonizes by its defaults, beside what Bach wrote there.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from ml.data.grids import GridPiece, pieces
from ml.evaluation.ar_cnn_order import UNTRAINED, algorithm_1
from ml.evaluation.ar_cnn_wrong import (
    WRONG,
    auc,
    break_even,
    fitting,
    spoil,
    suspicion,
    whole,
)
from ml.evaluation.copying import copy_index, copy_rate
from ml.evaluation.figures import figure
from ml.evaluation.grids import Grid
from ml.evaluation.measures import dissonant_share, held_share, parallels
from ml.evaluation.two_sample import two_sample
from ml.models.ar_cnn import Editor, edit, load
from ml.models.ar_cnn_net import N_VOICES, REST
from ml.models.ar_cnn_rolls import LOWEST, Roll
from ml.music import Song, Track
from ml.music.voices import notes_of, voices_of
from ml.techniques import EditParameters
from ml.training.ar_cnn import hidden_cell_loss
from ml.training.ar_cnn_examples import KINDS, STEPS, crop

ORDERS = 5
STEPS_ASKED = 48  # of each piece
QUICK_PIECES = 8
_NAMES = ("Soprano", "Alto", "Tenor", "Bass")

Figures = dict[str, dict[str, Any]]


def evaluate(*, quick: bool = False, model: Editor | None = None) -> Figures:
    """Return every figure with its definition and targets; `quick` takes few pieces.

    About a quarter of an hour on one core, a minute if `quick`.

    :raises ModelUnavailable: if the shipped weights are missing or damaged
    :raises NotPrepared: if there are no grids: `python -m ml data` makes them
    """
    editor = model or load()
    most = QUICK_PIECES if quick else None
    train, valid, test = (pieces("chorale", s)[:most] for s in ("train", "valid", "test"))
    figures = likelihood(editor, valid, test, quick=quick)
    figures |= wrong_notes(editor, test)
    figures |= mending(editor, test[: most or 24])
    return figures | samples(editor, train, test, quick=quick)


def likelihood(
    editor: Editor, valid: Sequence[GridPiece], test: Sequence[GridPiece], *, quick: bool = False
) -> Figures:
    """Return how well held-out chorales are predicted in any order."""
    orders, steps = (1, 16) if quick else (ORDERS, STEPS_ASKED)
    rolls = [whole(p) for p in test]
    found = algorithm_1(rolls, editor.log_probabilities, orders=orders, steps=steps, seed=0)
    few = algorithm_1(rolls[:2], untrained(editor).log_probabilities, orders=1, steps=4, seed=0)
    figures = {
        "algorithm_1_test": figure(
            found.mean,
            f"Coconet's Algorithm 1 in nats per 16th step on the {len(test)} JSB test chorales: "
            f"random order of steps, within a step conditioned on the model's own likeliest notes, "
            f"{orders} orders averaged in probability, {steps} random steps of each whole piece, "
            "128 steps of context.",
            must=0.80, aim=0.62, record=0.57,
        ),
        "algorithm_1_standard_error": figure(
            found.error, "The standard error of that mean, over pieces."
        ),
        "algorithm_1_untrained": figure(
            few.mean,
            f"The same for the network with all its outputs at zero: must read 4 ln 49 = "
            f"{UNTRAINED:.4f}, or the measure is wrong.",
            must=(UNTRAINED - 1e-3, UNTRAINED + 1e-3),
        ),
    }  # fmt: skip
    for side, found_pieces in (("valid", valid), ("test", test)):
        crops = [crop(p, None) for p in found_pieces]
        by_kind = {k: hidden_cell_loss(editor.network, crops, k) for k in KINDS}
        figures[f"hidden_cell_{side}"] = figure(
            by_kind["cells"],
            "Nats per hidden cell, any share of the cells of 8 bars hidden (Coconet's training "
            f"objective), on the beginnings of the {side} chorales.",
            aim=0.50,
        )
        figures[f"hidden_cell_{side}_by_kind"] = figure(
            by_kind, "The same by what is hidden: whole steps, cells, whole voices, whole notes."
        )
    return figures


def untrained(editor: Editor) -> Editor:
    """Return the editor with a network that finds every class equally likely."""
    blank = copy.deepcopy(editor.network)
    for layer in (blank.notes, blank.rest, blank.beats.rest):
        torch.nn.init.zeros_(layer.weight)
        if layer.bias is not None:
            torch.nn.init.zeros_(layer.bias)
    return Editor(blank)


def wrong_notes(editor: Editor, test: Sequence[GridPiece], *, seed: int = 0) -> Figures:
    """Return how well planted wrong notes are told from the right ones, in one pass."""
    dice = np.random.default_rng(seed)
    spoiled = [spoil(p, dice) for p in test]
    scores = [suspicion(editor, s) for s in spoiled]
    score, wrong = np.concatenate(scores), np.concatenate([s.wrong for s in spoiled])
    length = np.concatenate([s.until - s.first for s in spoiled])
    cell_score, cell_wrong = np.repeat(score, length), np.repeat(wrong, length)
    about = (
        f"{100 * WRONG:g} % of the notes of the {len(test)} test chorales' first 8 bars moved by "
        "1 to 3 semitones; a note's score is the network's log-odds for its likeliest other row, "
        "in one pass with everything visible; every 16th cell counts."
    )
    return {
        "wrong_notes_auc": figure(
            auc(cell_score, cell_wrong),
            f"Area under the ROC curve at finding wrong notes: {about}",
            must=0.97, aim=0.985, higher_is_better=True,
        ),
        "wrong_notes_precision_recall": figure(
            break_even(cell_score, cell_wrong),
            "Precision where it equals recall, the same test.",
            must=0.80, aim=0.87, higher_is_better=True,
        ),
        "wrong_notes_precision_recall_by_note": figure(
            break_even(score, wrong), "The same with every note counting once."
        ),
    }  # fmt: skip


def mending(editor: Editor, test: Sequence[GridPiece], *, seed: int = 1) -> Figures:
    """Return what `edit` by its defaults does to planted wrong notes and to right ones."""
    dice = np.random.default_rng(seed)
    mended = kept = n_wrong = n_right = 0
    for number, piece in enumerate(test):
        spoiled = spoil(piece, dice)
        song, up = _song_of(spoiled.roll, piece)
        out = voices_of(edit(song, EditParameters(), seed=number, model=editor).song).pitch
        found = np.full(spoiled.true.shape, -1, dtype=np.int64)
        found[: len(out)] = out[: len(found)]
        true = np.where(spoiled.true == REST, -1, spoiled.true + up)
        same = [
            bool((found[a:b, v] == true[a:b, v]).all())
            for v, a, b in zip(spoiled.voice, spoiled.first, spoiled.until, strict=True)
        ]
        mended += int(np.array(same)[spoiled.wrong].sum())
        kept += int(np.array(same)[~spoiled.wrong].sum())
        n_wrong, n_right = n_wrong + int(spoiled.wrong.sum()), n_right + int((~spoiled.wrong).sum())
    about = f"in {len(test)} test chorales with {100 * WRONG:g} % wrong notes, by the defaults."
    return {
        "edit_wrong_notes_mended": figure(
            mended / max(1, n_wrong), f"Share of wrong notes that edit puts right exactly, {about}"
        ),
        "edit_right_notes_kept": figure(
            kept / max(1, n_right), f"Share of right notes that edit leaves as they are, {about}"
        ),
    }


def samples(
    editor: Editor, train: Sequence[GridPiece], test: Sequence[GridPiece], *, quick: bool = False
) -> Figures:
    """Return what harmonizations of held-out sopranos are like, beside Bach's own."""
    made = [harmonized(editor, p, seed) for seed, p in enumerate(test)]
    bach = [p.pitch[:STEPS].astype(np.int64) for p in test]
    index = copy_index([p.pitch.astype(np.int64) for p in train])
    moving = parallels(made)
    figures = {
        "parallels_per_thousand": figure(
            moving.per_thousand,
            "Parallel fifths and octaves per 1,000 pairs of voices that both move, in "
            f"harmonizations of {len(test)} held-out sopranos ({moving.moving_pairs} pairs; Bach "
            f"there {parallels(bach).per_thousand:.2f}).",
            must=2.0, aim=1.0,
        ),
        "dissonant_share": figure(
            dissonant_share(made),
            f"Share of dissonant pairs of voices (Bach there {dissonant_share(bach):.3f}).",
            aim=0.13,
        ),
        "held_share": figure(
            held_share(made),
            f"Share of cells that go on as before (Bach there {held_share(bach):.3f}).",
        ),
        "rest_share": figure(
            float(np.mean([(g == -1).mean() for g in made])), "Share of cells that rest."
        ),
        "copied_one_bar": figure(
            copy_rate(made, index),
            "Share of one-bar passages that occur in the training chorales, at any transposition "
            f"(Bach there {copy_rate(bach, index):.3f}).",
            must=0.08, aim=copy_rate(bach, index),
        ),
    }  # fmt: skip
    return figures if quick else figures | _two_sample(made, bach)


def _two_sample(made: Sequence[Grid], bach: Sequence[Grid]) -> Figures:
    test = two_sample(made, bach, seed=0)
    return {
        "two_sample_accuracy": figure(
            test.accuracy,
            "Accuracy of a small network trained to tell the harmonizations from Bach's own on "
            f"the same sopranos, on pieces it has not seen: 95 % interval {test.low:.3f} to "
            f"{test.high:.3f}, {test.windows} windows; Bach against Bach "
            f"{test.control.accuracy:.3f} ({test.control.low:.3f} to {test.control.high:.3f}).",
            aim=0.65, record=0.55,
        )
    }  # fmt: skip


def harmonized(editor: Editor, piece: GridPiece, seed: int) -> Grid:
    """Return a piece's first eight bars (steps, V), its soprano harmonized by the defaults."""
    pitch = piece.pitch[:STEPS].astype(np.int16)
    alone = _tracks(pitch, piece.strike[:STEPS], (0,))
    out = voices_of(edit(Song(alone), EditParameters(), seed=seed, model=editor).song).pitch
    whole = np.full((len(pitch), N_VOICES), -1, dtype=np.int64)
    whole[: len(out)] = out[: len(whole)]
    return whole


def _tracks(
    pitch: npt.NDArray[np.int16], strike: npt.NDArray[np.bool_], voices: Sequence[int]
) -> tuple[Track, ...]:
    return tuple(Track(_NAMES[v], 0, False, notes_of(pitch, strike, v)) for v in voices)


def _song_of(roll: Roll, piece: GridPiece) -> tuple[Song, int]:
    """Return a roll as a song of four tracks, and what to add to its rows for pitches."""
    shift = LOWEST - fitting(piece.pitch[:STEPS])
    pitch = np.where(roll.cells == REST, -1, roll.cells + shift).astype(np.int16)
    strike = piece.strike[: len(pitch)]
    return Song(_tracks(pitch, strike, range(N_VOICES))), shift
