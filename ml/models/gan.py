"""The accompanist: a melody in, tracks that go with it out.

`load` reads the weights, `accompany` is the technique. The networks are in `gan_nets`, the way
from a song to windows and back in `gan_score`, training in `ml.training.gan`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from ml.models.gan_dice import Dice, Heat
from ml.models.gan_nets import GanConfig, Generator
from ml.models.gan_score import (
    Line,
    Score,
    added_tracks,
    drum_track,
    joined,
    melody_of,
    score_of,
    throw_for,
)
from ml.models.store import fill, weights
from ml.music import Song, Track
from ml.music.limits import DEFAULT_LIMITS
from ml.techniques import (
    WEIGHTS,
    AccompanyParameters,
    Cancelled,
    Generated,
    GenerationCancelled,
    GenerationRefused,
    ModelUnavailable,
    Progress,
    generated,
    read_card,
    weights_for,
)
from ml.techniques.parameters import check_drums
from ml.words import _

ALGORITHMS = ("unet", "musegan")
AT_ONCE = 16  # windows in one pass: bounds memory, and how long a stop has to wait
RISK_POWER = 0.5


@dataclass(frozen=True, eq=False)
class Accompanist:
    """The generators that are loaded, by algorithm; others are read from `folder` when needed.

    Beside each lies the heat at creative risk 1, which the card of its weight file says.
    """

    folder: Path = WEIGHTS
    generators: dict[str, tuple[Generator, Heat]] = field(default_factory=dict)

    def generator(self, algorithm: str) -> tuple[Generator, Heat]:
        """Return an algorithm's generator and its heat.

        :raises ModelUnavailable: if its weights are missing or damaged
        """
        if algorithm not in self.generators:
            self.generators[algorithm] = _read(weights_for("accompany", algorithm), self.folder)
        return self.generators[algorithm]


def load(folder: Path = WEIGHTS) -> Accompanist:
    """Return the accompanist with its cards checked; weights are read when first used.

    :raises ModelUnavailable: if weights or cards are missing or damaged
    """
    for algorithm in ALGORITHMS:
        read_card(weights_for("accompany", algorithm), folder=folder)
    return Accompanist(folder)


def _read(name: str, folder: Path) -> tuple[Generator, Heat]:
    tensors, card = weights(name, folder)
    try:
        generator = Generator(GanConfig.from_dict(card.about["config"]))
        heat = Heat(**card.about["heat"])
    except (KeyError, TypeError, ValueError) as error:
        raise ModelUnavailable(
            "accompany", _("The card of {name} does not say its sizes.").format(name=name)
        ) from error
    fill(generator, tensors, card)
    return generator, heat


def _no_progress(_share: float, _word: str) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False


def accompany(
    song: Song, parameters: AccompanyParameters, *, seed: int, model: Accompanist,
    progress: Progress = _no_progress, cancelled: Cancelled = _never,
) -> Generated:  # fmt: skip
    """Return the song with one to four tracks added; its own tracks stay note for note.

    The melody is the top voice of the most melodic track (`gan_score.melody_of`), read in 16ths;
    what lies off that grid is rounded for the model's ear only. Equal seeds give equal songs.

    :raises ParametersRefused: if drums are asked for in a style without
    :raises GenerationRefused: `no_melody`, `too_long`, or `too_many_tracks`
    :raises GenerationCancelled: as soon as `cancelled` says so
    :raises ModelUnavailable: if the weights are missing or damaged
    """
    _check(song, parameters)
    line = melody_of(song)
    drawn = draw(line, parameters, seed=seed, model=model, progress=progress, cancelled=cancelled)
    added: list[Track] = added_tracks(
        drawn.classes, drawn.score, parameters.style, min(parameters.tracks, 3)
    )
    if parameters.tracks > len(added):
        added.append(drum_track(drawn.drums))
    after = Song((*song.tracks, *added), song.tempos, song.time_signatures, song.key_signatures)
    return generated(
        song, after, algorithm=parameters.algorithm, style=parameters.style,
        melody_track=line.track, tracks=[track.name for track in added],
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Accompaniment:
    """What was drawn for a line: `classes` (K, T), track 0 the bass, and `drums` (9, T)."""

    score: Score
    classes: npt.NDArray[np.int64]
    drums: npt.NDArray[np.bool_]


def draw(
    line: Line, parameters: AccompanyParameters, *, seed: int, model: Accompanist,
    progress: Progress = _no_progress, cancelled: Cancelled = _never,
) -> Accompaniment:  # fmt: skip
    """Return an accompaniment of all three tracks and the drums for a line on the grid.

    :raises GenerationCancelled: as soon as `cancelled` says so
    :raises ModelUnavailable: if the weights are missing or damaged
    """
    generator, heat = model.generator(parameters.algorithm)
    score = score_of(line, parameters.style)
    heat = heat.times(parameters.creative_risk**RISK_POWER)
    dice = throw_for(score, generator.config, torch.Generator().manual_seed(seed))
    classes, drums = [], []
    for done, (part, part_drums) in _passes(generator, score, dice, heat):
        if cancelled():
            raise GenerationCancelled
        classes.append(part)
        drums.append(part_drums)
        progress(done, _("Adding tracks"))
    return Accompaniment(
        score, joined(torch.cat(classes), score).numpy(), joined(torch.cat(drums), score).numpy()
    )


@torch.inference_mode()
def _passes(
    generator: Generator, score: Score, dice: Dice, heat: Heat
) -> Iterator[tuple[float, tuple[torch.Tensor, torch.Tensor]]]:
    """Yield the share that is done with class numbers (B, K, T) and drums (B, 9, T)."""
    n = len(score.windows)
    for first in range(0, n, AT_ONCE):
        part = slice(first, first + AT_ONCE)
        drawn = generator(
            score.windows.part(part), dice.part(part), heat=heat, wants_gradient=False
        )  # fmt: skip
        yield min(first + AT_ONCE, n) / n, (drawn.classes.argmax(dim=-1), drawn.drums > 0.5)


def _check(song: Song, parameters: AccompanyParameters) -> None:
    check_drums(parameters)
    if len(song.tracks) + parameters.tracks > DEFAULT_LIMITS.max_tracks:
        raise GenerationRefused(
            "too_many_tracks",
            _("A song has at most {tracks} tracks; remove some first.").format(
                tracks=DEFAULT_LIMITS.max_tracks
            ),
        )
