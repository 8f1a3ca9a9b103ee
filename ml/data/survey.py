"""What a set of own files would be as training data, told without training anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ml.data.grids import REST, GridPiece
from ml.data.own_files import Chosen, OwnFile, OwnSide, read_files
from ml.data.own_parts import PART_NAMES, Parts, are_taken_apart
from ml.data.phrases import phrases_of
from ml.music import Song, Track

Span = tuple[int, int] | None
"""Lowest and highest pitch, None where nothing sounds."""


@dataclass(frozen=True, slots=True)
class TrackReport:
    """One track of a file, in the file's order from 0."""

    index: int
    name: str
    program: int
    is_drum: bool
    notes: int
    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: `code` and `detail` say why it is left out, and are empty if it is used.

    `parts` names for melody, second, third and bass a track or None; `parts_from` is `tracks` (a
    track for each), `voices` (chords taken apart by pitch) or empty where there is nothing to map;
    `is_chosen` tells whether a person chose. `phrases` are stretches of four bars with a melody,
    `accompanied` those with another voice: a GAN learns from these only. `ranges` are the pitches
    of the four parts.
    """

    name: str
    sha256: str
    code: str
    detail: str
    bars: int
    seconds: float
    notes: int
    phrases: int
    accompanied: int
    tracks: tuple[TrackReport, ...]
    parts: Parts
    parts_from: str
    is_chosen: bool
    ranges: tuple[Span, ...]
    has_drums: bool
    duplicate_of: str | None
    side: OwnSide | None

    def as_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Survey:
    """The reports of all files, ordered by name, and their totals."""

    files: tuple[FileReport, ...]

    @property
    def used(self) -> list[FileReport]:
        """The files that are trained on or validate."""
        return [f for f in self.files if not f.code]

    @property
    def totals(self) -> dict[str, Any]:
        """What the files come to together, as JSON values."""
        used = self.used
        sides = {side: _side([f for f in used if f.side == side]) for side in ("train", "valid")}
        return {
            "files": len(self.files),
            "used": len(used),
            "duplicates": sum(f.duplicate_of is not None for f in self.files),
            "refused": sum(bool(f.code) and f.duplicate_of is None for f in self.files),
            "notes": sum(f.notes for f in used),
            "bars": sum(f.bars for f in used),
            "seconds": round(sum(f.seconds for f in used), 1),
            **sides,
            "ranges": [joined([f.ranges[i] for f in used]) for i in range(len(PART_NAMES))],
            "with_drums": sum(f.has_drums for f in used),
            "validates_itself": len(used) == 1,
        }

    def as_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"files": [f.as_dict() for f in self.files], "totals": self.totals}


def survey(files: Iterable[tuple[str, bytes]], *, parts: Chosen | None = None) -> Survey:
    """Return what some files (name, bytes) hold and what of it would be trained on.

    `parts` are tracks that somebody chose, by file name; for the others they are inferred. Training
    on a folder of these files uses the very same music (`ml.data.own.from_folder`).
    """
    return Survey(tuple(_report(own) for own in read_files(files, parts=parts)))


def _side(files: Sequence[FileReport]) -> dict[str, int]:
    return {
        "files": len(files),
        "phrases": sum(f.phrases for f in files),
        "accompanied": sum(f.accompanied for f in files),
    }


def _report(own: OwnFile) -> FileReport:
    song = own.song
    counted = [phrases_of(grid) for grid in own.grids]
    return FileReport(
        name=own.name, sha256=own.sha256, code=own.code, detail=own.detail,
        bars=song.n_bars if song else 0,
        seconds=round(song.duration_seconds, 1) if song else 0.0,
        notes=song.n_notes if song else 0,
        phrases=sum(n for n, _ in counted), accompanied=sum(n for _, n in counted),
        tracks=tuple(_track(i, t) for i, t in enumerate(song.tracks)) if song else (),
        parts=own.parts, parts_from=_kind(own.parts), is_chosen=own.is_chosen,
        ranges=tuple(_range(own.grids, part) for part in range(len(PART_NAMES))),
        has_drums=_has_drums(song), duplicate_of=own.duplicate_of, side=own.side,
    )  # fmt: skip


def _kind(parts: Parts) -> str:
    if all(p is None for p in parts):
        return ""
    return "voices" if are_taken_apart(parts) else "tracks"


def _has_drums(song: Song | None) -> bool:
    return song is not None and any(t.is_drum and len(t.notes) for t in song.tracks)


def _track(index: int, track: Track) -> TrackReport:
    pitch = track.notes.pitch
    low, high = (int(pitch.min()), int(pitch.max())) if len(pitch) else (None, None)
    return TrackReport(index, track.name, track.program, track.is_drum, len(pitch), low, high)


def _range(grids: Sequence[GridPiece], part: int) -> Span:
    sounding = [g.pitch[:, part][g.pitch[:, part] != REST] for g in grids]
    found = np.concatenate(sounding) if sounding else np.zeros(0, np.int8)
    return (int(found.min()), int(found.max())) if len(found) else None


def joined(spans: Sequence[Span]) -> Span:
    """Return the span from the lowest to the highest of several.

    >>> joined([(60, 72), None, (55, 64)])
    (55, 72)
    """
    known = [s for s in spans if s is not None]
    return (min(s[0] for s in known), max(s[1] for s in known)) if known else None
