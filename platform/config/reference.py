"""Writes what `config.env` knows for people: `docs/configuration.md` and `.env.example`."""

from collections.abc import Iterator
from pathlib import Path

from pydantic.fields import FieldInfo

from config.env import ROOT, Environment

PREFIX = "COUNTERPOINT_"
DOCS = ROOT / "docs" / "configuration.md"
EXAMPLE = ROOT / ".env.example"


def configuration_page() -> str:
    """Return `docs/configuration.md`: a row per variable."""
    head = [
        "# Configuration",
        "",
        "Made by `make schema` from `platform/config/env.py`; do not edit it by hand.",
        "Every variable is optional except `COUNTERPOINT_SECRET_KEY` in production.",
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    rows = [
        f"| `{name}` | {f'`{default}`' if default else ''} | {field.description} |"
        for name, default, field in _variables()
    ]
    return "\n".join([*head, *rows]) + "\n"


def example_file() -> str:
    """Return `.env.example`: every variable, commented out, with its meaning."""
    lines = ["# Copy to .env and fill in what you need; docker compose reads it.", ""]
    for name, default, field in _variables():
        lines += [f"# {field.description}", f"#{name}={default}", ""]
    return "\n".join(lines)


def _variables() -> Iterator[tuple[str, str, FieldInfo]]:
    for name, field in Environment.model_fields.items():
        yield PREFIX + name.upper(), _written(field.default), field


def _written(value: object) -> str:
    if isinstance(value, Path):
        return str(value.relative_to(ROOT))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(value)
    return "" if value is None else str(value)
