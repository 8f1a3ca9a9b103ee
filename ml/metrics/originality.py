"""Originality: how much of a piece is already in the reference corpora or in other entries.

Two pieces of one style share some passages: of held-out Bach, 4 to 8 % of one-bar passages
occur in other Bach. Beyond `ONE_BAR_SUSPECT`, `TWO_BAR_SUSPECT` or `LINE_SUSPECT` a piece is a
suspected copy and people should look at it. Nothing here judges; it counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ml.metrics.fingerprint import BEATS, GRAM, KINDS, Fingerprint, Passages, fingerprint
from ml.metrics.material import TWELFTH, Ints
from ml.metrics.shipped import FOLDER
from ml.music import TICKS_PER_BEAT, Song

ONE_BAR_SUSPECT = 0.20
TWO_BAR_SUSPECT = 0.05
LINE_SUSPECT = 0.50

LEAST_PASSAGES = 8
"""A share is of at least this many passages: two alike out of three prove nothing."""

MAX_PASSAGES = 20
"""Passages listed in a result, the longest first."""

Matches = Mapping[int, Sequence[str]]
"""Keys of the pieces that hold a passage, by the passage's hash."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a piece, in beats, that is also found in the piece `source`."""

    start: float
    end: float
    source: str


@dataclass(frozen=True, slots=True)
class Originality:
    """What a piece shares with others; shares are from 0 (nothing) to 1.

    `share` counts one-bar, `two_bar_share` two-bar and `line_share` melodic passages. `nearest`
    is the key of the piece that it shares most with, or None; `passages` are the stretches
    shared with that one, `is_suspected` says that a share is beyond its limit.
    """

    share: float
    two_bar_share: float
    line_share: float
    nearest: str | None
    passages: tuple[Passage, ...]

    @property
    def is_suspected(self) -> bool:
        """Whether the piece should be looked at as a possible copy."""
        return (
            self.share > ONE_BAR_SUSPECT
            or self.two_bar_share > TWO_BAR_SUSPECT
            or self.line_share > LINE_SUSPECT
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON can hold it."""
        return {
            "share": round(self.share, 4),
            "two_bar_share": round(self.two_bar_share, 4),
            "line_share": round(self.line_share, 4),
            "nearest": self.nearest,
            "suspected": self.is_suspected,
            "passages": [
                {"start": p.start, "end": p.end, "source": p.source} for p in self.passages
            ],
        }


def originality(
    own: Fingerprint | Song,
    others: Mapping[str, Fingerprint] | None = None,
    *,
    with_corpus: bool = True,
) -> Originality:
    """Return what a piece shares with the reference corpora and with `others`, by their keys."""
    own = fingerprint(own) if isinstance(own, Song) else own
    matches: dict[int, list[str]] = {}
    if with_corpus:
        matches = corpus_matches(own)
    for key, other in (others or {}).items():
        for found in _common(own, other):
            matches.setdefault(found, []).append(key)
    return judge(own, matches)


def judge(own: Fingerprint, matches: Matches) -> Originality:
    """Return the result for matches that were looked up elsewhere, such as in a database.

    `matches` maps hashes out of `own.hashes()` to keys of pieces whose `stored_hashes()` hold
    them; keys may repeat. Merge several sources, such as `corpus_matches`, before the call.
    """
    shares = {kind: _share(getattr(own, kind), matches) for kind in KINDS}
    nearest = _nearest(own, matches)
    passages = _passages(own, matches, nearest) if nearest is not None else ()
    return Originality(shares["one_bar"], shares["two_bar"], shares["line"], nearest, passages)


def _common(own: Fingerprint, other: Fingerprint) -> list[int]:
    return sorted(set(own.hashes()) & set(other.stored_hashes()))


def _hit(passages: Passages, matches: Matches, source: str | None = None) -> Ints:
    """Return where the passages begin that occur elsewhere (in `source`), in ticks."""
    known = [h for h, keys in matches.items() if source is None or source in keys]
    found = np.isin(passages.hashes, np.array(known, dtype=np.int64))
    return np.unique(passages.at[found])


def _share(passages: Passages, matches: Matches) -> float:
    """Return the share of passages on beats that occur elsewhere, 0 to 1.

    Stored passages begin on beats. A copy moved off the beat is found at one other place inside
    the beat, so the place that finds most counts, against all passages that begin on beats.
    """
    known = np.fromiter(matches, dtype=np.int64, count=len(matches))
    hits = passages.at[np.isin(passages.hashes, known)]
    if len(hits) == 0:
        return 0.0
    most = int(np.bincount(hits % TICKS_PER_BEAT // TWELFTH).max())
    return min(1.0, most / max(int(passages.on_beat.sum()), most, LEAST_PASSAGES))


def _nearest(own: Fingerprint, matches: Matches) -> str | None:
    """Return the key that shares most passages; the first in order of keys among equals."""
    counts: dict[str, int] = {}
    for keys in matches.values():
        for key in set(keys):
            counts[key] = counts.get(key, 0) + 1
    return min(counts, key=lambda key: (-counts[key], key)) if counts else None


def _passages(own: Fingerprint, matches: Matches, source: str) -> tuple[Passage, ...]:
    """Return the stretches shared with one piece, longest first, in beats."""
    spans = [
        (int(at), int(at) + beats * TICKS_PER_BEAT)
        for kind, beats in (*BEATS.items(), ("line", GRAM // 2))
        for at in _hit(getattr(own, kind), matches, source)
    ]
    joined: list[list[int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    joined.sort(key=lambda span: (span[0] - span[1], span[0]))
    return tuple(
        Passage(start / TICKS_PER_BEAT, end / TICKS_PER_BEAT, source)
        for start, end in joined[:MAX_PASSAGES]
    )


@dataclass(frozen=True, slots=True, eq=False)
class CorpusIndex:
    """The passages of the reference corpora: sorted 32-bit hashes, pieces, and their titles."""

    hashes: np.ndarray
    piece: np.ndarray
    names: tuple[str, ...]
    titles: tuple[str, ...]

    def find(self, wanted: Ints) -> Iterable[tuple[int, int]]:
        """Yield (hash, piece) for those of the int64 hashes that some piece holds."""
        short = _shortened(wanted)
        first = np.searchsorted(self.hashes, short)
        after = np.searchsorted(self.hashes, short, side="right")
        for place in np.flatnonzero(after > first):
            for piece in self.piece[first[place] : after[place]]:
                yield int(wanted[place]), int(piece)


def corpus_matches(own: Fingerprint) -> dict[int, list[str]]:
    """Return which reference pieces hold which passages; keys are "corpus: title (name)"."""
    index = corpus_index()
    matches: dict[int, list[str]] = {}
    for found, piece in index.find(own.hash_array()):
        key = f"corpus: {index.titles[piece]} ({index.names[piece]})"
        matches.setdefault(found, []).append(key)
    return matches


@cache
def corpus_index() -> CorpusIndex:
    """Return the shipped index, read once per process."""
    pieces = json.loads((FOLDER / "index.json").read_text())
    with np.load(FOLDER / "index.npz", allow_pickle=False) as stored:
        return CorpusIndex(
            np.cumsum(stored["steps"], dtype=np.uint32),
            stored["piece"],
            tuple(name for name, _ in pieces),
            tuple(title for _, title in pieces),
        )


def build_index(pieces: Sequence[tuple[str, str, Song]], folder: Path) -> None:
    """Write the index of pieces given as (name, title, song) into a folder."""
    found, owner = [], []
    for number, (_, _, song) in enumerate(pieces):
        short = np.unique(_shortened(np.array(fingerprint(song).stored_hashes(), dtype=np.int64)))
        found.append(short)
        owner.append(np.full(len(short), number, dtype=np.uint16))
    hashes, piece = np.concatenate(found), np.concatenate(owner)
    order = np.lexsort((piece, hashes))
    steps = np.diff(hashes[order], prepend=np.uint32(0))
    np.savez_compressed(folder / "index.npz", steps=steps, piece=piece[order])
    rows = [[name, title] for name, title, _ in pieces]
    (folder / "index.json").write_text(json.dumps(rows, ensure_ascii=False, indent=0) + "\n")


def _shortened(hashes: Ints) -> np.ndarray:
    """Return the upper 32 bits: among a million passages one in 4,000 finds a false friend."""
    return (hashes.view(np.uint64) >> np.uint64(32)).astype(np.uint32)
