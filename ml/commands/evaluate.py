"""`python -m ml evaluate`: measure a model's shipped weights, each figure with its definition."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from typing import Any

from ml.training.presets import KINDS

Figures = dict[str, dict[str, Any]]

PARTS: dict[str, dict[str, dict[str, Any]]] = {
    "gan": {"gan_unet": {"algorithm": "unet"}, "gan_musegan": {"algorithm": "musegan"}},
    "ar_cnn": {"ar_cnn": {}},
    "transformer": {"transformer": {}},
}
"""The weight files of each kind of model, and how its evaluation is called for them."""


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
        result, by_weights = measured(options.kind, quick=options.quick)
    except (ModelUnavailable, NotPrepared) as error:
        return _refused(str(error))
    if options.write:
        from ml.evaluation.cards import write_docs, write_figures

        for name, figures in by_weights.items():
            write_figures(name, figures)
        write_docs()
    print(json.dumps(result, allow_nan=False) if options.json else _as_text(result))
    return 0


def measured(kind: str, *, quick: bool) -> tuple[dict[str, Any], dict[str, Figures]]:
    """Return what is printed, and the figures by weight file; all are JSON values.

    Where a kind has several weight files, the names of their printed figures begin with the
    algorithm's.

    :raises ModelUnavailable: if its weights are missing or damaged
    :raises NotPrepared: if the held-out pieces are not prepared
    """
    import torch

    from ml.techniques import read_card

    torch.set_num_threads(1)
    parts = PARTS[kind]
    weights = {name: read_card(name).sha256 for name in parts}
    began = time.perf_counter()
    by_weights = {name: _figures(kind, name, values, quick=quick) for name, values in parts.items()}
    printed = {
        f"{values['algorithm']}_{figure}" if len(parts) > 1 else figure: row
        for name, values in parts.items()
        for figure, row in by_weights[name].items()
    }
    seconds = round(time.perf_counter() - began, 1)
    result = {"model": kind, "weights": weights, "quick": quick, "seconds": seconds,
              "figures": printed}  # fmt: skip
    return result, by_weights


def _figures(kind: str, name: str, values: dict[str, Any], *, quick: bool) -> Figures:
    from ml.evaluation.figures import finite
    from ml.evaluation.speed import speed_rows

    _say(f"Measuring {name}: music")
    found = importlib.import_module(f"ml.evaluation.{kind}").evaluate(quick=quick, **values)
    _say(f"Measuring {name}: speed")
    rows: Figures = finite({**found, **speed_rows(kind, quick=quick, **values)})
    return rows


def _say(text: str) -> None:
    print(f"{text} …", file=sys.stderr, flush=True)


def _as_text(result: dict[str, Any]) -> str:
    from ml.evaluation.figures import as_table

    files = ", ".join(f"{name} {sha256[:12]}" for name, sha256 in result["weights"].items())
    return f"{result['model']} ({files})\n{as_table(result['figures'])}"


def _refused(text: str) -> int:
    print(f"python -m ml: {text}", file=sys.stderr)
    return 1
