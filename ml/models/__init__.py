"""The three models behind one interface: a technique, a `Song` and parameters in, a `Song` out.

    generate("extend", song, parse("extend", {}), seed=1, models=Models())

Importing this package loads no torch; the first use of a technique does.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ml.music import DEFAULT_LIMITS, Song
from ml.techniques import (
    TECHNIQUES,
    WEIGHTS,
    Cancelled,
    Card,
    Generated,
    GenerationRefused,
    Parameters,
    Progress,
    name_in,
    read_card,
)
from ml.techniques.parameters import CLASSES
from ml.words import _

Request = tuple[Song, Parameters, int]
"""A song, its parameters and a seed: one of several that run through one forward pass."""

MODULES = {"accompany": "gan", "edit": "ar_cnn", "extend": "transformer"}
"""The module of this package that has a technique's `load` and its function."""

MAX_SEED = 2**63 - 1


class Models:
    """The loaded models of a process; each is loaded when it is first asked for.

    `folder` holds the shipped weights, or those that a training run left, of one technique.
    Loading sets torch to one thread: a generation is faster so when several processes share a
    machine, and a process that forks afterwards hangs if torch had more.
    """

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self.folder = folder
        self._loaded: dict[str, Any] = {}
        self._lock = threading.Lock()

    def get(self, technique: str) -> Any:
        """Return a technique's model, loaded and checked.

        :raises KeyError: if there is no such technique
        :raises ModelUnavailable: if its weights are missing or damaged; the next call tries again
        """
        with self._lock:
            if technique not in self._loaded:
                self._loaded[technique] = _load(technique, self.folder)
            return self._loaded[technique]

    def card(self, technique: str, parameters: Parameters) -> Card:
        """Return the card of the weights that a generation with these parameters uses.

        :raises ModelUnavailable: if they are missing or damaged
        """
        algorithm = getattr(parameters, "algorithm", None)
        return read_card(name_in(technique, algorithm, folder=self.folder), folder=self.folder)


def _load(technique: str, folder: Path) -> Any:
    module = _module(technique)
    import torch

    torch.set_num_threads(1)
    return module.load(folder)


def generate(
    technique: str,
    song: Song,
    parameters: Parameters,
    *,
    seed: int,
    models: Models,
    progress: Progress = lambda _share, _word: None,
    cancelled: Cancelled = lambda: False,
) -> Generated:
    """Return what a technique makes of a song; the song itself stays as it is.

    The same song, parameters, seed and weights give the same song on the same machine.

    :param seed: 0 to 2^63 - 1
    :raises KeyError: if there is no such technique
    :raises TypeError: if the parameters are another technique's
    :raises ValueError: if the seed is out of range
    :raises GenerationRefused: if the technique cannot work on this song, and why
    :raises GenerationCancelled: soon after `cancelled` returned true
    :raises ModelUnavailable: if the technique's weights are missing or damaged
    """
    check(technique, parameters, seed)
    run = getattr(_module(technique), technique)
    found: Generated = run(song, parameters, seed=seed, model=models.get(technique),
                           progress=progress, cancelled=cancelled)  # fmt: skip
    if refusal := too_large(found.song):
        raise refusal
    return found


def generate_many(
    technique: str,
    requests: Sequence[Request],
    *,
    models: Models,
    progress: Progress = lambda _share, _word: None,
    cancelled: Cancelled = lambda: False,
) -> list[Generated | GenerationRefused]:
    """Return one outcome for each request, in their order; `extend` runs them as one batch.

    A request that is refused has its refusal as outcome and does not touch the others.

    :raises GenerationCancelled: soon after `cancelled` returned true; then all are lost
    :raises ModelUnavailable: if the technique's weights are missing or damaged
    """
    for _song, parameters, seed in requests:
        check(technique, parameters, seed)
    if technique == "extend":
        batched: list[Generated | GenerationRefused] = _module(technique).extend_many(
            requests, model=models.get(technique), progress=progress, cancelled=cancelled
        )
        return [_or_too_large(outcome) for outcome in batched]
    return [
        _outcome(technique, request, models=models, cancelled=cancelled,
                 progress=_part_of(progress, number, len(requests)))
        for number, request in enumerate(requests)
    ]  # fmt: skip


def _outcome(technique: str, request: Request, **how: Any) -> Generated | GenerationRefused:
    song, parameters, seed = request
    try:
        return generate(technique, song, parameters, seed=seed, **how)
    except GenerationRefused as refusal:
        return refusal


def _or_too_large(outcome: Generated | GenerationRefused) -> Generated | GenerationRefused:
    if isinstance(outcome, GenerationRefused):
        return outcome
    return too_large(outcome.song) or outcome


def too_large(song: Song) -> GenerationRefused | None:
    """Return a refusal if a result is beyond what this site reads again, None if it is not."""
    limits = DEFAULT_LIMITS
    if song.n_notes > limits.max_notes:
        return GenerationRefused(
            "too_many_notes",
            _(
                "The result would have {n_notes:,} notes; at most {max_notes:,} are "
                "accepted. Start from a shorter piece or a thinner arrangement."
            ).format(n_notes=song.n_notes, max_notes=limits.max_notes),
        )
    if song.duration_seconds > limits.max_seconds or song.duration_beats > limits.max_beats:
        return GenerationRefused(
            "too_long",
            _(
                "The result would be longer than the {minutes:g} minutes that are accepted. "
                "Start from a shorter piece."
            ).format(minutes=limits.max_seconds / 60),
        )
    return None


def _part_of(progress: Progress, number: int, count: int) -> Progress:
    """Return a progress callback for one of several equal parts of the work."""
    return lambda share, word: progress((number + share) / count, word)


def check(technique: str, parameters: Parameters, seed: int) -> None:
    """Raise an error if parameters or seed cannot belong to a generation by `technique`.

    :raises KeyError: if there is no such technique
    :raises TypeError: if the parameters are another technique's
    :raises ValueError: if the seed is out of range
    """
    wanted = CLASSES[technique]
    if not isinstance(parameters, wanted):
        raise TypeError(f"The technique {technique} takes {wanted.__name__}.")
    if not 0 <= seed <= MAX_SEED:
        raise ValueError(f"A seed is a whole number from 0 to {MAX_SEED}.")


def _module(technique: str) -> Any:
    return importlib.import_module(f"ml.models.{MODULES[technique]}")


__all__ = [
    "MAX_SEED",
    "TECHNIQUES",
    "Models",
    "Request",
    "check",
    "generate",
    "generate_many",
    "too_large",
]
