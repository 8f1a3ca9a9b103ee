"""`python -m ml`: score files, build the reference, prepare data, train, generate, evaluate."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ml.commands import cards, controls, data, evaluate, generate, lessons, survey, train
from ml.commands.files import Failed, read_song
from ml.metrics import ANY, STYLES


def main(arguments: Sequence[str]) -> int:
    """Run the command line and return the exit status.

    `score` ends with 0 whenever it ran to the end; the other commands end with 1 when they could
    not do what was asked.
    """
    options = _parser().parse_args(arguments)
    status: int = options.run(options)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    score = commands.add_parser("score", help="score MIDI files")
    score.add_argument("files", nargs="+", metavar="FILE")
    score.add_argument("--style", choices=[*STYLES, ANY], default=ANY)
    score.add_argument("--json", action="store_true", help="print a list of objects")
    score.add_argument("--originality", action="store_true", help="compare with known music")
    score.set_defaults(run=_score)

    reference = commands.add_parser("reference", help="build the reference from the corpus")
    reference.add_argument("--cache", type=Path, default=Path("var/corpus"), metavar="FOLDER")
    reference.set_defaults(run=_reference)

    for module in (data, survey, train, generate, evaluate, cards, controls, lessons):
        module.add(commands)
    return parser


def _score(options: argparse.Namespace) -> int:
    items = [score_file(f, style=options.style, with_originality=options.originality)
             for f in options.files]  # fmt: skip
    if options.json:
        print(json.dumps(items, allow_nan=False, ensure_ascii=True))
    else:
        print("\n\n".join(_as_text(item) for item in items))
    return 0


def score_file(name: str, *, style: str = ANY, with_originality: bool = False) -> dict[str, Any]:
    """Return the result for one file as a JSON object; a file that cannot be read is one too."""
    from ml.metrics import score
    from ml.metrics.originality import originality

    try:
        song = read_song(Path(name))
    except Failed as failure:
        return {"file": name, "ok": False, "code": failure.code, "detail": failure.detail}
    result = score(song, style=style).as_dict()
    item = {"file": name, "ok": True, "score": result["score"], "notes": song.n_notes, **result}
    if with_originality:
        item["originality"] = originality(song).as_dict()
    return item


def _as_text(item: dict[str, Any]) -> str:
    if not item["ok"]:
        return f"{item['file']}: refused ({item['code']}). {item['detail']}"
    lines = [
        f"{item['file']}: {item['score']:.1f} of 100, {item['notes']} notes, "
        f"compared with the style {item['reference']}"
    ]
    for name, m in item["metrics"].items():
        low, high = m["band"]
        bar = "#" * round(10 * m["typicality"])
        lines.append(
            f"  {name:22}{m['value']:9.3f}  band {low:7.3f} to {high:7.3f}  "
            f"{bar:10}  {m['typicality']:.2f} x {m['weight']:.3f}"
        )
    if found := item.get("originality"):
        lines.append(
            f"  already known: {found['share']:.0%} of bars, {found['two_bar_share']:.0%} of pairs "
            f"of bars, {found['line_share']:.0%} of melodic lines; nearest: {found['nearest']}"
        )
    return "\n".join(lines)


def _reference(options: argparse.Namespace) -> int:
    from ml.metrics.build import build

    build(options.cache, data.with_bar)
    return 0
