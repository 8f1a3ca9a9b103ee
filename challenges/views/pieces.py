"""What a page about one piece shows: its roll, its score in parts, and why."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from challenges.explaining import (
    bars_of,
    groups_of,
    part_lines,
    quantiles_of,
    rule_meaning,
    suggestions,
)
from challenges.licences import REMIXABLE
from challenges.models import Score, Submission
from challenges.models.challenge import Counting
from challenges.models.entry import Eligibility
from challenges.selectors.drawings import roll
from challenges.selectors.entries import EntryView, neighbor_of
from challenges.selectors.listens import listen_count
from challenges.selectors.visibility import Viewer
from challenges.views.sounds import player_of
from ml.music.drawing import Roll
from studio.wording import Technique


def piece_context(
    request: HttpRequest, seen: EntryView, *, of_submission: bool = False
) -> dict[str, Any]:
    """Return everything that the page of an entry or a submission shows."""
    now = timezone.now()
    submission, round_ = seen.submission, seen.submission.round
    drawn = roll(submission)
    before_close = now < round_.closes_at
    return {
        "now": now,
        "seen": seen,
        "entry": seen.entry,
        "submission": submission,
        "round": round_,
        "standing": seen.view.standing,
        "roll": drawn,
        "player": player_of(seen, of_submission=of_submission),
        "listens": listen_count(seen.entry),
        "why": why(seen.score, submission, request.user, drawn) if seen.score else None,
        "lineage": lineage_of(submission),
        "eligibility": seen.view.eligibility,
        "can_withdraw": seen.is_owner and before_close and submission.content == "accepted",
        "can_pick": seen.is_owner and before_close and round_.counting == Counting.PICKED,
        "can_remix": seen.place is not None
        and seen.place.row.submission_id == submission.pk
        and submission.licence in REMIXABLE,
        "can_appeal": seen.is_owner and submission.eligibility == Eligibility.DISQUALIFIED,
    }


def why(score: Score, submission: Submission, viewer: Viewer, drawn: Roll | None) -> dict[str, Any]:
    """Return what explains a score: parts, metrics by group, suggestions, borrowed passages."""
    music = score.parts.get("music", {})
    groups = groups_of(
        score.metrics, quantiles_of(music.get("reference", "")), music.get("groups", {})
    )
    found = submission.originality or {}
    bars = bars_of(found.get("passages", []), drawn.bar_beats) if drawn else []
    return {
        "score": score,
        "parts": part_lines(score.parts, score.total),
        "rule": rule_meaning(score.revision.scoring_rule),
        "reference": music.get("reference", ""),
        "gate": music.get("gate", 1.0),
        "groups": groups,
        "suggestions": suggestions(groups),
        "weakest": max(groups, key=lambda group: group.loss, default=None),
        "share": found.get("share", 0.0),
        "line_share": found.get("line_share", 0.0),
        "neighbor": neighbor_of(submission=submission, viewer=viewer),
        "bars": bars,
    }


def lineage_of(submission: Submission) -> list[dict[str, str]]:
    """Return the generations that led to a piece, the first one first."""
    labels = dict(Technique.choices)
    return [
        {
            "label": str(labels.get(step.get("technique", ""), _("A generation"))),
            "model": str(step.get("model_title") or step.get("model", "")),
        }
        for step in submission.lineage
    ]
