"""The reference pieces, read at run time from the corpus that comes with music21.

Nothing of that corpus is stored in this project. Only collections whose terms allow it are
read (`docs/data.md` lists each): Bach, Monteverdi without the two files that carry a
publisher's notice, the quartets of Haydn, Mozart and Beethoven, and four books of dance tunes.
Every piece becomes two canonical MIDI files: as printed, and with its repeats played out.
Reading takes minutes, so they are cached by corpus file.

music21 is imported inside the functions: importing this module is cheap.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from ml.data.engraved import played_out, read_score
from ml.music.text import clean_name

COLLECTIONS: dict[str, tuple[str, ...]] = {
    "chorale": ("bach",),
    "madrigal": ("monteverdi",),
    "quartet": ("haydn", "mozart", "beethoven"),
    "dance": ("ryansMammoth", "oneills1850", "airdsAirs", "miscFolk"),
}
"""The folders of music21's corpus that make up each style."""

_PUBLISHER_NOTICE = b"UT ORPHEUS"


@dataclass(frozen=True, slots=True)
class CorpusPiece:
    """One piece of music21's corpus.

    `name` is the file's name inside the corpus, with `#number` where a file holds several
    pieces; `printed` and `played` are canonical MIDI without and with its repeats.
    """

    name: str
    title: str
    printed: bytes
    played: bytes


def corpus_root() -> Path:
    """Return the folder of music21's corpus."""
    from music21 import common

    return Path(common.getCorpusFilePath())


def corpus_files(style: str) -> list[str]:
    """Return the names of the corpus files of `style`, sorted, without the disallowed ones."""
    root = corpus_root()
    found = [
        path.relative_to(root).as_posix()
        for folder in COLLECTIONS[style]
        for path in (root / folder).rglob("*")
        if path.suffix in {".mxl", ".krn", ".abc", ".xml"} and _is_allowed(path)
    ]
    return sorted(found)


def read_file(name: str, *, cache: Path | None = None) -> list[CorpusPiece]:
    """Return the pieces of one corpus file; a piece without notes is left out.

    With `cache`, a folder, the result is kept there and read from there the next time.
    """
    kept = _kept(name, cache)
    if kept and kept.exists():
        return [
            CorpusPiece(row["name"], row["title"], *(base64.b64decode(m) for m in row["midi"]))
            for row in json.loads(kept.read_text())
        ]
    pieces = list(_parse(name))
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        rows = [
            {"name": p.name, "title": p.title, "midi": [_text(p.printed), _text(p.played)]}
            for p in pieces
        ]
        part = kept.with_suffix(".part")
        part.write_text(json.dumps(rows))
        part.replace(kept)
    return pieces


def read_files(
    names: Sequence[str], *, cache: Path | None = None, in_parallel: bool = True
) -> Iterator[list[CorpusPiece]]:
    """Yield the pieces of each file in turn, parsed on all cores where `cache` lacks some.

    With `in_parallel` false, one after the other in this process.
    """
    read = partial(read_file, cache=cache)
    if not in_parallel or all((kept := _kept(name, cache)) and kept.exists() for name in names):
        yield from map(read, names)
        return
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield from pool.map(read, names)


def _kept(name: str, cache: Path | None) -> Path | None:
    return cache / (re.sub(r"[^A-Za-z0-9.-]", "_", name) + ".json") if cache else None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _is_allowed(path: Path) -> bool:
    if path.suffix != ".mxl":
        return True
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return not any(_PUBLISHER_NOTICE in archive.read(n).upper() for n in archive.namelist())


def _parse(name: str) -> Iterator[CorpusPiece]:
    from music21 import converter, stream

    # Music21's own cache of pickles takes a third of the time and is never read here.
    parsed = converter.parseFile(corpus_root() / name, forceSource=True, storePickle=False)
    if isinstance(parsed, stream.Opus):
        scores = list(parsed.scores)
        names = [f"{name}#{number}" for number in range(1, len(scores) + 1)]
    else:
        scores, names = [parsed], [name]
    for piece_name, score in zip(names, scores, strict=True):
        printed, order = read_score(score)
        if printed.n_notes:
            played = played_out(printed, order)
            yield CorpusPiece(
                piece_name, _title(score, piece_name), printed.to_midi(), played.to_midi()
            )


def _title(score: Any, name: str) -> str:
    found = score.metadata and score.metadata.title
    return clean_name(str(found or Path(name.partition("#")[0]).stem))
