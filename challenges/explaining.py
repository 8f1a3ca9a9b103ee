"""Why a score is what it is, in words and numbers for the entry page. Pure, no database."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.words import translated
from challenges.scoring import PARTS, rule_named
from ml.metrics import reference_for
from ml.metrics.catalogue import CATALOGUE, GROUP_TITLES, Entry, advice
from ml.metrics.plan import PLANS

LABELS = {
    "music": gettext_lazy("Music"),
    "originality": gettext_lazy("Originality"),
    "fit": gettext_lazy("Fit to the brief"),
}
MEANINGS = {
    "music": gettext_lazy("How the piece compares with real pieces of the round’s style."),
    "originality": gettext_lazy("How much of it is its own."),
    "fit": gettext_lazy("Length, tracks and techniques that the round asks for."),
}


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of a score: `value` 0-100, `points` of the total out of `maximum`."""

    name: str
    label: str
    meaning: str
    value: float
    share: float
    points: float
    maximum: float
    reasons: Sequence[str]


def part_lines(parts: Mapping[str, Mapping[str, Any]], total: float) -> list[PartLine]:
    """Return the parts of a score in a fixed order; their points add up to `total` (0-100).

    A rule may weigh parts against each other so that they do not simply add up; each then gets
    its share of the total.
    """
    known = [(name, parts[name]) for name in PARTS if name in parts]
    earned = sum(part["value"] * part["weight"] for _name, part in known)
    scale = total / earned if earned else 0.0
    return [
        PartLine(
            name=name,
            label=str(LABELS[name]),
            meaning=str(MEANINGS[name]),
            value=part["value"],
            share=part["weight"],
            points=part["value"] * part["weight"] * scale,
            maximum=100 * part["weight"],
            reasons=[translated(reason) for reason in part["reasons"]],
        )
        for name, part in known
    ]


def rule_meaning(name: str) -> str:
    """Return how a scoring rule combines the parts, as a sentence."""
    return str(rule_named(name).meaning)


def histogram(
    quantiles: Sequence[float], *, low: float, high: float, bins: int = 24
) -> list[float]:
    """Return how densely a reference corpus lies in equal bins from `low` to `high`.

    `quantiles` are evenly spaced ones, smallest first; between two neighbours lies an equal share
    of the pieces, taken to be spread evenly. The shares of all bins sum to at most 1.
    """
    width = (high - low) / bins
    counts = [0.0] * bins
    if width <= 0 or len(quantiles) < 2:
        return counts
    share = 1 / (len(quantiles) - 1)
    for left, right in pairwise(quantiles):
        _spread(counts, (left - low) / width, (right - low) / width, share)
    return counts


def _spread(counts: list[float], left: float, right: float, share: float) -> None:
    """Add `share` to the bins between two positions, measured in bins."""
    if right - left < 1e-9:
        place = min(max(int(left), 0), len(counts) - 1)
        counts[place] += share
        return
    for place in range(max(int(left), 0), min(int(right) + 1, len(counts))):
        overlap = min(right, place + 1) - max(left, place)
        counts[place] += share * max(overlap, 0.0) / (right - left)


@dataclass(frozen=True, slots=True)
class Scale:
    """The ends of a plot's axis."""

    low: float
    high: float


def scale_for(values: Sequence[float], *, most: float = math.inf) -> Scale:
    """Return an axis that shows all `values` with a little room, not beyond 0 and `most`."""
    low, high = min(values), max(values)
    room = (high - low) * 0.06 or max(abs(high), 1.0) * 0.1
    left, right = low - room, high + room
    return Scale(0.0 if low >= 0 > left else left, most if high <= most < right else right)


WIDE_SCALE = 20.0  # from here on one decimal is enough
FULL_MARK = 0.995
SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class MetricLine:
    """One metric for a reader: where the piece lies beside the reference, and what moves it.

    A share is given in percent. `unit` follows the value ("" for a bare number). `mark` is 0-100,
    `loss` what the metric takes from the musical part at its weight, 0-100.
    """

    name: str
    title: str
    meaning: str
    advice: str
    unit: str
    value: float
    low: float
    high: float
    scale: Scale
    digits: int
    histogram: Sequence[float]
    mark: float
    loss: float

    @property
    def place(self) -> str:
        """Where the value lies beside the band, in a word."""
        if self.low <= self.value <= self.high:
            return "inside"
        return "below" if self.value < self.low else "above"


