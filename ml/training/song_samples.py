"""Samples of the editor and the extender: four voices for a held-out melody, the next two bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from ml.data.grids import GridPiece
from ml.data.phrases import PHRASE, has_melody
from ml.lessons import song_of_rows
from ml.models import ar_cnn, transformer
from ml.models.ar_cnn_net import ArCnn
from ml.models.transformer_net import Transformer
from ml.music import Song
from ml.music.voices import spans, voices_of
from ml.techniques import EditParameters, ExtendParameters, GenerationRefused
from ml.training.samples import N_SHOWN, Rows

HALF = PHRASE // 2
LOOKS = 24  # of the editor
_QPM = 120.0  # so that two bars last four seconds
_SECONDS = 4.0


def shown_pieces(pieces: Sequence[GridPiece]) -> list[GridPiece]:
    """Return the first few pieces that begin with a phrase."""
    long = (p for p in pieces if len(p) >= PHRASE and has_melody(p.pitch[:HALF]))
    return [piece for piece, _ in zip(long, range(N_SHOWN), strict=False)]


def given(pieces: Sequence[GridPiece], *, steps: int, voices: int) -> list[Rows]:
    """Return the beginnings of pieces: their first steps, of the first voices."""
    return [_rows(p.pitch[:steps, :voices], p.strike[:steps, :voices]) for p in pieces]


def extended(network: Transformer, openings: Sequence[Rows], style: str) -> list[Rows]:
    """Return the two bars that an extender writes after each opening of two bars."""
    if not openings:
        return []
    asked = ExtendParameters(extension_duration=_SECONDS, style=style)
    model = transformer.Extender(network.eval())
    requests = [(song_of_rows(rows, qpm=_QPM), asked, 1) for rows in openings]
    with torch.random.fork_rng(devices=[]):
        found = transformer.extend_many(requests, model)
    return [
        []
        if isinstance(outcome, GenerationRefused)
        else [r for r in _rows_of(outcome.song) if HALF <= r[1] < PHRASE]
        for outcome in found
    ]


def harmonized(network: ArCnn, melodies: Sequence[Rows]) -> list[Rows]:
    """Return what an editor adds to each melody; it may remove nothing."""
    asked = EditParameters(sampling_iterations=LOOKS, maximum_notes_to_remove=0.0)
    with torch.random.fork_rng(devices=[]):
        model = ar_cnn.ready(network.eval())
        return [_added(rows, model, asked) for rows in melodies]


def _added(melody: Rows, model: ar_cnn.Editor, asked: EditParameters) -> Rows:
    try:
        found = ar_cnn.edit(song_of_rows(melody, qpm=_QPM), asked, seed=1, model=model)
    except GenerationRefused:
        return []
    known = {(first, pitch) for _, first, _, pitch in melody}
    return [
        [max(1, voice), first, steps, pitch]
        for voice, first, steps, pitch in _rows_of(found.song) if (first, pitch) not in known
    ]  # fmt: skip


def _rows_of(song: Song) -> Rows:
    voices = voices_of(song)
    return _rows(voices.pitch, voices.strike)


def _rows(pitch: np.ndarray, strike: np.ndarray) -> Rows:
    columns = spans(pitch.astype(np.int16), strike)
    return [[int(v) for v in row] for row in zip(*columns, strict=True)]
