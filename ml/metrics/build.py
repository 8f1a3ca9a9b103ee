"""Builds the shipped reference from the corpus: `python -m ml reference`.

Every reference piece counts twice, as printed and with its repeats played out (where they differ),
because both come in. The surprise of a reference piece is taken under tables counted without it;
otherwise the bands would be those of music that the tables know by heart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml.data.corpus import CorpusPiece, corpus_files, read_files
from ml.data.held_out import write_names
from ml.data.split import Side, part_of, side_of
from ml.metrics import grammar
from ml.metrics.likelihood import LIKELIHOOD, SPEAKS_FOR, nats_per_cell
from ml.metrics.material import Floats, Ints, prepare
from ml.metrics.originality import build_index, corpus_index, originality
from ml.metrics.raw import plain_values
from ml.metrics.shipped import FOLDER, STYLES, StyleReference, pack_counts
from ml.music import Song, read_canonical

Progress = Callable[[Iterable[str], str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Measured:
    """A reference piece as the builder needs it: its raw values and what the tables count."""

    values: dict[str, float]
    events: grammar.Tokens


def build(cache: Path, progress: Progress) -> None:
    """Write all files of `reference/` and the list of held-out pieces.

    The corpus is read by way of the folder `cache`.
    """
    FOLDER.mkdir(exist_ok=True)
    arrays: dict[str, np.ndarray] = {}
    indexed: list[tuple[str, str, Song]] = []
    held_out: dict[str, list[CorpusPiece]] = {}
    for style in STYLES:
        sides = sorted_pieces(style, cache, progress)
        pieces, held_out[style] = sides["reference"], sides["held_out"]
        likelihoods = likelihoods_of(style, held_out[style])
        reference, counts, kinds = build_style(style, [versions(p) for p in pieces], likelihoods)
        text = json.dumps(reference.as_dict(), indent=1)
        (FOLDER / f"{style}.json").write_text(text + "\n")
        arrays |= pack_counts(style, counts, kinds)
        indexed += [(p.name, p.title, read_canonical(p.printed)) for p in pieces]
    np.savez_compressed(FOLDER / "tables.npz", allow_pickle=False, **arrays)
    build_index(indexed, FOLDER)
    write_names({style: names_by_size(unknown(pieces)) for style, pieces in held_out.items()})


def sorted_pieces(style: str, cache: Path, progress: Progress) -> dict[Side, list[CorpusPiece]]:
    """Return the pieces of a style by the side on which they fall."""
    sides: dict[Side, list[CorpusPiece]] = {"reference": [], "held_out": [], "unused": []}
    names = corpus_files(style)
    for _, pieces in zip(progress(names, style), read_files(names, cache=cache), strict=True):
        for piece in pieces:
            sides[side_of(style, piece.name, piece.title)].append(piece)
    return sides


def names_by_size(pieces: list[CorpusPiece]) -> list[str]:
    """Return the names of pieces that have a file to themselves, the shortest piece first.

    Pieces of a file that holds many would be slow to read one by one.
    """
    alone = [piece for piece in pieces if "#" not in piece.name]
    return [piece.name for piece in sorted(alone, key=lambda p: (len(p.played), p.name))]


def unknown(pieces: list[CorpusPiece]) -> list[CorpusPiece]:
    """Return the pieces that are not in the index under another title or in another encoding."""
    corpus_index.cache_clear()
    return [p for p in pieces if not originality(read_canonical(p.printed)).is_suspected]


def versions(piece: CorpusPiece) -> list[Song]:
    """Return a piece as printed and, where it differs, with its repeats played out."""
    return [read_canonical(midi) for midi in dict.fromkeys([piece.printed, piece.played])]


def build_style(
    style: str, pieces: list[list[Song]], likelihoods: list[dict[str, float]]
) -> tuple[StyleReference, dict[str, Floats], Ints]:
    """Return the reference of a style, the counts of its tables, and its chord kinds.

    `pieces` holds the versions of each piece; the tables count the first of them. `likelihoods`
    come from other pieces: those that the decoder was not trained on.
    """
    measured = [[_measured(song) for song in songs] for songs in pieces]
    kinds = grammar.chord_kinds(np.concatenate([first.events.chords for first, *_ in measured]))
    counts = {name: np.zeros(a * b) for name, (a, b) in grammar.SIZES.items()}
    for first, *_ in measured:
        for name, own in own_counts(first.events, kinds).items():
            counts[name] += own
    values = []
    for songs in measured:
        tables = tables_without(songs[0].events, counts, kinds)
        values += [m.values | tables.measure(m.events) for m in songs]
    silent = frozenset[str]() if style in SPEAKS_FOR else frozenset({LIKELIHOOD})
    return StyleReference.from_values(style, values + likelihoods, silent=silent), counts, kinds


def likelihoods_of(style: str, held_out: list[CorpusPiece]) -> list[dict[str, float]]:
    """Return the likelihood of the pieces that steered the decoder's training.

    Not of those that it learned, which surprise it less than any new piece can; and not of those
    that judge it and the score.
    """
    songs = [
        read_canonical(p.printed) for p in held_out if part_of(style, p.name, p.title) == "valid"
    ]
    return [{LIKELIHOOD: nats_per_cell(song, [style])[style]} for song in songs]


def _measured(song: Song) -> Measured:
    material = prepare(song)
    return Measured(plain_values(material), grammar.tokens(material))


def own_counts(events: grammar.Tokens, kinds: Ints) -> dict[str, Floats]:
    """Return how often a piece hits each cell of each table."""
    return {
        name: np.bincount(cells, minlength=int(np.prod(grammar.SIZES[name]))).astype(float)
        for name, cells in events.cells(kinds).items()
    }


def tables_without(
    events: grammar.Tokens, counts: dict[str, Floats], kinds: Ints
) -> grammar.Tables:
    """Return the tables of a style from which the events of one piece were taken out."""
    own = own_counts(events, kinds)
    return grammar.tables_from({name: counts[name] - own[name] for name in counts}, kinds)
