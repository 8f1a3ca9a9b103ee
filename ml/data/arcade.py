"""The music of Freedoom, a free game: rock and ambient pieces with drums (modified BSD licence).

It is not part of any Python package; where the game is installed (Debian's `freedoom`), its two
data files are read, elsewhere the style `arcade` is left out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

FOLDERS = (Path("/usr/share/games/doom"), Path("/usr/local/share/games/doom"))
FILES = ("freedoom1.wad", "freedoom2.wad")

_HEADER = struct.Struct("<4sii")
_ENTRY = struct.Struct("<ii8s")


def arcade_files() -> list[tuple[str, bytes]]:
    """Return names and MIDI bytes of the game's pieces, by name; an empty list without the game."""
    return [
        (f"{file.split('.')[0]}/{name}", midi)
        for file in FILES
        for folder in FOLDERS
        if (folder / file).is_file()
        for name, midi in _midi_lumps((folder / file).read_bytes())
    ]


def _midi_lumps(wad: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the MIDI files within a WAD, an archive that ends in a list of its entries."""
    _, count, directory = _HEADER.unpack_from(wad)
    for number in range(count):
        start, size, name = _ENTRY.unpack_from(wad, directory + number * _ENTRY.size)
        if size > _HEADER.size and wad[start : start + 4] == b"MThd":
            yield name.rstrip(b"\0").decode("ascii"), wad[start : start + size]
