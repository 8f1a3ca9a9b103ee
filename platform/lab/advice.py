"""When to stop: what the curves of a run say about it. Pure; no database, no drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lab.measures import MUSICAL, Points, column, held_out_name

ENOUGH = 6  # points with which one can say something
RECENT = 0.34  # the share of the points that counts as "lately"
STILL = 0.04  # progress below this share of all progress so far is none
TURNED = 0.12  # being this share of all progress worse than the best is a turn for the worse

Verdict = Literal["early", "better", "level", "worse"]
Series = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Advice:
    """What a run's progress looks like: `best` is the iteration at which it was nearest."""

    verdict: Verdict
    best: int | None = None
    last: int | None = None


def distances(
    points: Points,
    held_out: Mapping[str, Sequence[float]],
    scale: Mapping[str, float] | None = None,
) -> list[tuple[float, float]]:
    """Return (iteration, distance) of generated from held-out music, 0 where they are alike.

    Each measure counts alike: how far it lies outside of the held-out band, as a share of the
    farthest that this run has been, or of `scale` where that has the measure.
    """  # fmt: skip
    names = [name for name in MUSICAL if name in held_out]
    there = [p for p in points if all(name in p for name in names)] if names else []
    if not there:
        return []
    away = {n: [_outside(float(p[n]), held_out[n]) for p in there] for n in names}
    full = {n: (scale or {}).get(n) or max(away[n]) or 1.0 for n in names}
    return [
        (float(p["iteration"]), sum(min(1.0, away[n][i] / full[n]) for n in names) / len(names))
        for i, p in enumerate(there)
    ]


def _outside(value: float, limits: Sequence[float]) -> float:
    return max(min(limits) - value, value - max(limits), 0.0)


def advise(series: Series) -> Advice:
    """Return what a series of values, of which lower is better, says about stopping."""
    if len(series) < ENOUGH:
        return Advice("early")
    values = [value for _, value in series]
    recent = max(2, round(RECENT * len(values)))
    before, lately = values[:-recent], values[-recent:]
    best = min(range(len(values)), key=lambda i: values[i])
    found = {"best": int(series[best][0]), "last": int(series[-1][0])}
    gained = (max(values) - min(values)) or 1.0
    if sum(lately) / recent - min(values) > TURNED * gained and min(lately) > min(before):
        return Advice("worse", **found)
    if min(before) - min(lately) < STILL * gained:
        return Advice("level", **found)
    return Advice("better", **found)


def progress_of(
    points: Points, kind: str, held_out: Mapping[str, Sequence[float]]
) -> list[tuple[float, float]]:
    """Return the one series by which a run of this kind is judged: lower is better."""
    if kind == "gan":
        return distances(points, held_out)
    return column(points, held_out_name(points))
