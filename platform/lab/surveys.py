"""What is found in the files of a data set before anything is trained.

`ml.data` reads the music; here its findings become what the rows of a data set say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from lab.models.data import PARTS
from ml.data.grids import GridPiece
from ml.data.own import VALID_ONE_IN
from ml.data.parts import grids_of
from ml.music import Song, Track, music_hash

PHRASE_STEPS = 64  # four bars of 16ths: what a GAN hears at a time

Parts = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the survey says of one file; a refused one has a code and a sentence."""

    name: str
    music_sha256: str = ""
    side: str = ""
    refusal_code: str = ""
    refusal_detail: str = ""
    report: dict[str, Any] = field(default_factory=dict)


def look_through(
    songs: Iterable[tuple[str, Song]], parts: Mapping[str, Parts] | None = None
) -> list[Finding]:
    """Return what each song has to learn from, in their order.

    `parts` names for some of them the tracks that are its four parts. A song that holds the same
    music as an earlier one is refused. The side of a piece depends on its music alone.
    """
    seen: dict[str, str] = {}
    findings = [_finding(name, song, (parts or {}).get(name), seen) for name, song in songs]
    return _with_both_sides(findings)


def _finding(name: str, song: Song, parts: Parts | None, seen: dict[str, str]) -> Finding:
    content = music_hash(song)
    grids = _grids(song, name, parts)
    report = _report(song, grids, parts)
    if content in seen:
        report["duplicate_of"] = seen[content]
        detail = _("It holds the same music as %(name)s.") % {"name": seen[content]}
        return Finding(name, content, "", "duplicate", detail, report)
    if not grids:
        detail = _("It has no two bars in a row whose notes lie on 16ths.")
        return Finding(name, content, "", "nothing_on_the_grid", detail, report)
    seen[content] = name
    side = "valid" if int(content, 16) % VALID_ONE_IN == 0 else "train"
    return Finding(name, content, side, report=report)


def _with_both_sides(findings: list[Finding]) -> list[Finding]:
    """Move one piece over if one side would have none, as `ml.data.own` does."""
    sides = {finding.side for finding in findings if finding.side}
    if len(sides) != 1 or sum(bool(finding.side) for finding in findings) < 2:
        return findings
    other = "valid" if sides == {"train"} else "train"
    last = max(n for n, finding in enumerate(findings) if finding.side)
    moved = findings[last]
    findings[last] = Finding(moved.name, moved.music_sha256, other, report=moved.report)
    return findings


def _grids(song: Song, name: str, parts: Parts | None) -> list[GridPiece]:
    if parts is not None:
        chosen = tuple(song.tracks[number] for number in parts if number is not None)
        song = Song(chosen, song.tempos, song.time_signatures, song.key_signatures)
    style = "arcade" if any(track.is_drum for track in song.tracks) else "madrigal"
    return list(grids_of(song, name=name, style=style)) or list(
        grids_of(song, name=name, style="dance")
    )


def _report(song: Song, grids: Sequence[GridPiece], parts: Parts | None) -> dict[str, Any]:
    return {
        "bars": sum(int((grid.position == 0).sum()) for grid in grids),
        "seconds": round(song.duration_seconds, 1),
        "notes": sum(int(grid.strike.sum()) for grid in grids),
        "phrases": sum(len(grid) // PHRASE_STEPS for grid in grids),
        "tracks": [_track(number, track) for number, track in enumerate(song.tracks)],
        "parts": None if parts is None else list(parts),
        "ranges": _ranges(grids),
        "duplicate_of": None,
    }


def _track(number: int, track: Track) -> dict[str, Any]:
    pitches = track.notes.pitch
    return {
        "index": number,
        "name": track.name,
        "program": track.program,
        "is_drum": track.is_drum,
        "notes": len(track.notes),
        "lowest": int(pitches.min()) if len(pitches) else None,
        "highest": int(pitches.max()) if len(pitches) else None,
    }


def _ranges(grids: Sequence[GridPiece]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for voice, part in enumerate(PARTS):
        pitches = [p for grid in grids for p in grid.pitch[:, voice].tolist() if p >= 0]
        if pitches:
            found[part] = [min(pitches), max(pitches)]
    return found


def totals_of(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the totals over the files of a data set."""
    rows = list(findings)
    taken = [row for row in rows if row.side]
    total: dict[str, Any] = {
        "files": len(rows),
        "taken": len(taken),
        "refused": len(rows) - len(taken),
        "duplicates": sum(row.refusal_code == "duplicate" for row in rows),
        "ranges": _widest([row.report.get("ranges", {}) for row in taken]),
    }
    for name in ("phrases", "bars", "seconds", "notes"):
        total[name] = round(sum(row.report.get(name, 0) for row in taken), 1)
    for side in ("train", "valid"):
        here = [row for row in taken if row.side == side]
        total[side] = len(here)
        total[f"{side}_phrases"] = sum(row.report.get("phrases", 0) for row in here)
    return total


def _widest(ranges: Iterable[Mapping[str, Sequence[int]]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for one in ranges:
        for part, (low, high) in one.items():
            least, most = found.get(part, [low, high])
            found[part] = [min(least, low), max(most, high)]
    return found
