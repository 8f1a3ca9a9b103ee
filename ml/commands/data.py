"""`python -m ml data`: prepare the grids that the models are trained and measured on."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CORPUS_CACHE = Path("var/corpus")


def add(commands: Any) -> None:
    """Add the command to the parser's commands."""
    from ml.data.grids import FOLDER

    command = commands.add_parser("data", help="prepare the training data from the corpora")
    command.add_argument("--cache", type=Path, default=CORPUS_CACHE, metavar="FOLDER")
    command.add_argument("--out", type=Path, default=FOLDER, metavar="FOLDER")
    command.add_argument("--json", action="store_true", help="print what was found as one object")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prepare every style and print what was found."""
    from ml.data.prepare import prepare

    try:
        summary = prepare(cache=options.cache, folder=options.out, bar=with_bar)
    except OSError as error:
        print(f"python -m ml: {error.filename} cannot be used: {error.strerror}.", file=sys.stderr)
        return 1
    print(json.dumps(summary) if options.json else _as_text(summary))
    return 0


def with_bar(names: Iterable[str], label: str) -> Iterable[str]:
    """Return the names, showing on stderr how far they are worked through."""
    from tqdm import tqdm

    bar: Iterable[str] = tqdm(list(names), desc=label, file=sys.stderr, unit="file")
    return bar


def _as_text(summary: dict[str, Any]) -> str:
    lines = [f"Grids in {summary['folder']}:"]
    for style, about in summary["styles"].items():
        if not about["available"]:
            lines.append(f"  {style:9} not available here")
            continue
        sides = ", ".join(
            f"{side} {about[side]['files']} pieces {about[side]['steps']} steps"
            for side in ("train", "valid", "test")
        )
        lines.append(f"  {style:9} {sides}; {about['dropped_as_shared']} dropped as shared")
    return "\n".join(lines)
