"""What organizers need to know: the health of rounds, and what a rescoring would change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from accounts.models import AuditRecord
from challenges.kinds import RESCORE, SCORE
from challenges.models import Board, BoardRow, Entry, Round, ScoringRevision, Submission
from challenges.models.entry import Content, Eligibility
from challenges.models.score import RevisionState
from challenges.phases import Phase
from challenges.selectors.boards import ranks_of
from challenges.selectors.visibility import in_phase
from challenges.services.revisions import subject_of
from jobs.models import Job
from jobs.states import FINAL, Fault, State

DRAFT_NOTICE = timedelta(days=7)
NEEDS_A_PERSON = (Eligibility.UNDER_REVIEW, Eligibility.APPEALED)


@dataclass(frozen=True, slots=True)
class RankMove:
    """What a revision does to one entry; ranks and scores are None off the board in question."""

    entry: Entry
    rank_before: int | None
    rank_after: int | None
    score_before: float | None
    score_after: float | None

    @property
    def places(self) -> int | None:
        """How many places the entry gains (negative: loses); None if it enters or leaves."""
        if self.rank_before is None or self.rank_after is None:
            return None
        return self.rank_before - self.rank_after


@dataclass(frozen=True, slots=True)
class RankMoves:
    """What a revision does to a board: counts over all entries, and the largest moves."""

    entries: int
    up: int
    down: int
    unmoved: int
    moves: list[RankMove]


Places = dict[UUID, tuple[int, int]]  # entry -> rank, score in tenths


def rank_moves(*, revision: ScoringRevision, limit: int = 100) -> RankMoves:
    """Return what applying a revision would change on the round's live board.

    Entries that enter or leave the board come first, then the largest moves, at most `limit`.
    """
    before, after = _places(revision.round.live_board), _places(_board_of(revision))
    keys = sorted(before.keys() | after.keys(), key=lambda key: _weight(key, before, after))
    gains = [before[key][0] - after[key][0] for key in keys if key in before and key in after]
    shown = [key for key in keys if before.get(key, (0,))[0] != after.get(key, (0,))[0]][:limit]
    entries = Entry.objects.select_related("participant").in_bulk(shown)
    return RankMoves(
        entries=len(keys),
        up=sum(gain > 0 for gain in gains),
        down=sum(gain < 0 for gain in gains),
        unmoved=sum(gain == 0 for gain in gains),
        moves=[_move(entries[key], before.get(key), after.get(key)) for key in shown],
    )


def _board_of(revision: ScoringRevision) -> Board | None:
    return revision.boards.filter(pinned_at__isnull=True).first()


def _places(board: Board | None) -> Places:
    if board is None:
        return {}
    rows = list(BoardRow.objects.filter(board=board).values_list("entry_id", "tenths"))
    ranks = ranks_of(board, {tenths for _, tenths in rows})
    return {entry: (ranks[tenths], tenths) for entry, tenths in rows}


def _weight(key: UUID, before: Places, after: Places) -> tuple[bool, int, int, UUID]:
    ranks = [places[key][0] for places in (before, after) if key in places]
    return (len(ranks) == 2, min(ranks) - max(ranks), min(ranks), key)


def _move(entry: Entry, before: tuple[int, int] | None, after: tuple[int, int] | None) -> RankMove:
    return RankMove(
        entry=entry,
        rank_before=before[0] if before else None,
        rank_after=after[0] if after else None,
        score_before=before[1] / 10 if before else None,
        score_after=after[1] / 10 if after else None,
    )


@dataclass(frozen=True, slots=True)
class Rescoring:
    """How far the jobs of a revision are."""

    done: int
    failed: int
    total: int

    @property
    def share(self) -> float:
        """The share of jobs that ended well, 0 to 1; 1 where there was nothing to do."""
        return self.done / self.total if self.total else 1.0


def rescoring_progress(revision: ScoringRevision) -> Rescoring:
    """Return how many of a revision's jobs are done."""
    counts = Job.objects.filter(kind=RESCORE, subject=subject_of(revision)).aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=State.SUCCEEDED)),
        failed=Count("pk", filter=Q(state__in=(State.FAILED, State.CANCELLED))),
    )
    return Rescoring(done=counts["done"], failed=counts["failed"], total=counts["total"])


