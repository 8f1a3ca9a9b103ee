"""`python -m ml evaluate`: measure a model's shipped weights, each figure with its definition."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from typing import Any

from ml.commands.train import KINDS

NAMES = {"gan": ("gan_unet", "gan_musegan"), "ar_cnn": ("ar_cnn",), "transformer": ("transformer",)}
"""The weight files of each kind of model."""


def add(commands: Any) -> None:
    """Add the command to the parser's commands."""
    command = commands.add_parser("evaluate", help="measure a shipped model")
    command.add_argument("kind", choices=KINDS)
    command.add_argument("--json", action="store_true", help="print one object")
    command.add_argument("--quick", action="store_true", help="few pieces: a rough look")
    command.add_argument(
        "--write", action="store_true", help="write the figures into the cards and docs/models"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure on one thread and print; 1 and one line if weights or data are missing."""
    from ml.data.grids import NotPrepared
    from ml.techniques import ModelUnavailable

    if options.write and options.quick:
        return _refused("Rough figures are not written into cards: leave out --quick.")
    try:
        result = measured(options.kind, quick=options.quick)
    except (ModelUnavailable, NotPrepared) as error:
        return _refused(str(error))
    if options.write:
        from ml.evaluation.cards import write_docs, write_figures

        write_figures(options.kind, result["figures"])
        write_docs()
    print(json.dumps(result, allow_nan=False) if options.json else _as_text(result))
    return 0


def measured(kind: str, *, quick: bool) -> dict[str, Any]:
    """Return all figures of a kind of model, as JSON values.

    :raises ModelUnavailable: if its weights are missing or damaged
    :raises NotPrepared: if the held-out pieces are not prepared
    """
    import torch

    from ml.evaluation.figures import finite
    from ml.evaluation.speed import speed_rows
    from ml.techniques import read_card

    torch.set_num_threads(1)
    weights = {name: read_card(name).sha256 for name in NAMES[kind]}
    began = time.perf_counter()
    module = importlib.import_module(f"ml.evaluation.{kind}")
    figures = dict(module.evaluate(quick=quick, progress=_say))
    _say(1.0, "speed")
    figures |= speed_rows(kind, quick=quick)
    return {
        "model": kind,
        "weights": weights,
        "quick": quick,
        "seconds": round(time.perf_counter() - began, 1),
        "figures": finite(figures),
    }


def _say(share: float, word: str) -> None:
    print(f"{100 * share:3.0f} %  {word}", file=sys.stderr, flush=True)


def _as_text(result: dict[str, Any]) -> str:
    from ml.evaluation.figures import as_table

    files = ", ".join(f"{name} {sha256[:12]}" for name, sha256 in result["weights"].items())
    return f"{result['model']} ({files})\n{as_table(result['figures'])}"


def _refused(text: str) -> int:
    print(f"python -m ml: {text}", file=sys.stderr)
    return 1
