"""Weights as the site sees them, without loading a model: cards, hashes, availability.

Every weight file `NAME.safetensors` has a card `NAME.json` beside it that says what it is: data,
licence, how it was trained, figures and limits.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ml.techniques.errors import ModelUnavailable
from ml.words import _

WEIGHTS = Path(__file__).parent.parent / "weights"

SHIPPED: dict[str, tuple[str, ...]] = {
    "accompany": ("gan_unet", "gan_musegan"),
    "edit": ("ar_cnn",),
    "extend": ("transformer",),
}
"""The weight files of each technique; `accompany` has one for each algorithm."""


@dataclass(frozen=True, slots=True)
class Card:
    """What is written about a weight file. `about` is the card's whole JSON object."""

    name: str
    technique: str
    sha256: str
    about: dict[str, Any]


def weights_for(technique: str, algorithm: str | None = None) -> str:
    """Return the name of the weight file that a technique (and algorithm) needs."""
    names = SHIPPED[technique]
    return f"gan_{algorithm}" if algorithm and len(names) > 1 else names[0]


def names_in(technique: str, folder: Path = WEIGHTS) -> tuple[str, ...]:
    """Return which weight files of a technique a folder is expected to hold.

    All, but for a folder of somebody's own weights: a training run leaves one of them.
    """
    names = SHIPPED[technique]
    if folder == WEIGHTS:
        return names
    return tuple(n for n in names if (folder / f"{n}.json").exists()) or names


def name_in(technique: str, algorithm: str | None = None, *, folder: Path = WEIGHTS) -> str:
    """Return the name of the weight file that a technique (and algorithm) uses in a folder.

    Where the folder holds one algorithm only, it is that one, whichever is asked for.
    """
    wanted, names = weights_for(technique, algorithm), names_in(technique, folder)
    return wanted if wanted in names else names[0]


def read_card(name: str, *, folder: Path = WEIGHTS) -> Card:
    """Return a weight file's card, after comparing the file with the hash on it.

    :raises ModelUnavailable: if the card or the file is missing, unreadable or does not match
    """
    technique = next((t for t, names in SHIPPED.items() if name in names), name)
    file, card = folder / f"{name}.safetensors", folder / f"{name}.json"
    try:
        about = json.loads(card.read_text())
        technique, promised = str(about["technique"]), str(about["sha256"])
        found = _sha256(file, *_stamp(file))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(technique, _missing(name)) from error
    if found != promised:
        raise ModelUnavailable(
            technique,
            _("The weights {name} are damaged: they are not what their card promises.").format(
                name=name
            ),
        )
    return Card(name, technique, found, about)


def unavailable(technique: str, *, folder: Path = WEIGHTS) -> str:
    """Return why a technique cannot run here, or an empty text if it can."""
    try:
        for name in names_in(technique, folder):
            read_card(name, folder=folder)
    except ModelUnavailable as error:
        return error.detail
    return ""


def _missing(name: str) -> str:
    return _("The weights {name} are not here or cannot be read.").format(name=name)


def _stamp(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=32)
def _sha256(file: Path, _changed_at: int, _size: int) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
