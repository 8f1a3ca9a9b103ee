"""Scoring a round anew: start, look at the rank moves, apply or cancel."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.words import within
from challenges.errors import RevisionNotReady, WrongPhase
from challenges.evaluation import Evaluation
from challenges.kinds import RESCORE
from challenges.models import Board, BoardRow, Entry, Round, Score, ScoringRevision, Submission
from challenges.models.entry import Content
from challenges.models.score import RevisionState
from challenges.phases import Phase
from challenges.scoring import require_style, rule_named
from challenges.services.boards import counting_scores, pin_board, refresh_row, tally
from jobs.models import Job
from jobs.services import cancel as cancel_job
from jobs.services import enqueue
from jobs.states import Priority, State
from ml.metrics import score_version

ENTRIES_PER_JOB = 500
RESCORABLE = (Phase.OPEN, Phase.FROZEN, Phase.CLOSED, Phase.JUDGING, Phase.PROVISIONAL)


@transaction.atomic
def start_revision(
    *,
    round_: Round,
    actor: User,
    reason: str,
    now: datetime,
    scoring_rule: str,
    scoring_config: Mapping[str, Any],
    style: str,
) -> ScoringRevision:
    """Score all entries of a round under another rule, without touching the present board.

    Old scores stay. From here on new submissions are scored under both revisions.

    :raises InvalidScoringConfig: if there is no such style or the rule does not take the
        configuration
    :raises RevisionNotReady: if another revision is under way
    :raises WrongPhase: if the round has no entries yet or its results are final
    """
    require_style(style)
    rule_named(scoring_rule).validate(scoring_config)
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    _require_rescorable(round_, now)
    revision = ScoringRevision.objects.create(
        round=round_,
        number=round_.revisions.count() + 1,
        style=style,
        scoring_rule=scoring_rule,
        scoring_config=dict(scoring_config),
        metrics_version=score_version(),
        reason=reason,
        state=RevisionState.RUNNING,
        created_by=actor,
        created_at=now,
    )
    Board.objects.create(round=round_, revision=revision)
    _audit(revision, actor, "start revision", now)
    _queue_chunks(revision, actor, now)
    return revision


def _require_rescorable(round_: Round, now: datetime) -> None:
    if round_.phase(now) not in RESCORABLE:
        raise WrongPhase(
            _("A round that is {phase} is not scored anew.").format(
                phase=within(round_.phase(now).label)
            )
        )
    if round_.revisions.filter(state__in=(RevisionState.RUNNING, RevisionState.PREVIEW)).exists():
        raise RevisionNotReady(_("Apply or cancel the revision that is under way first."))


def _queue_chunks(revision: ScoringRevision, actor: User, now: datetime) -> None:
    entries = list(revision.round.entries.order_by("pk").values_list("pk", flat=True))
    _queue(revision, entries, actor, now)


def _queue(
    revision: ScoringRevision, entries: Sequence[UUID], actor: User | None, now: datetime
) -> None:
    # An empty round still gets one job: its end is what makes the revision ready to apply.
    for start in range(0, max(len(entries), 1), ENTRIES_PER_JOB):
        chunk = entries[start : start + ENTRIES_PER_JOB]
        enqueue(
            kind=RESCORE,
            payload={"revision": revision.pk, "entries": [str(pk) for pk in chunk]},
            owner=actor,
            subject=subject_of(revision),
            priority=Priority.LOW,
            now=now,
        )


def subject_of(revision: ScoringRevision) -> str:
    """Return the name under which jobs and the audit log speak of a revision."""
    return f"revision:{revision.pk}"


def record_chunk(
    *,
    revision: ScoringRevision,
    entry_ids: Sequence[UUID],
    evaluations: Mapping[UUID, Evaluation],
    now: datetime,
) -> None:
    """Store the new scores of some entries and their rows on the revision's board.

    Runs inside the transaction that ends the job. `evaluations` is by submission.
    """
    locked = Entry.objects.select_for_update().filter(pk__in=entry_ids).order_by("pk")
    list(locked.values_list("pk"))
    submissions = Submission.objects.only("pk").in_bulk(list(evaluations))
    Score.objects.bulk_create(
        (
            evaluations[pk].as_score(submission=submission, revision=revision, now=now)
            for pk, submission in submissions.items()
        ),
        ignore_conflicts=True,
        batch_size=250,
    )
    board = revision.boards.get(pinned_at__isnull=True)
    present = set(
        BoardRow.objects.filter(board=board, entry__in=entry_ids).values_list("entry_id", flat=True)
    )
    # A piece handed in meanwhile may have put its entry there; an older one may count instead.
    for entry in Entry.objects.select_related("round").filter(pk__in=present).order_by("pk"):
        refresh_row(board, entry)
    _add_rows(revision, board, Entry.objects.filter(pk__in=set(entry_ids) - present))


def _add_rows(revision: ScoringRevision, board: Board, absent: QuerySet[Entry]) -> None:
    """Put entries on a revision's board that are not there yet."""
    counting = counting_scores(
        entries=list(absent), counting=revision.round.counting, revision_id=revision.pk
    )
    rows = [
        BoardRow(
            board=board,
            entry_id=entry_id,
            submission_id=score.submission_id,
            tenths=score.tenths,
            submitted_at=score.submission.submitted_at,
        )
        for entry_id, score in counting.items()
    ]
    BoardRow.objects.bulk_create(rows, batch_size=500)
    tally(board, Counter(row.tenths for row in rows))


