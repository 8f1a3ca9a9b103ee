"""`python -m ml generate`: one technique on one MIDI file."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ml.commands.files import Failed, read_song, write_bytes
from ml.models import MAX_SEED, Models, generate
from ml.music import Song
from ml.techniques import (
    TECHNIQUES,
    Generated,
    GenerationRefused,
    ModelUnavailable,
    Parameters,
    ParametersRefused,
    Progress,
    as_dict,
    describe,
    parse,
)

EDIT_STYLE = "chorale"
"""The one style that the editor was trained on."""


def add(commands: Any) -> None:
    """Add the command to the parser's commands."""
    command = commands.add_parser(
        "generate",
        help="accompany, edit or extend a MIDI file",
        epilog=_parameters_in_words(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("technique", choices=TECHNIQUES)
    command.add_argument("source", type=Path, metavar="IN.mid")
    command.add_argument("target", type=Path, metavar="OUT.mid")
    command.add_argument("--style", help="the style to work in")
    command.add_argument("--seed", type=seed, help="a whole number; the same one, the same bytes")
    command.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="settings",
        help="a parameter; may be repeated",
    )  # fmt: skip
    command.add_argument(
        "--weights", type=Path, metavar="DIR",
        help="use the weights that a training run left in this folder",
    )  # fmt: skip
    command.add_argument("--json", action="store_true", help="print one object")
    command.set_defaults(run=run)


def seed(text: str) -> int:
    """Return a seed from text.

    :raises argparse.ArgumentTypeError: if it is none
    """
    if not text.isdecimal() or not text.isascii() or int(text[:20]) > MAX_SEED:
        raise argparse.ArgumentTypeError(f"a whole number from 0 to {MAX_SEED}")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Generate and write; 0 if OUT is written, else 1 and one line that says why it is not."""
    try:
        result = _generated(options)
    except Failed as failure:
        if options.json:
            print(json.dumps({"ok": False, "code": failure.code, "detail": failure.detail}))
        else:
            print(f"python -m ml: refused ({failure.code}). {failure.detail}", file=sys.stderr)
        return 1
    print(json.dumps(result, allow_nan=False) if options.json else _as_text(result, options))
    return 0


def _generated(options: argparse.Namespace) -> dict[str, Any]:
    parameters = _parameters(options)
    song = read_song(options.source)
    chosen = options.seed if options.seed is not None else secrets.randbelow(2**32)
    models = Models(options.weights) if options.weights else Models()
    try:
        card = models.card(options.technique, parameters)
        models.get(options.technique)
        began = time.perf_counter()
        found = _run(options, song, parameters, chosen, models)
    except ModelUnavailable as error:
        raise Failed("model_unavailable", error.detail) from error
    except GenerationRefused as refusal:
        raise Failed(refusal.code, refusal.detail) from refusal
    except ParametersRefused as error:  # values that are right alone and do not go together
        raise Failed("parameters", str(error)) from error
    seconds = time.perf_counter() - began
    write_bytes(options.target, found.song.to_midi())
    return {
        "technique": options.technique,
        "model": card.name,
        "sha256": card.sha256,
        "seconds": round(seconds, 3),
        "notes_in": found.notes_in,
        "notes_out": found.notes_out,
        "added": found.added,
        "removed": found.removed,
        "events": [event.as_dict() for event in found.events],
        "seed": chosen,
        "parameters": as_dict(parameters),
        "details": found.details,
    }


def _run(
    options: argparse.Namespace, song: Song, parameters: Parameters, chosen: int, models: Models
) -> Generated:
    with _bar(options) as progress:
        return generate(
            options.technique, song, parameters, seed=chosen, models=models, progress=progress
        )


def _parameters(options: argparse.Namespace) -> Parameters:
    """Return the parameters that the options state.

    :raises Failed: with the code `parameters` or `style`
    """
    values: dict[str, str] = {}
    for setting in options.settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise Failed("parameters", f"A setting is written NAME=VALUE, not {setting[:60]!r}.")
        if name in values:
            raise Failed("parameters", f"The parameter {name} is set twice.")
        values[name] = value
    if options.style is not None:
        _add_style(values, options)
    try:
        return parse(options.technique, values)
    except ParametersRefused as error:
        raise Failed("parameters", str(error)) from error


def _add_style(values: dict[str, str], options: argparse.Namespace) -> None:
    if options.technique == "edit":
        if options.style != EDIT_STYLE:
            raise Failed(
                "style",
                f"The editor knows the style {EDIT_STYLE} only, not {options.style[:60]!r}.",
            )
        return
    if "style" in values:
        raise Failed("parameters", "The style is given twice.")
    values["style"] = options.style


@contextmanager
def _bar(options: argparse.Namespace) -> Iterator[Progress]:
    """Show a bar on stderr where a person looks on."""
    from tqdm import tqdm

    hidden = options.json or not sys.stderr.isatty()
    layout = "{desc:24} {percentage:3.0f}% |{bar:30}|"
    with tqdm(total=1.0, file=sys.stderr, disable=hidden, leave=False, bar_format=layout) as bar:

        def show(share: float, word: str) -> None:
            bar.set_description_str(word, refresh=False)
            bar.update(share - bar.n)

        yield show


def _as_text(result: dict[str, Any], options: argparse.Namespace) -> str:
    return (
        f"{options.target}: {result['notes_in']} notes became {result['notes_out']} "
        f"({result['added']} added, {result['removed']} removed, "
        f"{len(result['events'])} edit events) by {result['model']} "
        f"in {result['seconds']:.2f} s, seed {result['seed']}"
    )


def _parameters_in_words() -> str:
    """Return every technique's parameters with range and default, for --help."""
    lines = ["parameters:"]
    for technique in TECHNIQUES:
        lines.append(f"  {technique}")
        for p in describe(technique):
            span = ", ".join(p.choices) or _span(p.minimum, p.maximum)
            default = "" if p.default in (None, ()) else f"; default {p.default}"
            lines.append(f"    {p.name}: {span or p.kind}{' ' + p.unit if p.unit else ''}{default}")
    return "\n".join(lines)


def _span(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:g} to {high:g}"
