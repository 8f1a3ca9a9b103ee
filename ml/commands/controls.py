"""`python -m ml controls`: what the measures say of held-out Bach and of what is no music."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any


def add(commands: Any) -> None:
    """Add the command to the parser's commands."""
    command = commands.add_parser(
        "controls", help="measure held-out Bach, shuffled Bach, silence and random notes"
    )
    command.add_argument("--write", action="store_true", help="measure anew and store for the site")
    command.add_argument("--json", action="store_true", help="print one object")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what was measured; 1 and one line if the chorales are not prepared."""
    from ml.data.grids import NotPrepared
    from ml.evaluation.controls import shipped_controls, write_controls

    try:
        found = write_controls() if options.write else shipped_controls()
    except NotPrepared as error:
        print(f"python -m ml: {error}", file=sys.stderr)
        return 1
    print(json.dumps(found) if options.json else _as_text(found))
    return 0


def _as_text(found: dict[str, Any]) -> str:
    lines = [f"{found['windows']} phrases of four bars", _row("", found["kinds"])]
    for title, name in (("measures", "measures"), ("as the course computes them", "course")):
        lines += [f"{title}:", *(_row(n, v.values()) for n, v in found[name].items())]
    return "\n".join(lines)


def _row(name: str, cells: Any) -> str:
    texts = (c if isinstance(c, str) else "none" if c is None else f"{c:.3f}" for c in cells)
    return f"  {name:20}" + "".join(f"{text:>16}" for text in texts)
