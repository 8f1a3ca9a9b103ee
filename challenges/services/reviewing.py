"""What organizers decide about single submissions."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.words import within
from challenges.errors import WrongPhase
from challenges.models import Entry, Submission
from challenges.models.entry import Eligibility
from challenges.services.boards import refresh_rows

STEPS = {
    Eligibility.ELIGIBLE: {Eligibility.UNDER_REVIEW, Eligibility.DISQUALIFIED},
    Eligibility.UNDER_REVIEW: {Eligibility.ELIGIBLE, Eligibility.DISQUALIFIED},
    Eligibility.DISQUALIFIED: {Eligibility.APPEALED, Eligibility.REINSTATED},
    Eligibility.APPEALED: {Eligibility.DISQUALIFIED, Eligibility.REINSTATED},
    Eligibility.REINSTATED: {Eligibility.UNDER_REVIEW, Eligibility.DISQUALIFIED},
}


@transaction.atomic
def judge_eligibility(
    *, submission: Submission, decision: Eligibility, reason: str, actor: User, now: datetime
) -> Submission:
    """Decide whether a submission may count, and bring the boards up to date.

    :raises WrongPhase: if the round is final, or this step does not follow from the present state
    """
    entry = Entry.objects.select_for_update().get(pk=submission.entry_id)
    submission = Submission.objects.select_related("round").get(pk=submission.pk)
    if submission.round.finalized_at is not None:
        raise WrongPhase(_("The results are final; nothing about their pieces changes any more."))
    present = Eligibility(submission.eligibility)
    if decision not in STEPS[present]:
        raise WrongPhase(
            _("A piece that is {present} cannot become {wanted}.").format(
                present=within(present.label), wanted=within(decision.label)
            )
        )
    submission.eligibility = decision
    submission.eligibility_reason = reason
    submission.save(update_fields=["eligibility", "eligibility_reason"])
    audit.record(
        actor=actor,
        action="judge eligibility",
        subject=submission.subject,
        detail={"eligibility": [present, decision]},
        reason=reason,
        now=now,
    )
    refresh_rows(entry=entry, now=now)
    return submission


@transaction.atomic
def appeal(*, submission: Submission, statement: str, now: datetime) -> Submission:
    """Ask the organizers to look at a disqualification again.

    :raises WrongPhase: if the piece is not disqualified, or the results are final
    """
    return judge_eligibility(
        submission=submission,
        decision=Eligibility.APPEALED,
        reason=statement,
        actor=submission.entry.participant,
        now=now,
    )
