"""What the models are trained and measured on: pieces as grids of 16th notes, by style and side.

`python -m ml data` prepares them (`ml.data.prepare`); here they are stored and read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Side = Literal["train", "valid", "test"]
SIDES: tuple[Side, ...] = ("train", "valid", "test")
GRID_STYLES = ("chorale", "madrigal", "quartet", "dance", "arcade")
FOLDER = Path("var/data")
REST = -1
N_DRUMS = 9
COURSE_SHAPE = (229, 4, 32, 128)


class NotPrepared(Exception):
    """The grids are not there yet; the message says how to make them."""


@dataclass(frozen=True, eq=False)
class GridPiece:
    """A piece, or an unbroken part of one, in steps of a 16th note.

    `pitch` (steps, 4) int8 holds the sounding pitch of each voice, highest voice first, or -1;
    `strike` (steps, 4) whether a note begins; `position` (steps,) the step within its bar and
    `bar_steps` (steps,) the bar's length; `drums` (steps, 9) which drums are struck, or (0, 9) in
    a style without. `qpm` is the tempo in beats a minute, `fifths` the key signature (-7 to 7).
    A style of single lines has rests in voices 1 to 3.
    """

    name: str
    style: str
    pitch: npt.NDArray[np.int8]
    strike: npt.NDArray[np.bool_]
    position: npt.NDArray[np.uint8]
    bar_steps: npt.NDArray[np.uint8]
    drums: npt.NDArray[np.bool_]
    qpm: float
    fifths: int

    def __len__(self) -> int:
        return len(self.pitch)


def pieces(style: str, side: Side, *, folder: Path = FOLDER) -> list[GridPiece]:
    """Return the prepared pieces of one side of a style, ordered by name.

    :raises NotPrepared: if `python -m ml data` has not prepared this style in `folder`
    """
    file = folder / f"{style}.npz"
    if not file.exists():
        raise NotPrepared(f"There are no grids of {style} in {folder}: run python -m ml data.")
    with np.load(file, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    index = json.loads(arrays.pop("index").tobytes())
    return [_cut_out(arrays, row, style) for row in index if row["side"] == side]


def prepared_of(styles: Sequence[str], *, folder: Path = FOLDER) -> tuple[str, ...]:
    """Return which styles are prepared in `folder`; all of them if none is, so that one is missed.

    The music of a style may not be installed here: a mixture is trained without it then.
    """
    return tuple(s for s in styles if (folder / f"{s}.npz").exists()) or tuple(styles)


def store(style: str, sided: Iterable[tuple[Side, GridPiece]], *, folder: Path = FOLDER) -> None:
    """Store the pieces of a style; what was stored before is replaced as a whole."""
    ordered = sorted(sided, key=lambda item: (SIDES.index(item[0]), item[1].name))
    index, at = [], {"step": 0, "drum": 0}
    for side, p in ordered:
        row = {"name": p.name, "side": side, "qpm": p.qpm, "fifths": p.fifths, "steps": len(p),
               "first": at["step"], "drums": len(p.drums), "first_drum": at["drum"]}  # fmt: skip
        index.append(row)
        at["step"] += len(p)
        at["drum"] += len(p.drums)
    found = [p for _, p in ordered]
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(p, name) for p in found]) for name in _PER_STEP
    }
    arrays["index"] = np.frombuffer(json.dumps(index).encode(), dtype=np.uint8)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{style}.part.npz"
    np.savez_compressed(part, **arrays)
    part.replace(folder / f"{style}.npz")


_PER_STEP = ("pitch", "strike", "position", "bar_steps", "drums")


def _cut_out(arrays: dict[str, Any], row: dict[str, Any], style: str) -> GridPiece:
    steps = slice(row["first"], row["first"] + row["steps"])
    drums = slice(row["first_drum"], row["first_drum"] + row["drums"])
    return GridPiece(
        name=row["name"],
        style=style,
        pitch=arrays["pitch"][steps],
        strike=arrays["strike"][steps],
        position=arrays["position"][steps],
        bar_steps=arrays["bar_steps"][steps],
        drums=arrays["drums"][drums],
        qpm=row["qpm"],
        fifths=row["fifths"],
    )


def course_view(*, folder: Path = FOLDER) -> npt.NDArray[np.bool_]:
    """Return the well-known two-bar set: shape (229, 4, 32, 128), which pitch sounds when.

    The first 32 steps of the first 229 training chorales that sing in them, by name; voices from
    high to low. Each row of 128 has at most one pitch.
    """
    n_pieces, _, steps, _ = COURSE_SHAPE
    view = np.zeros(COURSE_SHAPE, dtype=np.bool_)
    found = [
        p
        for p in pieces("chorale", "train", folder=folder)
        if len(p) >= steps and (p.pitch[:steps] != REST).any()
    ]
    for row, piece in zip(view, found[:n_pieces], strict=True):
        phrase = piece.pitch[:steps]
        step, voice = np.nonzero(phrase != REST)
        row[voice, step, phrase[step, voice]] = True
    return view