@dataclass(frozen=True, slots=True)
class RoundHealth:
    """How a round is doing. `jobs` maps each state of its scoring jobs to their number."""

    entries: int
    on_board: int
    content: dict[str, int]
    eligibility: dict[str, int]
    scored: int
    jobs: dict[str, int]
    oldest_waiting: timedelta | None
    failures: list[Job]


def round_health(*, round_: Round, now: datetime) -> RoundHealth:
    """Return what an organizer looks at to see whether a round runs well."""
    submissions = Submission.objects.filter(round=round_)
    board = round_.live_board
    jobs = jobs_of(round_)
    oldest = jobs.exclude(state__in=FINAL).aggregate(at=Min("created_at"))["at"]
    return RoundHealth(
        entries=round_.entries.count(),
        on_board=board.rows.count() if board else 0,
        content=_counted(submissions, "content"),
        eligibility=_counted(submissions.filter(content=Content.ACCEPTED), "eligibility"),
        scored=submissions.filter(scores__revision=board.revision_id).count() if board else 0,
        jobs=_counted(jobs, "state"),
        oldest_waiting=oldest and max(now - oldest, timedelta(0)),
        failures=list(jobs.filter(state=State.FAILED).order_by("-finished_at")[:20]),
    )


def _counted(rows: QuerySet[Submission] | QuerySet[Job], field: str) -> dict[str, int]:
    found = rows.order_by().values_list(field).annotate(n=Count("pk"))
    return {str(value): number for value, number in found}


def jobs_of(round_: Round) -> QuerySet[Job]:
    """Return the scoring jobs of a round's submissions."""
    return Job.objects.filter(kind=SCORE, payload__round=round_.pk)


def audit_of(round_: Round, *, limit: int = 50) -> list[AuditRecord]:
    """Return the last lines of the audit log about a round."""
    lines = AuditRecord.objects.about(f"round:{round_.slug}").select_related("actor")
    return list(lines[:limit])


@dataclass(frozen=True, slots=True)
class Needs:
    """What waits for a person. Rounds are in the order in which their dates fall."""

    drafts: list[Round]
    paused: list[Round]
    results: list[Round]
    finals: list[Round]
    revisions: list[ScoringRevision]
    reviews: int
    failures: int

    def __bool__(self) -> bool:
        return any(bool(getattr(self, name)) for name in self.__slots__)


def needs_a_person(now: datetime) -> Needs:
    """Return what organizers have to decide on at `now`.

    A draft counts from a week before its opening date on.
    """
    rounds = Round.objects.order_by("opens_at")
    soon = rounds.filter(in_phase(Phase.DRAFT, now), opens_at__lt=now + DRAFT_NOTICE)
    running = in_phase(Phase.OPEN, now) | in_phase(Phase.FROZEN, now)
    return Needs(
        drafts=list(soon),
        paused=list(rounds.filter(running, paused_at__isnull=False)),
        results=list(rounds.filter(in_phase(Phase.JUDGING, now))),
        finals=list(rounds.filter(in_phase(Phase.PROVISIONAL, now))),
        revisions=list(
            ScoringRevision.objects.filter(state=RevisionState.PREVIEW).select_related("round")
        ),
        reviews=waiting_reviews().count(),
        failures=failed_jobs().count(),
    )


def waiting_reviews() -> QuerySet[Submission]:
    """Return the pieces that an organizer has to decide on, the oldest first."""
    return (
        Submission.objects.filter(
            content=Content.ACCEPTED,
            eligibility__in=NEEDS_A_PERSON,
            round__finalized_at=None,
            round__cancelled_at=None,
        )
        .select_related("entry__participant", "round")
        .order_by("submitted_at", "pk")
    )


def failed_jobs() -> QuerySet[Job]:
    """Return the jobs that failed by the platform's fault, the last one first."""
    return Job.objects.filter(state=State.FAILED, fault=Fault.PLATFORM).order_by("-finished_at")


def timeline(now: datetime, *, limit: int = 12) -> list[tuple[Round, Phase]]:
    """Return the rounds around the present with their phases, the last to open first.

    Archived rounds are left out.
    """
    rounds = Round.objects.filter(archived_at=None).order_by("-opens_at", "-pk")[:limit]
    return [(round_, round_.phase(now)) for round_ in rounds]
