"""A measured figure together with its definition, its targets and which of them it reaches."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

Bound = float | tuple[float, float] | None
"""A target: a number to reach, or the ends of a range to lie in."""

LEVELS = ("must", "aim", "record")


def figure(
    value: Any,
    definition: str,
    *,
    must: Bound = None,
    aim: Bound = None,
    record: Bound = None,
    higher_is_better: bool = False,
) -> dict[str, Any]:
    """Return a figure as JSON values: `value`, `definition`, `target` and `reached`.

    `target` holds the levels must, aim and record that exist, and which way is better. `reached`
    is the best level that the value reaches, "missed" where it reaches none and None where
    nothing is asked for. Values that are no finite number are kept and reach nothing.

    >>> figure(0.39, "Nats per note.", must=0.42, aim=0.38)["reached"]
    'must'
    """
    bounds = {"must": must, "aim": aim, "record": record}
    levels: dict[str, Any] = {
        name: list(bound) if isinstance(bound, tuple) else bound
        for name, bound in bounds.items()
        if bound is not None
    }
    better = "higher" if higher_is_better else "lower"
    target = {**levels, "better": better} if levels else {}
    return {
        "value": value,
        "definition": definition,
        "target": target,
        "reached": _reached(value, levels, better),
    }


def _reached(value: Any, levels: Mapping[str, Any], better: str) -> str | None:
    if not levels:
        return None
    met = [name for name in LEVELS if name in levels and _meets(value, levels[name], better)]
    return met[-1] if met else "missed"


def _meets(value: Any, bound: float | Sequence[float], better: str) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return False
    if isinstance(bound, Sequence):
        return bound[0] <= value <= bound[1]
    return value >= bound if better == "higher" else value <= bound


def finite(value: Any) -> Any:
    """Return a figure as JSON values: arrays as lists, and what is no finite number as None.

    >>> finite({"share": float("nan"), "counts": (1, 2)})
    {'share': None, 'counts': [1, 2]}
    """
    if hasattr(value, "tolist"):  # an array or a number of numpy's
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(name): finite(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [finite(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def as_table(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """Return figures as lines of text: value, targets, what was reached, definition."""
    lines = []
    for name, row in figures.items():
        reached = row.get("reached")
        verdict = f"  -> {reached}" if reached else ""
        lines.append(f"{name}: {in_words(row.get('value'))}{targets_in_words(row)}{verdict}")
        lines.append(f"    {row.get('definition', '')}")
    return "\n".join(lines)


def in_words(value: Any) -> str:
    """Return a figure's value as text: four significant digits, lists and objects spelled out."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {in_words(inner)}" for name, inner in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(in_words(inner) for inner in value)
    return "not measured" if value is None else str(value)


def targets_in_words(row: Mapping[str, Any]) -> str:
    """Return a figure's targets as text in brackets, or an empty text."""
    target = row.get("target") or {}
    if not isinstance(target, Mapping):
        return f" ({target})"
    sign = ">=" if target.get("better") == "higher" else "<="
    parts = [f"{name} {_bound(target[name], sign)}" for name in LEVELS if name in target]
    return f" ({', '.join(parts)})" if parts else ""


def _bound(bound: Any, sign: str) -> str:
    if isinstance(bound, Sequence):
        return f"{bound[0]:g} to {bound[1]:g}"
    return f"{sign} {bound:g}"
