"""An entry as one viewer may see it. After a freeze the public reads the board that was pinned."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from challenges.models import BoardRow, Entry, Round, Score, Submission
from challenges.models.entry import Content
from challenges.selectors.boards import RankedRow, board_size, public_board, row_of
from challenges.selectors.submissions import Standing, standing_of
from challenges.selectors.visibility import (
    View,
    Viewer,
    may_download,
    may_see,
    sees_all_of,
    view_of,
)


@dataclass(frozen=True, slots=True)
class EntryView:
    """What one viewer may read about an entry.

    `place` is the row of the public board, whoever looks. `versions` is empty for the public.
    """

    entry: Entry
    submission: Submission
    view: View
    place: RankedRow | None
    entries: int
    versions: list[Standing]
    is_owner: bool
    can_download: bool

    @property
    def score(self) -> Score | None:
        """The score to explain."""
        return self.view.standing.score

    @property
    def is_ahead_of_board(self) -> bool:
        """Whether the viewer reads something that the public board does not show yet."""
        if not self.view.private or self.score is None:
            return False
        shown = self.place.row if self.place else None
        return shown is None or (shown.submission_id, shown.tenths) != (
            self.submission.pk,
            self.score.tenths,
        )


def entry_view(*, entry: Entry, viewer: Viewer, now: datetime) -> EntryView | None:
    """Return what the viewer may read of an entry that they may see; None if nothing is left of it.

    The public sees the submission on the public board. Its participant and organizers see the one
    that counts now, and all others.
    """
    board = public_board(entry.round)
    place = row_of(board=board, entry=entry)
    submission = _shown(entry, viewer, place)
    if submission is None:
        return None
    sees_all = sees_all_of(viewer, entry)
    return EntryView(
        entry=entry,
        submission=submission,
        view=view_of(submission=submission, viewer=viewer, now=now),
        place=place,
        entries=board_size(board) if board else 0,
        versions=standings_of(entry=entry, now=now) if sees_all else [],
        is_owner=entry.participant_id == viewer.pk,
        can_download=may_download(viewer, submission),
    )


def submission_view(*, submission: Submission, viewer: Viewer, now: datetime) -> EntryView:
    """Return what its participant or an organizer reads of one submission, counting or not."""
    entry, board = submission.entry, public_board(submission.round)
    return EntryView(
        entry=entry,
        submission=submission,
        view=view_of(submission=submission, viewer=viewer, now=now),
        place=row_of(board=board, entry=entry),
        entries=board_size(board) if board else 0,
        versions=standings_of(entry=entry, now=now),
        is_owner=entry.participant_id == viewer.pk,
        can_download=True,
    )


def _shown(entry: Entry, viewer: Viewer, place: RankedRow | None) -> Submission | None:
    submissions = with_context(Submission.objects.filter(entry=entry))
    if not sees_all_of(viewer, entry):
        if place is None:
            return None
        return submissions.filter(pk=place.row.submission_id, content=Content.ACCEPTED).first()
    live = BoardRow.objects.filter(board=entry.round.live_board_id, entry=entry).first()
    counting = submissions.filter(pk=live.submission_id).first() if live else None
    return counting or submissions.order_by("-number").first()


def published_piece(entry: Entry) -> Submission | None:
    """Return the piece of an entry that everybody may see, if there is one."""
    row = row_of(board=public_board(entry.round), entry=entry)
    if row is None or entry.round.published_at is None:
        return None
    submissions = with_context(Submission.objects.filter(content=Content.ACCEPTED))
    return submissions.filter(pk=row.row.submission_id).first()


def with_context(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Return submissions with what every page about them reads, in one query."""
    return submissions.select_related(
        "entry__participant", "round__live_board", "round__frozen_board"
    )


def standings_of(*, entry: Entry, now: datetime) -> list[Standing]:
    """Return where each submission of an entry stands, the last one first."""
    submissions = with_context(Submission.objects.filter(entry=entry)).order_by("-number")
    return [standing_of(submission=submission, now=now) for submission in submissions]


def own_standings(*, round_: Round, viewer: Viewer, now: datetime) -> list[Standing]:
    """Return where the viewer's own submissions to a round stand, the last one first."""
    if not isinstance(viewer, User):
        return []
    entry = Entry.objects.filter(round=round_, participant=viewer).first()
    return standings_of(entry=entry, now=now) if entry else []


@dataclass(frozen=True, slots=True)
class Neighbor:
    """The piece that shares most with another; `entry_id` only where the viewer may open it."""

    title: str
    entry_id: UUID | None


def neighbor_of(*, submission: Submission, viewer: Viewer) -> Neighbor | None:
    """Return the piece that a submission shares most with, as far as the viewer may know it.

    A piece that is not public keeps its title to itself.
    """
    nearest = (submission.originality or {}).get("nearest")
    if not nearest:
        return None
    kind, _colon, name = nearest.partition(":")
    if kind == "corpus":
        return Neighbor(name.strip(), None)
    other = _submission_named(nearest)
    if other is None or not may_see(viewer, other):
        return Neighbor(_("another piece of this round"), None)
    return Neighbor(other.title, other.entry_id)


def _submission_named(key: str) -> Submission | None:
    try:
        found = UUID(key.rsplit(":", 1)[-1])
    except ValueError:
        return None
    return with_context(Submission.objects.filter(pk=found)).first()
