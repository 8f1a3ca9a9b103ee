"""Draws training curves as SVG."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT, MARGIN = 640, 240, 44
COLORS = ("#1f6feb", "#c2410c", "#15803d", "#7e22ce", "#0e7490", "#a16207")
Bands = Mapping[str, Mapping[str, float]]
DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 3", "10 4")


def draw_curves(
    curve: Sequence[dict[str, float]], *, title: str, bands: Bands | None = None,
    only: Sequence[str] = (),
) -> str:  # fmt: skip
    """Return an SVG with one panel for each value of the points, over the iterations.

    Points are dictionaries with `iteration` and any other numbers; each value has its own scale,
    since losses and rates do not share one. `bands` are drawn behind the values of their names,
    from `low` to `high`: what held-out music reads. `only` names the values to draw, in order.
    """
    names = list(dict.fromkeys(n for point in curve for n in point))
    shown = [n for n in only or names if n in names and n not in {"iteration", "seconds"}]
    total = max(1, len(shown)) * HEIGHT
    panels = "".join(
        _panel(curve, name, row, (bands or {}).get(name)) for row, name in enumerate(shown)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {total}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>{panels}</svg>\n'
    )


def _panel(
    curve: Sequence[dict[str, float]], name: str, row: int, band: Mapping[str, float] | None
) -> str:
    points = [(p["iteration"], p[name]) for p in curve if math.isfinite(p.get(name, math.nan))]
    if not points:
        return ""
    (x0, x1), (y0, y1) = (
        _span([x for x, _ in points]),
        _span([*(y for _, y in points), *((band["low"], band["high"]) if band else ())]),
    )
    top = row * HEIGHT
    color, dash = COLORS[row % len(COLORS)], DASHES[row % len(DASHES)]
    line = " ".join(
        f"{_scaled(x, x0, x1, MARGIN, WIDTH - 12):.1f},"
        f"{top + _scaled(y, y0, y1, HEIGHT - 28, 28):.1f}"
        for x, y in points
    )
    texts = (
        (MARGIN, top + 16, "start", name),
        (MARGIN - 4, top + 32, "end", f"{y1:.3g}"),
        (MARGIN - 4, top + HEIGHT - 26, "end", f"{y0:.3g}"),
        (MARGIN, top + HEIGHT - 10, "start", f"{x0:g}"),
        (WIDTH - 12, top + HEIGHT - 10, "end", f"{x1:g} iterations"),
    )
    labels = "".join(
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="#666">{escape(text)}</text>'
        for x, y, anchor, text in texts
    )
    return (
        f'<rect x="{MARGIN}" y="{top + 24}" width="{WIDTH - MARGIN - 12}" height="{HEIGHT - 48}" '
        f'fill="none" stroke="#bbb"/>{_shade(band, y0, y1, top)}{labels}'
        f'<polyline points="{line}" fill="none" stroke="{color}" '
        f'stroke-width="1.5" stroke-dasharray="{dash}"/>'
    )


def _shade(band: Mapping[str, float] | None, low: float, high: float, top: int) -> str:
    """Return the band of held-out music as a rectangle, at least as high as a line."""
    if not band:
        return ""
    upper, lower = (top + _scaled(band[end], low, high, HEIGHT - 28, 28) for end in ("high", "low"))
    return (
        f'<rect x="{MARGIN}" y="{upper:.1f}" width="{WIDTH - MARGIN - 12}" '
        f'height="{max(1.5, lower - upper):.1f}" fill="#9ca3af" fill-opacity="0.45">'
        f"<title>held-out music</title></rect>"
    )


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _scaled(value: float, low: float, high: float, start: float, end: float) -> float:
    return start + (value - low) / (high - low) * (end - start)
