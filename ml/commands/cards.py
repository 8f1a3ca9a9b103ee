"""`python -m ml cards`: write docs/models anew from the cards of the shipped weights."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def add(commands: Any) -> None:
    """Add the command to the parser's commands."""
    command = commands.add_parser("cards", help="write docs/models from the weights' cards")
    command.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Write the pages; 1 and one line if a card is missing or its weights are damaged."""
    from ml.evaluation.cards import write_docs
    from ml.techniques import ModelUnavailable

    try:
        written = write_docs()
    except ModelUnavailable as error:
        print(f"python -m ml: {error.detail}", file=sys.stderr)
        return 1
    print("\n".join(str(path) for path in written))
    return 0
