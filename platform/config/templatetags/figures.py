"""Template tags that draw numbers: `{% load figures %}`. Geometry here, markup in components/."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from django import template
from django.utils.formats import number_format

register = template.Library()

PLOT_WIDTH = 320.0
PLOT_HEIGHT = 72.0
PLOT_BASE = 64.0  # y of the axis
PLOT_TOP = 14.0  # y of the highest bar; the mark's head sits above
SPARK_HEIGHT = 80.0
SPARK_MARGIN = 8.0
COLORS = 6  # part colors and patterns in figures.css

Place = Literal["inside", "below", "above"]


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a score bar: where it lies, in percent of the bar's width."""

    label: str
    points: float
    maximum: float
    x: float
    width: float
    color: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One histogram bar, in the plot's units."""

    x: float
    y: float
    width: float
    height: float


def _read(part: object, name: str) -> Any:
    return part[name] if isinstance(part, Mapping) else getattr(part, name)


def segments(parts: Sequence[object]) -> list[Segment]:
    """Return the parts of a score end to end, each as wide as its points of all that can be had.

    `parts` are mappings or objects with `label`, `points` and `maximum`, all in points >= 0.
    """
    full = sum(float(_read(part, "maximum")) for part in parts) or 1.0
    found = []
    x = 0.0
    for index, part in enumerate(parts):
        points = float(_read(part, "points"))
        width = round(100 * max(0.0, points) / full, 3)
        maximum = float(_read(part, "maximum"))
        color = index % COLORS + 1
        found.append(Segment(str(_read(part, "label")), points, maximum, round(x, 3), width, color))
        x += width
    return found


def histogram_bars(counts: Sequence[float]) -> list[Bar]:
    """Return bars side by side over the whole plot, the highest reaching its top."""
    highest = max(counts, default=0) or 1
    width = PLOT_WIDTH / max(1, len(counts))
    bars = []
    for index, count in enumerate(counts):
        height = round((PLOT_BASE - PLOT_TOP) * count / highest, 2)
        y = round(PLOT_BASE - height, 2)
        bars.append(Bar(round(index * width + 0.5, 2), y, round(width - 1, 2), height))
    return bars


def position(value: float, minimum: float, maximum: float) -> float:
    """Return x of `value` in the plot; values outside the scale stay at its edge."""
    span = (maximum - minimum) or 1.0
    share = min(1.0, max(0.0, (value - minimum) / span))
    return round(PLOT_WIDTH * share, 2)


def place(value: float, low: float, high: float) -> Place:
    """Return where `value` lies beside the band [low, high], both ends inside."""
    if value < low:
        return "below"
    return "above" if value > high else "inside"


def spark_points(
    values: Sequence[float], lowest: float, highest: float
) -> list[tuple[float, float]]:
    """Return (x, y) of each value, first left, `highest` at the top."""
    span = (highest - lowest) or 1.0
    step = (PLOT_WIDTH - 2 * SPARK_MARGIN) / max(1, len(values) - 1)
    room = SPARK_HEIGHT - 2 * SPARK_MARGIN
    return [
        (
            round(SPARK_MARGIN + index * step, 2),
            round(SPARK_MARGIN + room * (highest - value) / span, 2),
        )
        for index, value in enumerate(values)
    ]


@register.inclusion_tag("components/score_bar.html")
def score_bar(parts: Sequence[object], slim: bool = False) -> dict[str, object]:
    """Draw a score as a stacked bar; `slim` leaves out the legend, for table rows."""
    return {"segments": segments(parts), "slim": slim}


@register.inclusion_tag("components/band_plot.html")
def band_plot(
    value: float,
    low: float,
    high: float,
    minimum: float,
    maximum: float,
    *,
    label: str,
    histogram: Sequence[float] = (),
    digits: int = 2,
) -> dict[str, object]:
    """Draw where a piece lies: scale [minimum, maximum], reference band [low, high], its mark.

    `histogram` holds the reference corpus' counts in equal bins over the scale.
    """
    x_low, x_high = position(low, minimum, maximum), position(high, minimum, maximum)
    numbers = {"value": value, "low": low, "high": high, "minimum": minimum, "maximum": maximum}
    return {
        "label": label,
        "bars": histogram_bars(histogram),
        "x": position(value, minimum, maximum),
        "x_low": x_low,
        "x_high": x_high,
        "band_width": round(x_high - x_low, 2),
        "place": place(value, low, high),
        "base": PLOT_BASE,
        "top": PLOT_TOP,
        "width": PLOT_WIDTH,
        "height": PLOT_HEIGHT,
        **{name: number_format(number, digits) for name, number in numbers.items()},
    }


@register.inclusion_tag("components/spark.html")
def spark(
    values: Sequence[float],
    *,
    label: str,
    lowest: float | None = None,
    highest: float | None = None,
) -> dict[str, object]:
    """Draw a line through values in time order, for example a person's scores by round."""
    low = min(values, default=0.0) if lowest is None else lowest
    high = max(values, default=1.0) if highest is None else highest
    points = spark_points(values, low, high)
    lines = [(*start, *end) for start, end in pairwise(points)]
    return {"label": label, "points": points, "lines": lines, "height": SPARK_HEIGHT}


@register.filter
def zone_label(zone: object) -> str:
    """Return a time zone as people say it: "America/New_York" is "New York"."""
    return str(zone).rsplit("/", maxsplit=1)[-1].replace("_", " ")


@register.filter
def percent(share: float) -> int:
    """Return a share of 0-1 as whole percent, for progress."""
    return round(100 * min(1.0, max(0.0, share)))
