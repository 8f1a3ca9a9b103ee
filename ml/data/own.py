"""A musician's own MIDI files as training data, read through the same gate as every upload."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ml.data.grids import GridPiece
from ml.data.own_files import read_files
from ml.data.survey import Survey, survey
from ml.music import DEFAULT_LIMITS

PARTS_FILE = "parts.json"

__all__ = ["NoUsableMusic", "OwnMusic", "Survey", "from_folder", "parts_in", "split_name", "survey"]


class NoUsableMusic(Exception):
    """A folder holds nothing to train on; the message says why for each file."""


@dataclass(frozen=True, slots=True)
class OwnMusic:
    """What was found: grids by side, and for each file left out the reason."""

    train: list[GridPiece]
    valid: list[GridPiece]
    refused: dict[str, str]


def from_folder(folder: Path, *, style: str = "own") -> OwnMusic:
    """Return the grids of all MIDI files below `folder`, a tenth of the pieces for validation.

    Which tracks are melody, second, third and bass is inferred, but for the files that
    `parts.json` in the folder names: `{"a.mid": [0, 1, null, 2]}`, tracks counted from 0. A file
    that holds the same music as another is left out. The side of a piece depends on its music
    alone; if that leaves no piece for validation, the last training piece steers instead.

    :raises NoUsableMusic: if no file gives a grid, or `parts.json` cannot be read
    """
    files = read_files(files_below(folder), parts=parts_in(folder), style=style)
    refused = {f.name: f.detail for f in files if f.code}
    sides = {side: [g for f in files if f.side == side for g in f.grids]
             for side in ("train", "valid")}  # fmt: skip
    if not sides["train"]:
        reasons = "; ".join(f"{name}: {why}" for name, why in list(refused.items())[:5])
        raise NoUsableMusic(f"There is no music to train on in {folder}. {reasons}".strip())
    return OwnMusic(sides["train"], sides["valid"] or sides["train"], refused)


def files_below(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of every MIDI file below a folder; of too large a file, its head."""
    for file in sorted(p for p in folder.rglob("*") if p.suffix.lower() in {".mid", ".midi"}):
        if file.is_file():
            with file.open("rb") as opened:
                yield file.relative_to(folder).as_posix(), opened.read(DEFAULT_LIMITS.max_bytes + 1)


def parts_in(folder: Path) -> Mapping[str, Sequence[int | None]]:
    """Return the chosen parts that `parts.json` in a folder holds, by file; none without it.

    :raises NoUsableMusic: if it holds something else
    """
    file = folder / PARTS_FILE
    if not file.exists():
        return {}
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(p, list) for p in found.values()):
        raise NoUsableMusic(
            f'{file} cannot be read: it has to look like {{"a.mid": [0, 1, null, 2]}}.'
        )
    return found


def split_name(folder: Path) -> str:
    """Return a hash over the names and bytes of a folder's files, for the model card."""
    digest = hashlib.sha256()
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
