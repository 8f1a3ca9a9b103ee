"""`python -m ml lessons`: record real runs of the shipped models for the lessons."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Add the command to the parser's commands."""
    command = commands.add_parser("lessons", help="record what the lessons show of the models")
    command.add_argument("--out", type=Path, metavar="FOLDER", help="default: ml/lessons/recorded")
    command.add_argument(
        "--critic", action="store_true", help="train the critic instead (minutes of one core)"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the recordings; 1 and one line if weights or prepared music are missing."""
    from ml.data.grids import NotPrepared
    from ml.lessons import FOLDER
    from ml.lessons.record import record, record_critic
    from ml.techniques import ModelUnavailable

    try:
        written = (record_critic if options.critic else record)(options.out or FOLDER)
    except (ModelUnavailable, NotPrepared) as error:
        print(f"python -m ml: {error}", file=sys.stderr)
        return 1
    print("\n".join(str(path) for path in written))
    return 0
