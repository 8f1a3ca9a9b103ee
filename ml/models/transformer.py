"""The extender: goes on from the end of a piece, in its key, metre, voices and style.

The network is in `transformer_net`, drawing in `transformer_sampling`, the rules that a musician
may set in `transformer_rules`; here a song goes in and a longer one comes out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ml.models.store import fill, weights
from ml.models.transformer_arrange import extended
from ml.models.transformer_features import STYLES
from ml.models.transformer_frames import Line
from ml.models.transformer_likelihood import cell_nats, nats_per_note
from ml.models.transformer_net import Transformer, TransformerConfig
from ml.models.transformer_request import Request, request_of
from ml.models.transformer_sampling import Drawn, draw
from ml.music import Song
from ml.music.song import seconds_at
from ml.music.voices import STEP_TICKS
from ml.techniques import (
    WEIGHTS,
    Cancelled,
    Card,
    ExtendParameters,
    Generated,
    GenerationRefused,
    ModelUnavailable,
    Progress,
    generated,
)
from ml.words import _

__all__ = ["Extender", "cell_nats", "extend", "extend_many", "load", "nats_per_note"]

MOST_JUDGED = 64

ExtendRequest = tuple[Song, ExtendParameters, int]
"""A song, what is asked for, and the seed."""


@dataclass(frozen=True, eq=False)
class Extender:
    """The network and the card of its weights (None for a network that was never stored)."""

    network: Transformer
    card: Card | None = None
    judged: dict[bytes, dict[str, float]] = field(default_factory=dict)
    """How likely pieces are in each style, for another take of the same piece; the last
    MOST_JUDGED, by the hash of what was heard."""


def load(folder: Path = WEIGHTS) -> Extender:
    """Return the shipped extender.

    :raises ModelUnavailable: if its weights are missing, damaged or of another network
    """
    tensors, card = weights("transformer", folder)
    try:
        network = Transformer(TransformerConfig(**card.about["config"]))
    except (KeyError, TypeError) as error:
        detail = _("The weights transformer do not say which network they belong to.")
        raise ModelUnavailable("extend", detail) from error
    fill(network, tensors, card)
    return Extender(network.float(), card)


def extend(
    song: Song, parameters: ExtendParameters, *, seed: int, model: Extender,
    progress: Progress = lambda _share, _word: None, cancelled: Cancelled = lambda: False,
) -> Generated:  # fmt: skip
    """Return the song with up to 30 seconds more behind it.

    The notes of the song stay as they are. Drums go on with a bar of theirs; tracks that make no
    voice end where they ended (`details["tracks_not_continued"]`). The same seed gives the same
    song.

    :raises GenerationRefused: `no_melody`, `too_fast` or `too_long`
    :raises GenerationCancelled: if `cancelled` said so
    """
    (found,) = extend_many([(song, parameters, seed)], model, progress, cancelled)
    if isinstance(found, GenerationRefused):
        raise found
    return found


def extend_many(
    requests: Sequence[ExtendRequest],
    model: Extender,
    progress: Progress = lambda _share, _word: None,
    cancelled: Cancelled = lambda: False,
) -> list[Generated | GenerationRefused]:
    """Return the extension of each request, or why it was refused; all are drawn in step.

    Each draws from random numbers of its own. A batch sums in another order than a single
    request, so logits differ in the last bits (about 1e-6): a request gives the same notes in any
    batch unless two candidates lie closer together than that.
    """
    results = dict[int, Generated | GenerationRefused]()
    accepted = dict[int, Request]()
    for number, request in enumerate(requests):
        try:
            accepted[number] = request_of(*request)
        except GenerationRefused as refusal:
            results[number] = refusal
    ready = list(accepted.values())
    costs = [_nats_by_style(request, model) for request in ready]
    styles = [_style(r, c) for r, c in zip(ready, costs, strict=True)]
    streams = [r.stream(style) for r, style in zip(ready, styles, strict=True)]
    drawn = draw(model.network, streams, progress=progress, cancelled=cancelled)
    for number, parts in zip(accepted, zip(ready, drawn, styles, costs, strict=True), strict=True):
        results[number] = _outcome(*parts)
    return [results[number] for number in range(len(requests))]


def _style(request: Request, costs: dict[str, float]) -> str:
    """Return the style that was asked for, or the one under which the piece is likeliest."""
    wanted = request.parameters.style
    return min(costs, key=lambda name: costs[name]) if wanted == "auto" else wanted


def _nats_by_style(request: Request, model: Extender) -> dict[str, float]:
    """Return the nats per cell of the last context in each style.

    Voices that rest count too: a single line is a dance rather than a chorale. Nothing is
    measured where the style was chosen.
    """
    if request.parameters.style != "auto":
        return {}
    lines = [_last(request.line(style), model.network.config.context) for style in STYLES]
    key = hashlib.sha256(lines[0].voices.tobytes() + lines[0].metre.tobytes()).digest()
    if key not in model.judged:
        if len(model.judged) >= MOST_JUDGED:
            model.judged.pop(next(iter(model.judged)), None)
        found = cell_nats(model.network, lines)
        model.judged[key] = {
            style: round(float(nats.cells[:-1].mean()), 4) if len(line) > 1 else 0.0
            for style, line, nats in zip(STYLES, lines, found, strict=True)
        }
    return model.judged[key]


def _last(line: Line, n_frames: int) -> Line:
    return Line(line.voices[-n_frames:], line.metre[-n_frames:])


def _outcome(
    request: Request, drawn: Drawn, style: str, costs: dict[str, float]
) -> Generated:  # fmt: skip
    song = extended(request, drawn)
    begin = seconds_at(song.tempos, request.start * STEP_TICKS)
    details: dict[str, Any] = {
        "style": style,
        "nats_by_style": costs,
        "key": str(request.key),
        "voices": sum(request.context.present),
        "from_second": round(begin, 3),
        "seconds_added": round(seconds_at(song.tempos, request.end_tick) - begin, 3),
        "steps_heard": len(request.context.pitch),
        "tracks_not_continued": _left_behind(request),
    }
    return generated(request.song, song, **details)


def _left_behind(request: Request) -> list[str]:
    """Return the names of tracks that make none of the voices."""
    owners = request.context.voices.tracks
    going_on = {t for t, present in zip(owners, request.context.present, strict=True) if present}
    return [
        track.name or f"Track {number + 1}"
        for number, track in enumerate(request.song.tracks)
        if number not in going_on and not track.is_drum and len(track.notes)
    ]
