"""Which pieces make the reference and which are held out, decided by piece and for ever.

Chorales follow the canonical split of the JSB chorales (`jsb_split.json`: its valid and test
pieces are held out, pieces that overlap with them are not used). The other styles hold out one
third (dance tunes: one tenth) by a hash of the piece, so that two encodings of a piece, or two
printings of a tune under one title, fall on the same side.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Literal

Side = Literal["reference", "held_out", "unused"]

_HELD_OUT_ONE_IN = {"madrigal": 3, "quartet": 3, "dance": 10, "arcade": 5}
_NO_QUARTET = "mozart/k545"  # the exposition of a piano sonata


def side_of(style: str, name: str, title: str) -> Side:
    """Return on which side a corpus piece falls."""
    if style == "chorale":
        return _jsb_sides().get(name, "unused")
    if name.startswith(_NO_QUARTET):
        return "unused"
    key = tune_key(title) if style == "dance" else encoding_key(name)
    return "held_out" if _number(key) % _HELD_OUT_ONE_IN[style] == 0 else "reference"


def _number(key: str) -> int:
    return int(hashlib.sha256(key.encode()).hexdigest(), 16)


def part_of(style: str, name: str, title: str) -> Literal["train", "valid", "test"] | None:
    """Return whether a piece trains the models, steers their training or judges them.

    Reference pieces train; of the held-out ones a hash of the piece (chorales: the canonical split)
    decides between steering and judging. Pieces of `arcade` are named by their content.
    """
    if style == "chorale":
        return _jsb_parts().get(name)
    key = tune_key(title) if style == "dance" else encoding_key(name)
    if style == "arcade":
        key = name
        held_out = _number(key) % _HELD_OUT_ONE_IN[style] == 0
    else:
        side = side_of(style, name, title)
        if side == "unused":
            return None
        held_out = side == "held_out"
    if not held_out:
        return "train"
    return "valid" if _number("side " + key) % 2 else "test"


def tune_key(title: str) -> str:
    """Return a title without what printings differ in: articles, numbers, punctuation.

    >>> tune_key("The Devil's Dream - Reel"), tune_key("Devils Dream")
    ('devilsdream', 'devilsdream')
    """
    base = re.split(r" - |\(|,", title.lower())[0]
    return re.sub(r"^(the|a|an) |[^a-z ]", "", base).replace(" ", "")


def encoding_key(name: str) -> str:
    """Return a corpus name without its file type and the mark of an older encoding.

    >>> encoding_key("monteverdi/madrigal.3.1_old.mxl")
    'monteverdi/madrigal.3.1'
    """
    return name.rsplit(".", 1)[0].removesuffix("_old")


@cache
def _jsb_parts() -> dict[str, Literal["train", "valid", "test"]]:
    split = json.loads((Path(__file__).parent / "jsb_split.json").read_text())
    parts: dict[str, Literal["train", "valid", "test"]] = {}
    for part in ("train", "extra"):
        parts |= dict.fromkeys(split[part], "train")
    parts |= dict.fromkeys(split["valid"], "valid")
    return parts | dict.fromkeys(split["test"], "test")


@cache
def _jsb_sides() -> dict[str, Side]:
    return {n: "reference" if p == "train" else "held_out" for n, p in _jsb_parts().items()}
