"""`python -m ml survey`: what a folder of MIDI files would be as training data."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ml.data.survey import FileReport, Survey


def add(commands: Any) -> None:
    """Add the command to the parser's commands."""
    command = commands.add_parser("survey", help="tell what a folder of MIDI files can train")
    command.add_argument("folder", type=Path, metavar="DIR")
    command.add_argument("--json", action="store_true", help="print one object")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the survey; 1 and one line if there is no such folder or nothing in it to train on."""
    from ml.data.own import NoUsableMusic, files_below, parts_in
    from ml.data.survey import survey

    if not options.folder.is_dir():
        return _refused(f"There is no folder {options.folder}.")
    try:
        found = survey(files_below(options.folder), parts=parts_in(options.folder))
    except NoUsableMusic as error:
        return _refused(str(error))
    print(json.dumps(found.as_dict(), allow_nan=False) if options.json else _as_text(found))
    return 0 if found.used else 1


def _as_text(found: Survey) -> str:
    totals = found.totals
    sides = "; ".join(
        f"{side} {totals[side]['files']} files, {totals[side]['phrases']} phrases, "
        f"{totals[side]['accompanied']} of them accompanied"
        for side in ("train", "valid")
    )
    lines = [_line(report) for report in found.files]
    return "\n".join([*lines, f"{totals['used']} of {totals['files']} files are used: {sides}"])


def _line(report: FileReport) -> str:
    from ml.data.own_parts import PART_NAMES

    if report.code:
        return f"{report.name}: left out ({report.code}). {report.detail}"
    parts = ", ".join(
        f"{name} {'-' if track is None else track}"
        for name, track in zip(PART_NAMES, report.parts, strict=True)
    )
    how = "chosen" if report.is_chosen else f"inferred from {report.parts_from}"
    return (
        f"{report.name}: {report.side}, {report.phrases} phrases, {report.bars} bars, "
        f"{report.notes} notes; tracks: {parts} ({how})"
    )


def _refused(text: str) -> int:
    print(f"python -m ml: {text}", file=sys.stderr)
    return 1
