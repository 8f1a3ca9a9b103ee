"""Who may see what. A board that stands still hides everything that came after it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from accounts.models import User
from accounts.words import translated
from challenges.models import BoardRow, Entry, Round, Score, Submission
from challenges.models.entry import Content, Eligibility, Licence
from challenges.phases import Phase
from challenges.selectors.boards import public_board
from challenges.selectors.submissions import ScoringState, Standing, standing_of

Viewer = User | AnonymousUser

PUBLIC_BOARD = Case(
    When(round__frozen_board__isnull=False, round__results_at=None, then=F("round__frozen_board")),
    default=F("round__live_board"),
)


def is_organizer(viewer: Viewer) -> bool:
    """Tell whether the viewer runs rounds."""
    return isinstance(viewer, User) and viewer.is_active and viewer.is_organizer


def rounds_for(viewer: Viewer) -> QuerySet[Round]:
    """Return the rounds that the viewer may read: drafts are the organizers' own.

    Archived rounds stay readable at their address; lists leave them out.
    """
    rounds = Round.objects.select_related("challenge", "live_board", "frozen_board")
    return rounds if is_organizer(viewer) else rounds.filter(published_at__isnull=False)


def in_phase(phase: Phase, now: datetime) -> Q:
    """Return the condition that a round is in `phase` at `now`, equal to `phase_of` row by row."""
    undecided = Q(archived_at=None, cancelled_at=None, finalized_at=None, results_at=None)
    shown = undecided & Q(published_at__isnull=False)
    running = shown & Q(opens_at__lte=now, closes_at__gt=now)
    over = shown & Q(opens_at__lte=now, closes_at__lte=now)
    conditions = {
        Phase.ARCHIVED: Q(archived_at__isnull=False),
        Phase.CANCELLED: Q(archived_at=None, cancelled_at__isnull=False),
        Phase.FINAL: Q(archived_at=None, cancelled_at=None, finalized_at__isnull=False),
        Phase.PROVISIONAL: Q(
            archived_at=None, cancelled_at=None, finalized_at=None, results_at__isnull=False
        ),
        Phase.DRAFT: undecided & Q(published_at=None),
        Phase.SCHEDULED: shown & Q(opens_at__gt=now),
        Phase.OPEN: running & (Q(freeze_at=None) | Q(freeze_at__gt=now)),
        Phase.FROZEN: running & Q(freeze_at__lte=now),
        Phase.CLOSED: over & Q(drained_at=None),
        Phase.JUDGING: over & Q(drained_at__isnull=False),
    }
    return conditions[phase]


def board_stands_still(round_: Round, now: datetime) -> bool:
    """Tell whether the public board is that of the freeze: from the freeze to the results."""
    frozen = round_.freeze_at is not None and round_.freeze_at <= now
    return frozen and round_.results_at is None


def entries_for(viewer: Viewer) -> QuerySet[Entry]:
    """Return the entries that the viewer may read: those on public boards, and their own."""
    entries = Entry.objects.select_related(
        "participant", "round__live_board", "round__frozen_board"
    )
    if is_organizer(viewer):
        return entries
    on_board = Exists(
        BoardRow.objects.filter(
            board=OuterRef("public_board"),
            entry=OuterRef("pk"),
            submission__content=Content.ACCEPTED,
        )
    )
    shown = Q(on_board, round__published_at__isnull=False)
    if isinstance(viewer, User):
        shown |= Q(participant=viewer)
    return entries.annotate(public_board=PUBLIC_BOARD).filter(shown)


def sees_all_of(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether the viewer may see everything about an entry: its participant and organizers."""
    return is_organizer(viewer) or entry.participant_id == viewer.pk


def public_row(submission: Submission) -> BoardRow | None:
    """Return the row of the public board that a submission stands on, if it does."""
    board = public_board(submission.round)
    if board is None or submission.content != Content.ACCEPTED:
        return None
    if submission.round.published_at is None:
        return None
    return BoardRow.objects.filter(board=board, submission=submission).first()


def may_see(viewer: Viewer, submission: Submission) -> bool:
    """Tell whether the viewer may see a submission at all."""
    if sees_all_of(viewer, submission.entry):
        return True
    return public_row(submission) is not None


def may_download(viewer: Viewer, submission: Submission) -> bool:
    """Tell whether the viewer may take the file home: not every licence allows the public to."""
    if sees_all_of(viewer, submission.entry):
        return True
    return submission.licence != Licence.ALL_RIGHTS and may_see(viewer, submission)


@dataclass(frozen=True, slots=True)
class View:
    """A submission as one viewer may see it; `private` says that nothing is left out."""

    standing: Standing
    eligibility: str
    eligibility_reason: str
    private: bool


def just_handed_in(submission: Submission) -> View:
    """Return how a submission looks to its participant in the moment it has come in."""
    waiting = Standing(submission, ScoringState.WAITING, None, None)
    return View(waiting, submission.eligibility, _reason(submission), private=True)


def view_of(*, submission: Submission, viewer: Viewer, now: datetime) -> View:
    """Return what the viewer may know of a submission that they may see.

    The public reads the score that the public board was made from. After a freeze that may be an
    older one than the score its participant reads.
    """
    if sees_all_of(viewer, submission.entry):
        standing = standing_of(submission=submission, now=now)
        return View(standing, submission.eligibility, _reason(submission), private=True)
    board = public_board(submission.round)
    score = (
        Score.objects.filter(submission=submission, revision_id=board.revision_id).first()
        if board
        else None
    )
    state = ScoringState.SCORED if score else ScoringState.WAITING
    return View(Standing(submission, state, score, None), Eligibility.ELIGIBLE, "", private=False)


def _reason(submission: Submission) -> str:
    """Return why a piece is where it is; what the site itself wrote, in the viewer's language."""
    reason = submission.eligibility_reason
    return translated(reason) if submission.eligibility == Eligibility.UNDER_REVIEW else reason
