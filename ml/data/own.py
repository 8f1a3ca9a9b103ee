"""A musician's own MIDI files as training data, read through the same gate as every upload."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ml.data.grids import GridPiece, Side
from ml.data.parts import grids_of
from ml.music import DEFAULT_LIMITS, MidiRefused, Song, music_hash, read_midi

VALID_ONE_IN = 10


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

    Files of four tracks or more give four voices; others are taken as single lines. A file that
    holds the same music as another is left out. The side of a piece depends on its music alone;
    if that leaves no piece for validation, the last training piece steers instead.

    :raises NoUsableMusic: if no file gives a grid
    """
    found: dict[Side, list[GridPiece]] = {"train": [], "valid": []}
    refused: dict[str, str] = {}
    seen: dict[str, str] = {}
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in {".mid", ".midi"})
    for file in files:
        name = file.relative_to(folder).as_posix()
        try:
            song = read_midi(_head_of(file))
        except (MidiRefused, OSError) as error:
            refused[name] = getattr(error, "detail", str(error))
            continue
        content = music_hash(song)
        grids = list(_grids(song, name, style))
        if content in seen:
            refused[name] = f"It holds the same music as {seen[content]}."
        elif not grids:
            refused[name] = "It has no two bars in a row whose notes lie on 16ths."
        else:
            found["valid" if int(content, 16) % VALID_ONE_IN == 0 else "train"].extend(grids)
        seen.setdefault(content, name)
    return _both_sides(folder, found["train"], found["valid"], refused)


def _both_sides(
    folder: Path, train: list[GridPiece], valid: list[GridPiece], refused: dict[str, str]
) -> OwnMusic:
    if not train and not valid:
        reasons = "; ".join(f"{name}: {why}" for name, why in list(refused.items())[:5])
        raise NoUsableMusic(f"There is no music to train on in {folder}. {reasons}".strip())
    if not train:
        train, valid = valid, valid
    if not valid:
        last = train[-1].name.partition("@")[0]
        rest = [p for p in train if p.name.partition("@")[0] != last]
        valid = [p for p in train if p.name.partition("@")[0] == last]
        train = rest or train
    return OwnMusic(train, valid, refused)


def _grids(song: Song, name: str, style: str) -> Iterator[GridPiece]:
    kind = "arcade" if any(t.is_drum for t in song.tracks) else "madrigal"
    found = list(grids_of(song, name=name, style=kind)) or list(
        grids_of(song, name=name, style="dance")
    )
    for grid in found:
        yield GridPiece(
            grid.name, style, grid.pitch, grid.strike, grid.position, grid.bar_steps, grid.drums,
            grid.qpm, grid.fifths,
        )  # fmt: skip


def split_name(folder: Path) -> str:
    """Return a hash over the names and bytes of a folder's files, for the model card."""
    digest = hashlib.sha256()
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _head_of(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(DEFAULT_LIMITS.max_bytes + 1)
