"""Own files one by one: read, mapped to parts, laid on the grid, and put on a side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ml.data.grids import GridPiece
from ml.data.own_parts import Parts, PartsRefused, check_parts, grids_by, infer_parts
from ml.music import MidiRefused, Song, music_hash, read_midi
from ml.words import _

VALID_ONE_IN = 10

_SAME = _("It holds the same music as {file}.")
_DRUMS_ONLY = _("It has drums only; the models need notes with a pitch.")
_OFF_GRID = _(
    "It has no two bars in a row whose notes lie on 16ths: quantize it, or choose other tracks."
)

Chosen = Mapping[str, Sequence[int | None]]
"""By file name, the tracks that somebody chose for the four parts."""

OwnSide = Literal["train", "valid"]


@dataclass(frozen=True, eq=False)
class OwnFile:
    """What was found in one file. `code` and `detail` say why it is left out; empty if it is not.

    `sha256` is the hash of its music, empty if it cannot be read, as `song` is None then.
    """

    name: str
    code: str = ""
    detail: str = ""
    sha256: str = ""
    song: Song | None = None
    parts: Parts = (None, None, None, None)
    is_chosen: bool = False
    grids: tuple[GridPiece, ...] = ()
    duplicate_of: str | None = None
    side: OwnSide | None = None


def read_files(
    files: Iterable[tuple[str, bytes]], *, parts: Chosen | None = None, style: str = "own"
) -> list[OwnFile]:
    """Return what is in each of some files (name, bytes), ordered by name.

    Of the same music, the first file counts. A tenth of the pieces validates, by a hash of the
    music; if that leaves a side empty, the last usable piece changes to it. A single piece trains
    and has no one to validate it.
    """
    found: list[OwnFile] = []
    first: dict[str, str] = {}
    for name, data in sorted(files, key=lambda file: file[0]):
        own = _read(name, data, (parts or {}).get(name), style)
        if own.sha256 and own.sha256 in first:
            same = first[own.sha256]
            own = _refused(own, "same_music", _SAME.format(file=same))
            own = replace(own, duplicate_of=same)
        first.setdefault(own.sha256, name)
        found.append(own)
    return _with_sides(found)


def _read(name: str, data: bytes, chosen: Sequence[int | None] | None, style: str) -> OwnFile:
    try:
        song = read_midi(data)
    except MidiRefused as refusal:
        return OwnFile(name, refusal.code, refusal.detail)
    own = OwnFile(name, sha256=music_hash(song), song=song, is_chosen=chosen is not None)
    try:
        own = replace(own, parts=infer_parts(song) if chosen is None else check_parts(song, chosen))
    except PartsRefused as refusal:
        return _refused(own, "parts", str(refusal))
    if own.parts[0] is None:
        return _refused(own, "drums_only", _DRUMS_ONLY)
    grids = tuple(grids_by(song, own.parts, name=name, style=style))
    if not grids:
        return _refused(own, "off_grid", _OFF_GRID)
    return replace(own, grids=grids)


def _refused(own: OwnFile, code: str, detail: str) -> OwnFile:
    return replace(own, code=code, detail=detail, grids=())


def _with_sides(found: list[OwnFile]) -> list[OwnFile]:
    usable = [own for own in found if not own.code]
    sides: dict[str, OwnSide] = {
        own.name: "valid" if int(own.sha256, 16) % VALID_ONE_IN == 0 else "train" for own in usable
    }
    if usable and len(set(sides.values())) == 1:
        for own in usable:
            sides[own.name] = "train"
        if len(usable) > 1:
            sides[usable[-1].name] = "valid"
    return [replace(own, side=sides.get(own.name)) for own in found]
