"""Real pieces that no band, table or index has seen: for the demo, for tests, for measuring."""

from __future__ import annotations

import json
from functools import cache as remember
from pathlib import Path

from ml.data.corpus import CorpusPiece, read_file

_LIST = Path(__file__).with_name("held_out.json")


def held_out_pieces(
    style: str, count: int, *, cache: Path | None = None
) -> list[tuple[str, bytes]]:
    """Return titles and canonical MIDI of `count` held-out pieces of a style, the shortest first.

    They are read from music21's corpus: 8 chorales take about a second, 8 quartet movements
    half a minute. With `cache`, a folder, the second time is instant.

    :raises KeyError: if there is no such style
    """
    return [(piece.title, piece.played) for piece in held_out_corpus(style, count, cache=cache)]


def held_out_corpus(
    style: str, count: int | None = None, *, cache: Path | None = None
) -> list[CorpusPiece]:
    """Return held-out pieces with their corpus names; all of them without `count`."""
    wanted = held_out_names(style)[:count]
    files = dict.fromkeys(name.partition("#")[0] for name in wanted)
    found = {piece.name: piece for file in files for piece in read_file(file, cache=cache)}
    return [found[name] for name in wanted if name in found]


@remember
def _listed() -> dict[str, list[str]]:
    listed: dict[str, list[str]] = json.loads(_LIST.read_text())
    return listed


def held_out_names(style: str) -> list[str]:
    """Return the corpus names of a style's held-out pieces."""
    return _listed()[style]


def write_names(names: dict[str, list[str]]) -> None:
    """Store the corpus names of held-out pieces by style."""
    _LIST.write_text(json.dumps(names, indent=0) + "\n")
    _listed.cache_clear()