def rescore_job_ended(job: Job) -> None:
    """Make a revision ready to apply once the last of its jobs has ended well.

    Runs in the transaction that ends the job.
    """
    revision = ScoringRevision.objects.select_for_update().get(pk=job.payload["revision"])
    others = Job.objects.filter(kind=RESCORE, subject=subject_of(revision)).exclude(pk=job.pk)
    if revision.state != RevisionState.RUNNING or others.open().exists():
        return
    missed = missed_entries(revision)
    if missed and job.state == State.SUCCEEDED and job.finished_at is not None:
        _queue(revision, missed, job.owner, job.finished_at)
        return
    revision.state = RevisionState.PREVIEW
    revision.save(update_fields=["state"])


def missed_entries(revision: ScoringRevision) -> list[UUID]:
    """Return the entries with a piece that the live board knows and the revision does not.

    A piece whose scoring began before the revision and ended after its entries were listed.
    """
    live = revision.round.live_board
    known = Score.objects.filter(revision=revision).values("submission")
    if live is None:
        return []
    # Only accepted pieces: withdrawn and rejected ones are not scored anew.
    missed = Submission.objects.filter(
        round=revision.round_id, content=Content.ACCEPTED, scores__revision=live.revision_id
    ).exclude(pk__in=known)
    return list(missed.order_by("entry").values_list("entry", flat=True).distinct())


@transaction.atomic
def apply_revision(*, revision: ScoringRevision, actor: User, now: datetime) -> Round:
    """Make a revision's board the round's board, in one update.

    :raises RevisionNotReady: if the revision is not ready or a job of it failed
    :raises WrongPhase: if the results are final
    """
    round_ = Round.objects.select_for_update().get(pk=revision.round_id)
    round_ = pin_board(round_=round_, now=now)
    revision = ScoringRevision.objects.select_for_update().get(pk=revision.pk)
    if round_.finalized_at is not None:
        raise WrongPhase(_("The results are final."))
    if revision.state != RevisionState.PREVIEW:
        raise RevisionNotReady(_("This revision is not ready to be applied."))
    if Job.objects.filter(subject=subject_of(revision), state=State.FAILED).exists():
        raise RevisionNotReady(_("A part of the rescoring failed. Retry its jobs first."))
    if missed_entries(revision):
        raise RevisionNotReady(
            _("New pieces are still being scored under it. Try again in a minute.")
        )
    round_.revisions.filter(state=RevisionState.APPLIED).update(state=RevisionState.SUPERSEDED)
    revision.state = RevisionState.APPLIED
    revision.save(update_fields=["state"])
    round_.live_board = revision.boards.get(pinned_at__isnull=True)
    round_.save(update_fields=["live_board"])
    _audit(revision, actor, "apply revision", now)
    return round_


@transaction.atomic
def cancel_revision(*, revision: ScoringRevision, actor: User, now: datetime) -> ScoringRevision:
    """Drop a revision that was not applied. The present board was never touched.

    :raises RevisionNotReady: if the revision was applied or cancelled before
    """
    revision = ScoringRevision.objects.select_for_update().get(pk=revision.pk)
    if revision.state not in (RevisionState.RUNNING, RevisionState.PREVIEW):
        raise RevisionNotReady(_("This revision was applied or cancelled before."))
    revision.state = RevisionState.CANCELLED
    revision.save(update_fields=["state"])
    for job in Job.objects.filter(kind=RESCORE, subject=subject_of(revision)).open():
        cancel_job(job=job, actor=actor, now=now)
    _audit(revision, actor, "cancel revision", now)
    return revision


def _audit(revision: ScoringRevision, actor: User, action: str, now: datetime) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=f"round:{revision.round.slug}",
        detail={"revision": revision.number, "rule": revision.scoring_rule},
        reason=revision.reason,
        now=now,
    )
