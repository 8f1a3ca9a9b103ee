"""From raw values to a score: pure arithmetic, for one piece or for thousands at once.

    score = 100 x gate x weighted geometric mean of the marks of the groups

The mark of a metric is 1 inside the band of the style's pieces and 1 / (1 + 2 d^2), at least
0.05, outside; d is the distance in band widths, below and above alike: too much is as untypical
as too little. The mark of a group is the weighted geometric mean of its metrics' marks. The gate
shrinks the score of pieces with too little music to judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.metrics.grammar import GRAMMARS
from ml.metrics.likelihood import LIKELIHOOD
from ml.metrics.material import Floats
from ml.metrics.plan import ENOUGH, FLOOR, GROUPS, PLANS, STEEPNESS
from ml.metrics.raw import Features
from ml.metrics.shipped import ANY, STYLES, StyleReference, reference_for, score_version

_PER_STYLE = {*GRAMMARS, LIKELIHOOD}
"""Metrics of which a piece has one value for each style, `name@style`."""

_GROUP_OF = np.array([list(GROUPS).index(plan.group) for plan in PLANS.values()])
_GROUP_WEIGHTS = np.array(list(GROUPS.values()))
_ALL_WEIGHTS = np.bincount(_GROUP_OF, weights=[plan.weight for plan in PLANS.values()])


@dataclass(frozen=True, slots=True)
class MetricScore:
    """Where one value lies: `band` = (low, high), `typicality` 0-1, `weight` of all metrics.

    Weights sum to 1; a weight of 0 means that the style says nothing about this metric.
    """

    value: float
    band: tuple[float, float]
    typicality: float
    weight: float
    group: str


@dataclass(frozen=True, slots=True)
class MusicalScore:
    """The musical part of an entry's score, `score` from 0 to 100 with one decimal.

    `style` is the style it was asked for, `reference` the style whose pieces it was compared
    with (they differ for "any"), `gate` 0-1 says whether there is enough music to judge.
    """

    score: float
    style: str
    reference: str
    gate: float
    groups: Mapping[str, float]
    metrics: Mapping[str, MetricScore]
    version: str

    def as_dict(self) -> dict[str, Any]:
        """Return the score as JSON can hold it."""
        return {
            "score": self.score,
            "style": self.style,
            "reference": self.reference,
            "gate": self.gate,
            "groups": dict(self.groups),
            "metrics": {
                name: {
                    "value": m.value,
                    "band": list(m.band),
                    "typicality": m.typicality,
                    "weight": m.weight,
                    "group": m.group,
                }
                for name, m in self.metrics.items()
            },
            "version": self.version,
        }


def place(features: Features, *, style: str = ANY) -> MusicalScore:
    """Return the score of a piece's raw values in a style.

    :raises KeyError: if there is no such style
    """
    names = STYLES if style == ANY else (style,)
    judged = [_judge([features.values], reference_for(name)) for name in names]
    best = int(np.argmax([judgement.scores[0] for judgement in judged]))
    return _explain(judged[best], reference_for(names[best]), style)


def place_many(features: Sequence[Mapping[str, float]], *, style: str = ANY) -> Floats:
    """Return the scores of many pieces, shape (pieces,), from their stored raw values.

    Each is the number that `place` gives. Tens of thousands of pieces a second.

    :raises KeyError: if there is no such style
    """
    if not features:
        return np.zeros(0)
    names = STYLES if style == ANY else (style,)
    scores = [_judge(features, reference_for(name)).scores for name in names]
    return np.asarray(np.max(scores, axis=0))


@dataclass(frozen=True, slots=True)
class _Judgement:
    """Marks of pieces in one style: values and marks (pieces, metrics), the rest (pieces, ...)."""

    values: Floats
    marks: Floats
    groups: Floats
    gates: Floats
    scores: Floats


def _judge(rows: Sequence[Mapping[str, float]], reference: StyleReference) -> _Judgement:
    names = [f"{n}@{reference.style}" if n in _PER_STYLE else n for n in PLANS]
    values = np.array([[row.get(name, np.nan) for name in names] for row in rows])
    sizes = np.array([[row[name] for name in ENOUGH] for row in rows])
    outside = np.fmax(np.fmax(reference.low - values, values - reference.high), 0)
    marks = 1 / (1 + STEEPNESS * (outside / reference.width) ** 2)
    groups, share = _group_marks(marks, reference.weight * ~np.isnan(values))
    gates = np.prod(np.minimum(1, sizes / list(ENOUGH.values())), axis=1)
    total = np.exp((np.log(groups) * share).sum(axis=1) / share.sum(axis=1))
    return _Judgement(values, marks, groups, gates, np.round(100 * gates * total, 1))


def _group_marks(marks: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Return marks of groups and how much each group counts, both (pieces, groups).

    `weight` has the shape of `marks`; it is 0 for a value that is not known. A group counts by the
    share of its metrics that are known and that the style says something about.
    """
    membership = (_GROUP_OF[:, None] == np.arange(len(GROUPS))).astype(float)
    total = weight @ membership
    logs = (np.log(np.maximum(marks, FLOOR)) * weight) @ membership
    return np.exp(logs / np.maximum(total, 1e-9)), _GROUP_WEIGHTS * total / _ALL_WEIGHTS


def _explain(judged: _Judgement, reference: StyleReference, style: str) -> MusicalScore:
    values = judged.values[0]
    known = ~np.isnan(values)
    share = _shares(reference.weight * known)
    rows = zip(
        PLANS.items(), known, values, reference.low, reference.high, judged.marks[0], share,
        strict=True,
    )  # fmt: skip
    metrics = {
        name: MetricScore(
            float(value), (float(low), float(high)), float(mark), float(weight), plan.group
        )
        for (name, plan), is_known, value, low, high, mark, weight in rows
        if is_known
    }
    groups = dict(zip(GROUPS, (float(mark) for mark in judged.groups[0]), strict=True))
    return MusicalScore(
        float(judged.scores[0]),
        style,
        reference.style,
        float(judged.gates[0]),
        groups,
        metrics,
        score_version(),
    )


def _shares(weight: Floats) -> Floats:
    """Return the share of each metric in the whole score from weights inside groups; sum 1."""
    share = _GROUP_WEIGHTS[_GROUP_OF] * weight / _ALL_WEIGHTS[_GROUP_OF]
    return np.asarray(share / share.sum())
