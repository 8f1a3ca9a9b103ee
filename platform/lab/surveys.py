"""What is found in the files of a data set before anything is trained.

`ml.data` reads the music; here its findings become what the rows of a data set say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lab.models.data import PARTS
from ml.data.own import survey
from ml.data.survey import FileReport, Span

Parts = Sequence[int | None]

COUNTED = ("phrases", "accompanied", "bars", "seconds", "notes")


@dataclass(frozen=True, slots=True)
class Finding:
    """What the survey says of one file; one that is left out has a code and a sentence."""

    name: str
    music_sha256: str = ""
    side: str = ""
    refusal_code: str = ""
    refusal_detail: str = ""
    report: Mapping[str, Any] = field(default_factory=dict)


def look_through(
    files: Iterable[tuple[str, bytes]], parts: Mapping[str, Parts] | None = None
) -> dict[str, Finding]:
    """Return what each file (name, MIDI) has to learn from, by name.

    `parts` names for some of them the tracks that are its four parts.
    """
    return {report.name: _finding(report) for report in survey(files, parts=parts).files}


def _finding(report: FileReport) -> Finding:
    return Finding(
        name=report.name,
        music_sha256=report.sha256,
        side=report.side or "",
        refusal_code="duplicate" if report.duplicate_of else report.code,
        refusal_detail=report.detail,
        report=_told(report),
    )


def _told(report: FileReport) -> dict[str, Any]:
    """Return what the survey found, as JSON values."""
    every = report.as_dict()
    kept = (
        *COUNTED, "tracks", "parts", "parts_from", "is_chosen", "has_drums", "duplicate_of",
    )  # fmt: skip
    return {name: every[name] for name in kept} | {"ranges": ranges_of(report.ranges)}


def ranges_of(spans: Sequence[Span]) -> dict[str, list[int]]:
    """Return lowest and highest pitch by part, of the parts that sound.

    >>> ranges_of([(60, 72), None, None, (36, 50)])
    {'melody': [60, 72], 'bass': [36, 50]}
    """
    return {part: list(span) for part, span in zip(PARTS, spans, strict=True) if span}


def totals_of(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the totals over the files of a data set."""
    rows = list(findings)
    taken = [row for row in rows if row.side]
    total: dict[str, Any] = {
        "files": len(rows),
        "taken": len(taken),
        "refused": len(rows) - len(taken),
        "duplicates": sum(bool(row.report.get("duplicate_of")) for row in rows),
        "ranges": _widest([row.report.get("ranges", {}) for row in taken]),
    }
    for name in COUNTED:
        total[name] = round(_sum(taken, name), 1)
    for side in ("train", "valid"):
        here = [row for row in taken if row.side == side]
        total[side] = len(here)
        total[f"{side}_phrases"] = _sum(here, "phrases")
        total[f"{side}_accompanied"] = _sum(here, "accompanied")
    return total


def _sum(rows: Iterable[Finding], name: str) -> float:
    found: list[float] = [row.report.get(name, 0) for row in rows]
    return sum(found)


def _widest(ranges: Iterable[Mapping[str, Sequence[int]]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for one in ranges:
        for part, (low, high) in one.items():
            least, most = found.get(part, [low, high])
            found[part] = [min(least, low), max(most, high)]
    return found
