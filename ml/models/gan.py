"""The accompanist: a melody in, tracks that go with it out.

`load` reads the weights, `accompany` is the technique. The networks are in `gan_nets`, the way
from a song to windows and back in `gan_score`, training in `ml.training.gan`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

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
    Card,
    Generated,
    GenerationCancelled,
    GenerationRefused,
    ModelUnavailable,
    ParametersRefused,
    Progress,
    as_dict,
    generated,
    name_in,
    names_in,
    read_card,
)
from ml.techniques.parameters import ACCOMPANY_STYLES, PITCHED_TRACKS, check_drums
from ml.words import _

ALGORITHMS = ("unet", "musegan")
AT_ONCE = 16  # windows in one pass: bounds memory, and how long a stop has to wait
RISK_POWER = 0.5


@dataclass(frozen=True, eq=False)
class Voice:
    """A generator with what its card says: the heat at creative risk 1, the styles it learned."""

    generator: Generator
    heat: Heat
    styles: tuple[str, ...] = ACCOMPANY_STYLES

    def style_for(self, asked: str) -> str:
        """Return the style that is played: the one that was asked for, if it was learned."""
        return asked if asked in self.styles else self.styles[0]


@dataclass(frozen=True, eq=False)
class Accompanist:
    """The generators that are loaded, by algorithm; others are read from `folder` when needed.

    A folder of somebody's own weights may hold one algorithm only: it is taken for both.
    """

    folder: Path = WEIGHTS
    generators: dict[str, Voice] = field(default_factory=dict)

    def generator(self, algorithm: str) -> Voice:
        """Return the generator that plays where an algorithm is asked for.

        :raises ModelUnavailable: if its weights are missing or damaged
        """
        name = name_in("accompany", algorithm, folder=self.folder)
        if name not in self.generators:
            self.generators[name] = _read(name, self.folder)
        return self.generators[name]


def load(folder: Path = WEIGHTS) -> Accompanist:
    """Return the accompanist with its cards checked; weights are read when first used.

    :raises ModelUnavailable: if weights or cards are missing or damaged
    """
    for name in names_in("accompany", folder):
        read_card(name, folder=folder)
    return Accompanist(folder)


def _read(name: str, folder: Path) -> Voice:
    tensors, card = weights(name, folder)
    try:
        generator = Generator(GanConfig.from_dict(card.about["config"]))
        heat = Heat(**card.about["heat"])
        voice = Voice(generator, heat, _styles_of(card))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelUnavailable(
            "accompany",
            _("The card of {name} does not say its sizes and styles.").format(name=name),
        ) from error
    fill(generator, tensors, card)
    return voice


def _styles_of(card: Card) -> tuple[str, ...]:
    styles = tuple(card.about.get("styles", ACCOMPANY_STYLES))
    if not styles or not set(styles) <= set(ACCOMPANY_STYLES):
        raise ValueError(styles)
    return styles


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

    Weights that were trained on one style play that one, whichever is asked for: `details` says
    which it was.

    :raises ParametersRefused: if drums are asked for in a style without
    :raises GenerationRefused: `no_melody`, `too_long`, `too_many_tracks`, or `no_drums`
    :raises GenerationCancelled: as soon as `cancelled` says so
    :raises ModelUnavailable: if the weights are missing or damaged
    """
    voice = model.generator(parameters.algorithm)
    asked = replace(
        parameters, style=voice.style_for(parameters.style),
        algorithm=voice.generator.config.algorithm,
    )  # fmt: skip
    _check(song, asked, is_own=asked.style != parameters.style)
    line = melody_of(song)
    drawn = draw(line, asked, seed=seed, model=model, progress=progress, cancelled=cancelled)
    added: list[Track] = added_tracks(drawn.classes, drawn.score, asked.style, min(asked.tracks, 3))
    if asked.tracks > len(added):
        added.append(drum_track(drawn.drums))
    after = Song((*song.tracks, *added), song.tempos, song.time_signatures, song.key_signatures)
    details: dict[str, Any] = {} if asked == parameters else {"asked": as_dict(parameters)}
    return generated(
        song, after, algorithm=asked.algorithm, style=asked.style,
        melody_track=line.track, tracks=[track.name for track in added], **details,
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
    voice = model.generator(parameters.algorithm)
    generator = voice.generator
    score = score_of(line, voice.style_for(parameters.style))
    heat = voice.heat.times(parameters.creative_risk**RISK_POWER)
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


def _check(song: Song, parameters: AccompanyParameters, *, is_own: bool) -> None:
    try:
        check_drums(parameters)
    except ParametersRefused:
        if not is_own:
            raise
        raise GenerationRefused(
            "no_drums",
            _(
                "This model plays in the style {style}, which has no drums: ask for up to "
                "{tracks} tracks."
            ).format(style=parameters.style, tracks=PITCHED_TRACKS),
        ) from None
    if len(song.tracks) + parameters.tracks > DEFAULT_LIMITS.max_tracks:
        raise GenerationRefused(
            "too_many_tracks",
            _("A song has at most {tracks} tracks; remove some first.").format(
                tracks=DEFAULT_LIMITS.max_tracks
            ),
        )
