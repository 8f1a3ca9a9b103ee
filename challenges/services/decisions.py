"""An organizer's decision about a round, by its name: one way in for desk, admin and API."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.models import User
from challenges.errors import InvalidDates, ReasonMissing
from challenges.models import Round
from challenges.phases import Phase
from challenges.services import rounds


class Decision(StrEnum):
    """What an organizer may decide."""

    PUBLISH = "publish"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    CLOSE = "close"
    CANCEL = "cancel"
    PUBLISH_RESULTS = "publish_results"
    FINALIZE = "finalize"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a decision reads on a button, what it leads to, and when it can be taken."""

    label: StrOrPromise
    effect: StrOrPromise
    phases: tuple[Phase, ...]
    act: Callable[..., Round]
    needs_reason: bool = False
    when_paused: bool | None = None


MEANINGS: dict[Decision, Meaning] = {
    Decision.PUBLISH: Meaning(
        gettext_lazy("Publish"),
        gettext_lazy("Everybody sees the round; it opens by itself at its date."),
        rounds.PUBLISHABLE,
        rounds.publish,
    ),
    Decision.PAUSE: Meaning(
        gettext_lazy("Pause"),
        gettext_lazy("No piece is taken until you resume the round. The closing date stays."),
        rounds.RUNNING,
        rounds.pause,
        needs_reason=True,
        when_paused=False,
    ),
    Decision.RESUME: Meaning(
        gettext_lazy("Resume"),
        gettext_lazy("Pieces are taken again."),
        rounds.RESUMABLE,
        rounds.resume,
        when_paused=True,
    ),
    Decision.EXTEND: Meaning(
        gettext_lazy("Extend"),
        gettext_lazy("The round closes later than announced. It cannot be shortened again."),
        rounds.EXTENDABLE,
        rounds.extend,
        needs_reason=True,
    ),
    Decision.CLOSE: Meaning(
        gettext_lazy("Close now"),
        gettext_lazy(
            "The round closes at once. Uploads that have begun are still taken and scored."
        ),
        rounds.RUNNING,
        rounds.close,
        needs_reason=True,
    ),
    Decision.PUBLISH_RESULTS: Meaning(
        gettext_lazy("Publish results"),
        gettext_lazy(
            "The live board becomes the provisional result, also where the public board was frozen."
        ),
        rounds.RESULTS_PUBLISHABLE,
        rounds.publish_results,
    ),
    Decision.FINALIZE: Meaning(
        gettext_lazy("Make final"),
        gettext_lazy(
            "Nothing changes the result any more: no revision, no decision about a piece."
        ),
        rounds.FINALIZABLE,
        rounds.finalize,
    ),
    Decision.ARCHIVE: Meaning(
        gettext_lazy("Archive"),
        gettext_lazy("The round leaves the public lists; its address goes on working."),
        rounds.ARCHIVABLE,
        rounds.archive,
    ),
    Decision.CANCEL: Meaning(
        gettext_lazy("Cancel the round"),
        gettext_lazy(
            "The round is called off for good. Its entries stay readable; it has no results."
        ),
        rounds.CANCELLABLE,
        rounds.cancel,
        needs_reason=True,
    ),
}


def possible_decisions(*, round_: Round, now: datetime) -> list[Decision]:
    """Return what can be decided about a round as it stands, in the order of a round's life."""
    phase, paused = round_.phase(now), round_.paused_at is not None
    return [
        decision
        for decision, meaning in MEANINGS.items()
        if phase in meaning.phases and meaning.when_paused in (None, paused)
    ]


def decide(
    *,
    round_: Round,
    decision: Decision,
    actor: User,
    reason: str = "",
    closes_at: datetime | None = None,
    now: datetime,
) -> Round:
    """Carry a decision out and write it to the audit log.

    :raises ReasonMissing: if participants are owed a reason and there is none
    :raises InvalidDates: if a round is extended without a later closing moment
    :raises WrongPhase: if the round is not in a phase in which this can be decided
    """
    meaning = MEANINGS[decision]
    if meaning.needs_reason and not reason.strip():
        raise ReasonMissing(_("Say why: the reason is kept in the audit log."))
    if decision != Decision.EXTEND:
        return meaning.act(round_=round_, actor=actor, reason=reason.strip(), now=now)
    if closes_at is None:
        raise InvalidDates(_("Give the new closing moment as `closes_at`."))
    return meaning.act(
        round_=round_, closes_at=closes_at, actor=actor, reason=reason.strip(), now=now
    )
