"""Where submissions stand."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet

from accounts.models import User
from challenges.kinds import SCORE
from challenges.models import Entry, Round, Score, Submission
from challenges.models.entry import Content, QuotaState
from challenges.quotas import period_name, resets_at
from jobs.selectors import JobProgress, jobs_about, progress
from jobs.states import State


class ScoringState(StrEnum):
    """Where a submission stands, in one word. The last four are final."""

    WAITING = "waiting"
    SCORING = "scoring"
    SCORED = "scored"
    FAILED = "failed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


FINAL_STATES = frozenset(
    {ScoringState.SCORED, ScoringState.FAILED, ScoringState.REJECTED, ScoringState.WITHDRAWN}
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A submission's state with its score or the job that will give it one."""

    submission: Submission
    state: ScoringState
    score: Score | None
    job: JobProgress | None

    @property
    def is_final(self) -> bool:
        """Whether the state will not change by itself any more."""
        return self.state in FINAL_STATES


def standing_of(*, submission: Submission, now: datetime) -> Standing:
    """Return where a submission stands under its round's live board."""
    if submission.content != Content.ACCEPTED:
        return Standing(submission, ScoringState(submission.content), None, _job(submission, now))
    score = live_score(submission)
    if score is not None:
        return Standing(submission, ScoringState.SCORED, score, None)
    job = _job(submission, now)
    return Standing(submission, _state(job), None, job)


def _state(job: JobProgress | None) -> ScoringState:
    if job is None or job.state in (State.FAILED, State.CANCELLED):
        return ScoringState.FAILED
    return ScoringState.SCORING if job.state == State.LEASED else ScoringState.WAITING


def _job(submission: Submission, now: datetime) -> JobProgress | None:
    job = jobs_about(submission.subject).filter(kind=SCORE).first()
    return progress(job, now) if job else None


def live_score(submission: Submission) -> Score | None:
    """Return a submission's score under its round's live board."""
    board_id = submission.round.live_board_id
    return Score.objects.filter(submission=submission, revision__boards=board_id).first()


def submissions_of(*, round_: Round, participant: User) -> QuerySet[Submission]:
    """Return a participant's submissions to a round, the last one first."""
    return Submission.objects.filter(entry__round=round_, entry__participant=participant).order_by(
        "-number"
    )


@dataclass(frozen=True, slots=True)
class Quota:
    """How many submissions a participant has left; `left` is None where there is no limit."""

    limit: int
    used: int
    left: int | None
    resets_at: datetime | None


def quota_of(*, round_: Round, participant: User, now: datetime) -> Quota:
    """Return what a participant has left of a round's quota."""
    entry = Entry.objects.filter(round=round_, participant=participant).first()
    used = 0
    if entry is not None:
        uses = entry.quota_uses.filter(period=period_name(round_, now))
        used = uses.exclude(state=QuotaState.REFUNDED).count()
    left = max(round_.quota - used, 0) if round_.quota else None
    return Quota(round_.quota, used, left, resets_at(round_, now))
