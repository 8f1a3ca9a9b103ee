"""One submission's score under one revision: arithmetic on what is stored, no music read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from challenges.models import Round, Score, ScoringRevision, Submission
from challenges.scoring import (
    Part,
    PieceFacts,
    borrowed_share,
    fit_value,
    originality_value,
    parts_as_json,
    rule_named,
    total_tenths,
)
from ml.metrics import ANY, MetricScore, MusicalScore
from studio.own_models import own_models_in


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A score before it is stored: the total in tenths, its parts and its metrics."""

    tenths: int
    parts: dict[str, Any]
    metrics: dict[str, Any]

    def as_score(self, *, submission: Submission, revision: ScoringRevision, now: Any) -> Score:
        """Return the row that stores this."""
        return Score(
            submission=submission,
            revision=revision,
            tenths=self.tenths,
            parts=self.parts,
            metrics=self.metrics,
            created_at=now,
        )


def style_of(revision: ScoringRevision) -> str:
    """Return the reference style a revision compares music with."""
    return revision.style or ANY


def facts_of(submission: Submission) -> PieceFacts:
    """Return what a round's rules ask about a submission."""
    return piece_facts(submission.seconds, submission.n_tracks, submission.lineage)


def piece_facts(seconds: float, n_tracks: int, lineage: Iterable[Mapping[str, Any]]) -> PieceFacts:
    """Return what a round's rules ask about a piece with this lineage."""
    steps = list(lineage)
    techniques = frozenset(step["technique"] for step in steps)
    return PieceFacts(seconds, n_tracks, techniques, own_models_in(steps))


def evaluate(
    *,
    round_: Round,
    revision: ScoringRevision,
    piece: PieceFacts,
    music: MusicalScore,
    originality: Mapping[str, Any],
) -> Evaluation:
    """Combine the parts of a piece's score by the revision's rule.

    `originality` says what of the piece is found elsewhere, as `Submission.originality` does.
    """
    fit, fit_reasons = fit_value(
        piece,
        seconds=(round_.min_seconds, round_.max_seconds),
        tracks=(round_.min_tracks, round_.max_tracks),
        techniques=frozenset(round_.techniques),
    )
    values = {
        "music": music.score,
        "originality": originality_value(borrowed_share(originality)),
        "fit": fit,
    }
    reasons: dict[str, Sequence[str]] = {"music": [], "originality": [], "fit": fit_reasons}
    rule = rule_named(revision.scoring_rule)
    weights = rule.validate(revision.scoring_config)
    parts = {
        name: Part(round(value, 2), round(weights[name], 4), list(reasons[name]))
        for name, value in values.items()
    }
    stored = parts_as_json(parts)
    stored["music"] |= {
        "reference": music.reference,
        "gate": music.gate,
        "groups": {name: round(mark, 4) for name, mark in music.groups.items()},
    }
    return Evaluation(
        tenths=total_tenths(rule.combine(values, weights)),
        parts=stored,
        metrics={name: _rounded(metric) for name, metric in music.metrics.items()},
    )


def _rounded(metric: MetricScore) -> dict[str, Any]:
    """Return a metric as it is stored: more digits mean nothing and make rows long."""
    low, high = metric.band
    return {
        "value": round(metric.value, 4),
        "band": [round(low, 4), round(high, 4)],
        "typicality": round(metric.typicality, 4),
        "weight": round(metric.weight, 4),
        "group": metric.group,
    }
