"""What a piece would score, and how it stands to a round's rules, before it is handed in."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from challenges.models import Estimate, Round
from challenges.scoring import PieceFacts, check_rules
from challenges.selectors.submissions import quota_of
from challenges.services.estimating import KEPT
from challenges.wording import rule_sentences
from studio.holders import Holder, held_by
from studio.models import Guest


def estimates_of(holder: Holder | None, now: datetime) -> QuerySet[Estimate]:
    """Return the estimates of a person or guest that are still kept.

    Those that a person asked for as a guest, before they signed in, are theirs as well.
    """
    own = held_by(holder)
    if holder is not None and not isinstance(holder, Guest):
        own |= Q(guest__adopted_by=holder)
    kept = Estimate.objects.filter(own, created_at__gt=now - KEPT)
    return kept.select_related("round", "job")


@dataclass(frozen=True, slots=True)
class Check:
    """How a piece stands to one rule: the rule as a sentence, and what is amiss, or ""."""

    name: str
    rule: str
    reason: str

    @property
    def is_kept(self) -> bool:
        """Whether nothing is amiss."""
        return not self.reason


def rule_checks(round_: Round, piece: PieceFacts) -> list[Check]:
    """Return how a piece stands to the round's rules on length, tracks and techniques."""
    found = check_rules(
        piece,
        seconds=(round_.min_seconds, round_.max_seconds),
        tracks=(round_.min_tracks, round_.max_tracks),
        techniques=frozenset(round_.techniques),
    )
    sentences = rule_sentences(round_)
    checks = [
        Check(check.name, sentences[check.name], check.reason)
        for check in found
        if check.name in sentences
    ]
    if "models" in sentences:
        checks.append(Check("models", sentences["models"], _own_models_reason(piece)))
    return checks


def _own_models_reason(piece: PieceFacts) -> str:
    if not piece.own_models:
        return ""
    return _("It was made with %(models)s, which somebody trained.") % {
        "models": ", ".join(piece.own_models)
    }


def time_checks(*, round_: Round, person: User | None, now: datetime) -> list[Check]:
    """Return whether a piece may be handed in now, and whether the person has one left."""
    checks = [Check("open", _("The round takes pieces now."), _why_shut(round_, now))]
    if person is not None and round_.quota:
        quota = quota_of(round_=round_, participant=person, now=now)
        none_left = (
            ""
            if quota.left
            else _("You have used all {limit} submissions.").format(limit=quota.limit)
        )
        checks.append(Check("quota", _("You have a submission left."), none_left))
    return checks


def _why_shut(round_: Round, now: datetime) -> str:
    if round_.takes_submissions(now):
        return ""
    if round_.paused_at is not None:
        return _("The round is paused.")
    if now < round_.opens_at:
        return _("The round opens at {opens_at:%Y-%m-%d %H:%M} UTC.").format(
            opens_at=round_.opens_at
        )
    return _("The round does not take pieces any more.")
