"""What organizers do with challenges and rounds. Every action leaves a line in the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.words import within
from challenges.errors import InvalidDates, WrongPhase
from challenges.models import Board, Challenge, Round, RuleSet, ScoringRevision
from challenges.models.score import RevisionState
from challenges.phases import Phase
from challenges.scoring import require_style, rule_named
from ml.metrics import score_version

SHORTEST = timedelta(milliseconds=1)
RULE_FIELDS = tuple(field.name for field in RuleSet._meta.get_fields())

# The phases in which each decision can be taken.
PUBLISHABLE = (Phase.DRAFT,)
RUNNING = (Phase.OPEN, Phase.FROZEN)
RESUMABLE = (*RUNNING, Phase.CLOSED, Phase.JUDGING)
EXTENDABLE = (Phase.SCHEDULED, *RUNNING)
RESULTS_PUBLISHABLE = (Phase.JUDGING,)
FINALIZABLE = (Phase.PROVISIONAL,)
ARCHIVABLE = (Phase.FINAL, Phase.CANCELLED)
CANCELLABLE = tuple(p for p in Phase if p not in (Phase.FINAL, Phase.ARCHIVED, Phase.CANCELLED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """When a round opens, freezes its public board (if at all) and closes, as instants."""

    opens_at: datetime
    closes_at: datetime
    freeze_at: datetime | None = None


@transaction.atomic
def create_challenge(*, actor: User, now: datetime, **values: Any) -> Challenge:
    """Create a challenge.

    :raises InvalidScoringConfig: if its style is unknown or its scoring rule does not take its
        configuration
    """
    challenge = Challenge(created_by=actor, created_at=now, **values)
    _require_scorable(challenge)
    challenge.save()
    audit.record(
        actor=actor, action="create challenge", subject=f"challenge:{challenge.slug}", now=now
    )
    return challenge


@transaction.atomic
def change_challenge(
    *, challenge: Challenge, actor: User, now: datetime, **values: Any
) -> Challenge:
    """Change a challenge for its rounds to come; rounds that exist keep their rules.

    :raises InvalidScoringConfig: if its style is unknown or its scoring rule does not take its
        configuration
    """
    before = {name: getattr(challenge, name) for name in values}
    for name, value in values.items():
        setattr(challenge, name, value)
    _require_scorable(challenge)
    challenge.save()
    changed = {n: [str(before[n]), str(v)] for n, v in values.items() if before[n] != v}
    audit.record(
        actor=actor,
        action="change challenge",
        subject=f"challenge:{challenge.slug}",
        detail=changed,
        now=now,
    )
    return challenge


def _require_scorable(challenge: Challenge) -> None:
    require_style(challenge.style)
    rule_named(challenge.scoring_rule).validate(challenge.scoring_config)


@transaction.atomic
def create_round(
    *,
    challenge: Challenge,
    dates: Dates,
    title: str,
    actor: User | None,
    now: datetime,
    slug: str = "",
    zone: str = "",
) -> Round:
    """Create a draft round with the challenge's rules and its first scoring revision.

    `zone` is the IANA zone that the dates were given in, the challenge's when empty.

    :raises InvalidDates: if the round would not open before it closes, or would close in the past
    """
    _require_order(dates, now)
    round_ = Round.objects.create(
        challenge=challenge,
        slug=slug or _free_slug(title),
        title=title,
        brief=challenge.brief,
        zone=zone or challenge.zone,
        opens_at=dates.opens_at,
        freeze_at=dates.freeze_at,
        closes_at=dates.closes_at,
        **{name: getattr(challenge, name) for name in RULE_FIELDS},
    )
    _give_first_board(round_, actor, now)
    _audit(round_, actor, "create round", now)
    return round_


def _give_first_board(round_: Round, actor: User | None, now: datetime) -> None:
    revision = ScoringRevision.objects.create(
        round=round_,
        number=1,
        style=round_.style,
        scoring_rule=round_.scoring_rule,
        scoring_config=round_.scoring_config,
        metrics_version=score_version(),
        state=RevisionState.APPLIED,
        created_by=actor,
        created_at=now,
    )
    round_.live_board = Board.objects.create(round=round_, revision=revision)
    round_.save(update_fields=["live_board"])


def _require_order(dates: Dates, now: datetime) -> None:
    if dates.opens_at >= dates.closes_at:
        raise InvalidDates(_("A round must open before it closes."))
    if dates.closes_at <= now:
        raise InvalidDates(_("The closing moment lies in the past."))
    if dates.freeze_at is not None and not dates.opens_at < dates.freeze_at <= dates.closes_at:
        raise InvalidDates(
            _("The board can freeze only between the opening and the closing moment.")
        )


def _free_slug(title: str) -> str:
    wanted = slugify(title)[:50] or "round"
    taken = set(Round.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(
        slug
        for slug in (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
        if slug not in taken
    )


def publish(*, round_: Round, actor: User | None, now: datetime, reason: str = "") -> Round:
    """Show a draft to everybody; it opens by itself at its date."""
    return _decide(round_, actor, now, "publish", PUBLISHABLE, reason, published_at=now)


def pause(*, round_: Round, actor: User, reason: str, now: datetime) -> Round:
    """Take no submissions until the round is resumed."""
    if round_.paused_at is not None:
        raise WrongPhase(_("{title} is paused already.").format(title=round_.title))
    return _decide(round_, actor, now, "pause", RUNNING, reason, paused_at=now)


def resume(*, round_: Round, actor: User, now: datetime, reason: str = "") -> Round:
    """Take submissions again."""
    if round_.paused_at is None:
        raise WrongPhase(_("{title} is not paused.").format(title=round_.title))
    return _decide(round_, actor, now, "resume", RESUMABLE, reason, paused_at=None)


def extend(*, round_: Round, closes_at: datetime, actor: User, reason: str, now: datetime) -> Round:
    """Close later than announced. Dates never move to an earlier moment once a round is open.

    :raises InvalidDates: if the new closing moment is not after the present one
    """
    if closes_at <= round_.closes_at:
        raise InvalidDates(_("A round can only be extended, not shortened."))
    return _decide(round_, actor, now, "extend", EXTENDABLE, reason, closes_at=closes_at)


def close(*, round_: Round, actor: User, reason: str, now: datetime) -> Round:
    """Close an open round at once. Pieces whose upload has begun are still taken."""
    # Half-open: a round that closes in the very moment of its opening still lasts a millisecond.
    changes: dict[str, Any] = {"closes_at": max(now, round_.opens_at + SHORTEST)}
    if round_.freeze_at is not None and round_.freeze_at > now:
        changes["freeze_at"] = changes["closes_at"]
    return _decide(round_, actor, now, "close", RUNNING, reason, **changes)


def cancel(*, round_: Round, actor: User, reason: str, now: datetime) -> Round:
    """Call a round off. Its entries stay readable; it has no results."""
    return _decide(round_, actor, now, "cancel", CANCELLABLE, reason, cancelled_at=now)


def publish_results(*, round_: Round, actor: User, now: datetime, reason: str = "") -> Round:
    """Show the live board as provisional results, with the names behind the entries."""
    return _decide(
        round_, actor, now, "publish results", RESULTS_PUBLISHABLE, reason, results_at=now
    )


def finalize(*, round_: Round, actor: User, now: datetime, reason: str = "") -> Round:
    """Make the results final; from here nothing changes them."""
    return _decide(round_, actor, now, "finalize", FINALIZABLE, reason, finalized_at=now)


def archive(*, round_: Round, actor: User, now: datetime, reason: str = "") -> Round:
    """Take a finished or cancelled round off the public lists."""
    return _decide(round_, actor, now, "archive", ARCHIVABLE, reason, archived_at=now)


@transaction.atomic
def _decide(
    round_: Round,
    actor: User | None,
    now: datetime,
    action: str,
    allowed: Sequence[Phase],
    reason: str = "",
    **changes: Any,
) -> Round:
    """Change a round if its phase allows it, and write down who did so and why.

    :raises WrongPhase: if the round is in another phase than `allowed`
    """
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    phase = round_.phase(now)
    if phase not in allowed:
        names = _(" or ").join(within(p.label) for p in allowed)
        raise WrongPhase(
            _("{title} is “{label}”; you can {action} it while it is {names}.").format(
                title=round_.title, label=within(phase.label), action=_(action), names=names
            )
        )
    before = {name: str(getattr(round_, name)) for name in changes}
    for name, value in changes.items():
        setattr(round_, name, value)
    round_.save(update_fields=list(changes))
    detail = {name: [before[name], str(value)] for name, value in changes.items()}
    _audit(round_, actor, f"{action} round", now, detail, reason)
    return round_


def _audit(
    round_: Round,
    actor: User | None,
    action: str,
    now: datetime,
    detail: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=f"round:{round_.slug}",
        detail=detail,
        reason=reason,
        now=now,
    )
