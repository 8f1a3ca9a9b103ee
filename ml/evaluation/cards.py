"""docs/models/*.md, written from the cards of the shipped weights, and figures into the cards."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ml.evaluation.figures import in_words, targets_in_words
from ml.techniques import WEIGHTS, read_card

DOCS = Path(__file__).resolve().parents[2] / "docs" / "models"

PAGES: dict[str, tuple[str, ...]] = {
    "gan": ("gan_unet", "gan_musegan"),
    "ar_cnn": ("ar_cnn",),
    "transformer": ("transformer",),
}
"""The weight files that each page describes."""

TITLES = {
    "gan": "The GAN accompanist",
    "ar_cnn": "The AR-CNN editor",
    "transformer": "The Transformer extender",
}
_CURVE_ROWS = 12


def pages(folder: Path = WEIGHTS) -> dict[str, str]:
    """Return the text of each page by its file name, from the cards in `folder`.

    :raises ModelUnavailable: if a card is missing or its weights are damaged
    """
    found: dict[str, str] = {}
    for page, names in PAGES.items():
        cards = [read_card(name, folder=folder).about for name in names]
        found[f"{page}.md"] = _page(page, cards, folder)
    return found


def write_docs(folder: Path = WEIGHTS, docs: Path = DOCS) -> list[Path]:
    """Write the pages and return their paths.

    :raises ModelUnavailable: if a card is missing or its weights are damaged
    """
    texts = pages(folder)
    docs.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (docs / name).write_text(text)
    return [docs / name for name in texts]


def write_figures(
    name: str, figures: Mapping[str, Mapping[str, Any]], folder: Path = WEIGHTS
) -> None:
    """Put measured figures into the card of a weight file.

    :raises ModelUnavailable: if the card is missing or the weights are damaged
    """
    card = {**read_card(name, folder=folder).about, "figures": dict(figures)}
    part = folder / f"{name}.json.part"
    part.write_text(json.dumps(card, indent=1) + "\n")
    part.replace(folder / f"{name}.json")


def _page(page: str, cards: Sequence[Mapping[str, Any]], folder: Path) -> str:
    head = (
        f"# {TITLES[page]}\n\n"
        "Written by `python -m ml cards` from the cards in `ml/weights`; edit those.\n"
    )
    return "\n".join([head, *(_weights(page, card, folder) for card in cards)])


def _weights(page: str, card: Mapping[str, Any], folder: Path) -> str:
    name = card["name"]
    size = (folder / f"{name}.safetensors").stat().st_size / 1e6
    trained = card.get("trained", {})
    rows = {
        "file": f"`{name}.safetensors`, {size:.1f} MB",
        "SHA-256": f"`{card['sha256']}`",
        "numbers": f"{card['parameters']:,}" if "parameters" in card else "",
        "technique": f"`{card['technique']}`",
        "command": f"`{card['command']}`" if "command" in card else "",
        "seed": str(card.get("seed", "")),
        "git commit": str(card.get("git_commit", "")),
        "trained": _training(trained),
        "data": _sentences(card.get("data", "")),
        "split": _sentences(card.get("split_sha256", "")),
        "license": _sentences(card.get("licence", "")),
    }
    table = "\n".join(f"| {what} | {_cell(text)} |" for what, text in rows.items() if text)
    sections = [f"## {name}\n\n| | |\n|---|---|\n{table}\n", _config(card), _curves(card),
                _samples(card), _limits(card), _figures(page, card)]  # fmt: skip
    return "\n".join(section for section in sections if section)


def _training(trained: Mapping[str, Any]) -> str:
    if not trained:
        return ""
    whole = "" if trained.get("complete", True) else ", stopped before its budget was used"
    return (
        f"{trained.get('iterations', '?')} iterations in {trained.get('minutes', '?')} minutes "
        f"on {trained.get('device', '?')}, torch {trained.get('torch', '?')}{whole}"
    )


def _config(card: Mapping[str, Any]) -> str:
    if not card.get("config"):
        return ""
    rows = "\n".join(f"| {n} | {_cell(in_words(v))} |" for n, v in card["config"].items())
    return f"### Sizes\n\n| | |\n|---|---|\n{rows}\n"


def _curves(card: Mapping[str, Any]) -> str:
    """Return the training's curve as a table of at most a dozen points."""
    curve = card.get("curves") or []
    if not isinstance(curve, list) or not curve:
        return ""
    step = max(1, (len(curve) - 1) / (_CURVE_ROWS - 1))
    places = sorted({min(round(i * step), len(curve) - 1) for i in range(_CURVE_ROWS)})
    names = list(dict.fromkeys(name for place in places for name in curve[place]))
    rows = "\n".join(
        "| " + " | ".join(in_words(curve[p][n]) if n in curve[p] else "" for n in names) + " |"
        for p in places
    )
    return f"### Training\n\n| {' | '.join(names)} |\n|{'---|' * len(names)}\n{rows}\n"


def _samples(card: Mapping[str, Any]) -> str:
    samples = card.get("samples")
    if not samples:
        return ""
    at = ", ".join(str(s.get("iteration", "?")) for s in samples if isinstance(s, Mapping))
    return f"The card keeps what it made of one melody at the iterations {at}.\n" if at else ""


def _limits(card: Mapping[str, Any]) -> str:
    limits = card.get("limits") or []
    listed = [limits] if isinstance(limits, str) else limits
    lines = "\n".join(f"- {limit}" for limit in listed)
    return f"### Limits\n\n{lines}\n" if lines else ""


def _figures(page: str, card: Mapping[str, Any]) -> str:
    figures = card.get("figures") or {}
    if not figures:
        return "### Figures\n\nNot measured yet.\n"
    rows = "\n".join(
        f"| `{name}` | {_cell(in_words(row.get('value')))} | {_cell(targets_in_words(row)[2:-1])} "
        f"| {row.get('reached') or ''} | {_cell(str(row.get('definition', '')))} |"
        for name, row in figures.items()
    )
    return (
        f"### Figures\n\n`python -m ml evaluate {page}`, on one thread of a CPU, on music that was "
        "held out.\n\n"
        f"| figure | value | targets | reached | what it is |\n|---|---|---|---|---|\n{rows}\n"
    )


def _sentences(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_sentences(inner)}" for name, inner in value.items())
    if isinstance(value, Sequence):
        return " ".join(_sentences(inner) for inner in value)
    return in_words(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
