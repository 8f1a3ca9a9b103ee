"""Likelihood: how far a piece surprises the model of a style, cell by cell.

A cell is one of four voices in one 16th. The extender's network (`ml.models.transformer`) states
a probability for every cell given all cells before it; the value is the mean of -log p in nats.
It must be read two-sided: silence and drones surprise nobody (.01), real pieces lie in between,
random notes lie far above. The band is that of held-out pieces, which the network never saw.

Pieces are moved to one register first, so that transposition changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ml.metrics.grid import on_the_beat
from ml.music import Song
from ml.music.voices import REST, Voices, voices_of
from ml.techniques import ModelUnavailable, read_card

if TYPE_CHECKING:
    from ml.models.transformer_frames import Line

LIKELIHOOD = "likelihood"
SPEAKS_FOR = frozenset({"chorale", "madrigal", "quartet"})
"""Styles in which the value tells music from junk: those of several voices. Of single lines real
tunes (.25 to 1.5 nats) surprise the network as much as shuffled ones do, so that it has no say."""

_REGISTER = 60  # the mean pitch that every piece is moved to
_WINDOW = 128  # steps of one excerpt: 8 bars of 4/4
_EXCERPTS = 2  # at the beginning and at the end
_UNKNOWN_DECODER = "none"


def nats_per_cell(song: Song, styles: Sequence[str]) -> dict[str, float]:
    """Return the mean nats per cell of a song under each style; nothing if it cannot be told.

    That is so for a song without pitched notes, and where the network's weights are missing or
    damaged: then scores do without this metric.
    """
    voices = voices_of(on_the_beat(song))
    network = _network()
    if network is None or not (voices.pitch != REST).any():
        return {}
    from ml.models.transformer_likelihood import cell_nats

    lines = [line for style in styles for line in _excerpts(voices, style)]
    found = cell_nats(network, lines)
    per_style = len(lines) // len(styles)
    means = [
        np.concatenate([n.cells for n in found[i : i + per_style]]).mean(dtype=np.float64)
        for i in range(0, len(found), per_style)
    ]
    return {style: round(float(mean), 4) for style, mean in zip(styles, means, strict=True)}


def warm_up() -> None:
    """Load the network now, so that processes forked from this one share it.

    torch keeps to one thread from here on: a fork after it used several would hang.
    """
    import torch

    torch.set_num_threads(1)
    _network()


def decoder_version() -> str:
    """Return the first digits of the network's hash, `none` where it cannot be used."""
    try:
        return read_card("transformer").sha256[:8]
    except ModelUnavailable:
        return _UNKNOWN_DECODER


def _excerpts(voices: Voices, style: str) -> list[Line]:
    """Return the first and the last eight bars; of pieces up to sixteen bars the whole."""
    from ml.models.transformer_frames import line_of

    sounding = voices.pitch[voices.pitch != REST]
    semitones = _REGISTER - int(np.floor(sounding.mean() + 1e-9))
    pitch = np.where(voices.pitch == REST, REST, voices.pitch + semitones)
    count = min(_EXCERPTS, -(-len(voices) // _WINDOW))
    starts = np.linspace(0, max(len(voices) - _WINDOW, 0), count).astype(int)
    return [
        line_of(pitch[at], voices.strike[at], voices.position[at], voices.bar_steps[at], style)
        for at in (slice(start, start + _WINDOW) for start in starts.tolist())
    ]


@cache
def _network() -> Any:
    from ml.models import transformer

    try:
        return transformer.load().network
    except ModelUnavailable:
        return None
