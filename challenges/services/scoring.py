"""Recording what the workers found out about a submission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.errors import RuleBroken
from challenges.evaluation import Evaluation
from challenges.kinds import SCORE
from challenges.models import (
    Entry,
    Fingerprint,
    Passage,
    QuotaUse,
    Score,
    ScoringRevision,
    Submission,
)
from challenges.models.entry import Content, Eligibility, QuotaState
from challenges.models.score import CURRENT
from challenges.passages import packed, sample
from challenges.selectors.passages import later_lookalikes
from challenges.services.boards import refresh_rows
from jobs.models import Job
from jobs.services import enqueue
from jobs.states import Fault, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What scoring a submission brought to light.

    `evaluations` holds one evaluation per revision that the round was being scored under.
    """

    features: Mapping[str, float]
    features_version: str
    passages: Sequence[int]
    originality: Mapping[str, Any]
    evaluations: Mapping[int, Evaluation]


def revisions_to_score(round_id: int) -> list[ScoringRevision]:
    """Return the revisions that a new submission needs a score under.

    While a rescoring is under way these are two, so that applying it loses no newcomer.
    """
    revisions = ScoringRevision.objects.filter(round_id=round_id, state__in=CURRENT)
    return list(revisions.order_by("number"))


@transaction.atomic
def record_findings(*, submission_id: UUID, findings: Findings, now: datetime) -> None:
    """Store a submission's scores, spend its quota and bring the boards up to date.

    Running it twice leaves the same rows as running it once.
    """
    entry = Entry.objects.select_for_update().get(submissions=submission_id)
    submission = Submission.objects.get(pk=submission_id)
    submission.features = dict(findings.features)
    submission.features_version = findings.features_version
    submission.originality = dict(findings.originality)
    _send_copies_to_review(submission)
    _accept_after_all(entry, submission)
    submission.save()
    _store_passages(submission, findings.passages)
    _score_copies_again(submission, findings.passages, now)
    _store_scores(submission, findings.evaluations, now)
    QuotaUse.objects.filter(submission=submission, state=QuotaState.RESERVED).update(
        state=QuotaState.SPENT, updated_at=now
    )
    refresh_rows(entry=entry, now=now)


def _store_passages(submission: Submission, passages: Sequence[int]) -> None:
    Fingerprint.objects.update_or_create(
        submission=submission, defaults={"hashes": packed(passages)}
    )
    chosen = (
        Passage(round_id=submission.round_id, submission=submission, hash=passage)
        for passage in sample(passages)
    )
    Passage.objects.bulk_create(chosen, ignore_conflicts=True, batch_size=500)


def _score_copies_again(submission: Submission, passages: Sequence[int], now: datetime) -> None:
    """Queue pieces that were handed in later, scored sooner, and share music with this one.

    Two workers may finish a piece and its copy in the wrong order; the outcome must not depend
    on that.
    """
    for copy in later_lookalikes(submission=submission, hashes=passages):
        enqueue(
            kind=SCORE,
            payload={"submission": str(copy.pk), "round": copy.round_id},
            owner=copy.entry.participant,
            subject=copy.subject,
            dedupe_key=f"score {copy.pk} after {submission.pk}",
            now=now,
        )


def _send_copies_to_review(submission: Submission) -> None:
    found = submission.originality or {}
    if found.get("suspected") and submission.eligibility == Eligibility.ELIGIBLE:
        submission.eligibility = Eligibility.UNDER_REVIEW
        submission.eligibility_reason = gettext_noop(
            "{share:.0%} of its bars and {line_share:.0%} of its lines are found in "
            "another piece; a person will look at it."
        ).format(share=found["share"], line_share=found["line_share"])


def _accept_after_all(entry: Entry, submission: Submission) -> None:
    """Take in a rejected piece that another try could score, unless it was handed in again."""
    if submission.content != Content.REJECTED:
        return
    again = entry.submissions.filter(music_hash=submission.music_hash, content=Content.ACCEPTED)
    if not again.exists():
        submission.content = Content.ACCEPTED


def _store_scores(
    submission: Submission, evaluations: Mapping[int, Evaluation], now: datetime
) -> None:
    for revision in ScoringRevision.objects.filter(pk__in=evaluations):
        score = evaluations[revision.pk].as_score(submission=submission, revision=revision, now=now)
        Score.objects.update_or_create(
            submission=submission,
            revision=revision,
            defaults={
                "tenths": score.tenths,
                "parts": score.parts,
                "metrics": score.metrics,
                "created_at": now,
            },
        )


def score_job_ended(job: Job) -> None:
    """Give the quota back when a submission's scoring ended without a score.

    Runs in the transaction that ends the job.
    """
    if job.state == State.SUCCEEDED:
        return
    submission = Submission.objects.get(pk=job.payload["submission"])
    QuotaUse.objects.filter(submission=submission).exclude(state=QuotaState.SPENT).update(
        state=QuotaState.REFUNDED,
        reason=job.error_detail[:200] or gettext_noop("The scoring was cancelled."),
        updated_at=job.finished_at,
    )
    if job.fault == Fault.INPUT:
        submission.content = Content.REJECTED
        submission.save(update_fields=["content"])


class AlreadyScored(RuleBroken):
    """The submission has its scores."""

    code = "already_scored"


@transaction.atomic
def score_again(*, submission: Submission, now: datetime) -> Job:
    """Queue the scoring of a submission whose scoring failed.

    :raises AlreadyScored: if it has a score or is on its way to one
    """
    Entry.objects.select_for_update().get(pk=submission.entry_id)
    open_job = Job.objects.filter(subject=submission.subject, kind=SCORE).open().exists()
    if open_job or submission.scores.exists():
        raise AlreadyScored(_("This piece is scored or waiting to be."))
    return enqueue(
        kind=SCORE,
        payload={"submission": str(submission.pk), "round": submission.round_id},
        owner=submission.entry.participant,
        subject=submission.subject,
        now=now,
    )
