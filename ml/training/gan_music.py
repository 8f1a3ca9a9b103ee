"""The music of a GAN run: windows to train on, and held-out ones by which it is watched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.data.grids import GridPiece, Side, pieces, prepared_of
from ml.data.own import from_folder, split_name
from ml.models.gan_grid import STYLES, TRACKS
from ml.training.card import about_corpora
from ml.training.gan_batches import Batch, WindowSampler
from ml.training.gan_card import LICENCE, NAMES, about_folder
from ml.training.run import TrainingRefused

N_WATCHED = 64

Sides = dict[Side, dict[str, list[GridPiece]]]


@dataclass(frozen=True, eq=False)
class GanMusic:
    """What a run trains on and is watched by, and what its card says about it."""

    sampler: WindowSampler
    watched: Batch
    styles: tuple[str, ...]
    about: dict[str, Any]


def music_of(style: str, data: Path | None, prepared: Path, seed: int) -> GanMusic:
    """Return the music of a style (or `all`), or of a folder of files taken as that style's.

    :raises TrainingRefused: if there is no such style, or no melody with an accompaniment
    :raises NotPrepared: if the grids of a style are not in the folder `prepared`
    :raises NoUsableMusic: if the folder of files holds no music to train on
    """
    if style not in (*STYLES, "all"):
        raise TrainingRefused(f"The GAN's styles are: {', '.join(STYLES)}, or all of them: all.")
    sides, about = _own(style, data) if data else _corpora(style, prepared)
    least = 1 if data else TRACKS  # of a musician's own files, two voices are enough
    watched_style = "chorale" if "chorale" in sides["valid"] else next(iter(sides["valid"]))
    try:
        sampler = WindowSampler(sides["train"], seed, least=least)
        watched = WindowSampler({watched_style: sides["valid"][watched_style]}, 0, least=least)
    except ValueError as error:
        raise TrainingRefused(
            f"{error} The GAN needs pieces with a melody and at least one more voice."
        ) from None
    drawn = watched.draw(N_WATCHED, transpose=False)
    return GanMusic(sampler, drawn, tuple(sides["train"]), about)


def _own(style: str, data: Path) -> tuple[Sides, dict[str, Any]]:
    label = "chorale" if style == "all" else style
    own = from_folder(data, style=label)
    about = about_folder(data, len(own.train), len(own.valid), split_name(data))
    return {"train": {label: own.train}, "valid": {label: own.valid}}, about


def _corpora(style: str, prepared: Path) -> tuple[Sides, dict[str, Any]]:
    names = prepared_of(STYLES, folder=prepared) if style == "all" else (style,)
    sides: Sides = {
        side: {name: pieces(name, side, folder=prepared) for name in names}
        for side in ("train", "valid")
    }  # fmt: skip
    return sides, about_corpora(names, NAMES, LICENCE, folder=prepared)