@dataclass(frozen=True, slots=True)
class GroupLines:
    """The metrics of one group; `mark` is 0-100, None where it was not stored."""

    title: str
    mark: float | None
    lines: Sequence[MetricLine]

    @property
    def n_amiss(self) -> int:
        """How many of the metrics could be better."""
        return sum(1 for line in self.lines if line.advice)

    @property
    def loss(self) -> float:
        """What the group takes from the musical part, 0-100."""
        return sum(line.loss for line in self.lines)


def metric_line(name: str, stored: Mapping[str, Any], quantiles: Sequence[float]) -> MetricLine:
    """Return one stored metric for a reader; `quantiles` are the reference pieces' values."""
    words = _words(name)
    factor = 1.0 if words.unit else 100.0
    value, (low, high) = stored["value"] * factor, (end * factor for end in stored["band"])
    known = [quantile * factor for quantile in quantiles]
    scale = scale_for([value, low, high, *known], most=math.inf if words.unit else 100.0)
    amiss = name in CATALOGUE and stored["typicality"] < FULL_MARK
    return MetricLine(
        name=name,
        title=translated(words.title),
        meaning=translated(words.meaning),
        advice=translated(advice(name, stored["value"], tuple(stored["band"]))) if amiss else "",
        unit=translated(words.unit) or "%",
        value=value,
        low=low,
        high=high,
        scale=scale,
        digits=1 if scale.high - scale.low > WIDE_SCALE else 2,
        histogram=histogram(known, low=scale.low, high=scale.high),
        mark=100 * stored["typicality"],
        loss=100 * stored["weight"] * (1 - stored["typicality"]),
    )


def _words(name: str) -> Entry:
    """Return a metric's words; plain ones for one that only an older or newer version knows."""
    plain = Entry(name.replace("_", " ").capitalize(), "", "points", "", "")
    return CATALOGUE.get(name, plain)


def quantiles_of(style: str) -> dict[str, list[float]]:
    """Return the values of a style's reference pieces by metric, smallest first.

    Empty for a score from before this style was known by that name.
    """
    try:
        reference = reference_for(style)
    except KeyError:
        return {}
    return dict(zip(PLANS, reference.quantiles.tolist(), strict=True))


def groups_of(
    metrics: Mapping[str, Mapping[str, Any]],
    quantiles: Mapping[str, Sequence[float]],
    marks: Mapping[str, float],
) -> list[GroupLines]:
    """Return the metrics that count, by group in a fixed order."""
    by_group: dict[str, list[MetricLine]] = {name: [] for name in GROUP_TITLES}
    for name, stored in metrics.items():
        if stored["weight"] > 0:
            line = metric_line(name, stored, quantiles.get(name, ()))
            by_group.setdefault(stored.get("group", ""), []).append(line)
    return [
        GroupLines(
            title=translated(GROUP_TITLES[group]) if group in GROUP_TITLES else _("Other"),
            mark=100 * marks[group] if group in marks else None,
            lines=lines,
        )
        for group, lines in by_group.items()
        if lines
    ]


def suggestions(groups: Sequence[GroupLines]) -> list[MetricLine]:
    """Return the metrics that would raise the score most, the most costly first."""
    lines = [line for group in groups for line in group.lines if line.advice]
    return sorted(lines, key=lambda line: -line.loss)[:SUGGESTIONS]


@dataclass(frozen=True, slots=True)
class BarSpan:
    """Bars of a piece, counted from 1, both ends inside."""

    first: int
    last: int

    def __str__(self) -> str:
        return (
            _("bar {first}").format(first=self.first)
            if self.first == self.last
            else _("bars {first}–{last}").format(first=self.first, last=self.last)
        )


def bars_of(passages: Sequence[Mapping[str, float]], bar_starts: Sequence[float]) -> list[BarSpan]:
    """Return stretches given in beats as bars, in order; overlapping ones become one.

    `bar_starts` are the beats at which bars begin, the first at 0.
    """
    spans: list[BarSpan] = []
    for passage in sorted(passages, key=lambda p: p["start"]):
        first = max(bisect_right(bar_starts, passage["start"]), 1)
        last = max(bisect_left(bar_starts, passage["end"]), first)
        if spans and first <= spans[-1].last + 1:
            spans[-1] = BarSpan(spans[-1].first, max(spans[-1].last, last))
        else:
            spans.append(BarSpan(first, last))
    return spans
