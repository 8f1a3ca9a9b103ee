"""Boards as people read them: each row with its score's parts and a small drawing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import F, Sum

from accounts.models import User
from challenges.explaining import PartLine, part_lines
from challenges.models import Board, BoardRow, Round, Score
from challenges.models.entry import Content
from challenges.scoring import PARTS
from challenges.selectors.boards import RankedRow, board_page, own_row, public_board
from challenges.selectors.drawings import thumbnails
from challenges.selectors.visibility import Viewer
from ml.music.drawing import Shape

ROWS_PER_QUERY = 1000
LEADERS = 3
TOP = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a board ready to be drawn. `tied` says that others share the rank."""

    rank: int
    tied: bool
    row: BoardRow
    parts: Sequence[PartLine]
    thumbnail: Sequence[Shape]

    @property
    def is_withdrawn(self) -> bool:
        """Whether the piece was taken back after a board that stands still was pinned."""
        return self.row.submission.content != Content.ACCEPTED


def lines_of(*, board: Board, rows: Sequence[RankedRow]) -> list[Line]:
    """Return rows of a board with parts and drawings, in two queries whatever their number."""
    parts = _parts(board, [ranked.row.submission_id for ranked in rows])
    shown = [r.row.submission for r in rows if r.row.submission.content == Content.ACCEPTED]
    drawings = thumbnails(shown)
    tied = _shared(board, {ranked.row.tenths for ranked in rows})
    return [
        Line(
            rank=ranked.rank,
            tied=ranked.row.tenths in tied,
            row=ranked.row,
            parts=part_lines(parts.get(ranked.row.submission_id, {}), ranked.row.score),
            thumbnail=drawings.get(ranked.row.submission_id, ()),
        )
        for ranked in rows
    ]


def _parts(board: Board, submissions: Iterable[UUID]) -> dict[UUID, Mapping[str, Any]]:
    scores = Score.objects.filter(revision=board.revision_id, submission__in=list(submissions))
    return dict(scores.values_list("submission_id", "parts"))


def _shared(board: Board, tenths: set[int]) -> set[int]:
    shared = board.tallies.filter(tenths__in=tenths, count__gt=1)
    return set(shared.values_list("tenths", flat=True))


def top_lines(*, round_: Round, size: int = TOP) -> list[Line]:
    """Return the best rows of a round's public board."""
    board = public_board(round_)
    if board is None:
        return []
    return lines_of(board=board, rows=board_page(board=board, size=size).rows)


def own_line(*, round_: Round, viewer: Viewer) -> Line | None:
    """Return the viewer's own row of the public board, or None without one."""
    board = public_board(round_)
    if board is None or not isinstance(viewer, User):
        return None
    ranked = own_row(board=board, user=viewer)
    return lines_of(board=board, rows=[ranked])[0] if ranked else None


def board_mark(board: Board) -> str:
    """Return a mark that changes whenever a score on the board does, from its histogram alone."""
    sums = board.tallies.aggregate(
        n=Sum("count"),
        first=Sum(F("count") * F("tenths")),
        second=Sum(F("count") * F("tenths") * F("tenths")),
    )
    return f"{board.pk}-{sums['n'] or 0}-{sums['first'] or 0}-{sums['second'] or 0}"


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A row of the whole board for other programs; parts are 0-100 or None where unknown."""

    rank: int
    username: str
    name: str
    title: str
    score: float
    parts: Mapping[str, float | None]
    submitted_at: datetime
    entry_id: UUID


def export_rows(board: Board) -> Iterator[ExportRow]:
    """Yield the whole board in order, reading some rows at a time."""
    rows = (
        BoardRow.objects.filter(board=board)
        .order_by("-tenths", "submitted_at", "entry_id")
        .select_related("entry__participant", "submission")
        .iterator(chunk_size=ROWS_PER_QUERY)
    )
    above, rank, previous = 0, 0, -1
    while chunk := list(islice(rows, ROWS_PER_QUERY)):
        parts = _parts(board, [row.submission_id for row in chunk])
        for row in chunk:
            above += 1
            if row.tenths != previous:
                rank, previous = above, row.tenths
            yield _export_row(rank, row, parts.get(row.submission_id, {}))


def _export_row(rank: int, row: BoardRow, parts: Mapping[str, Any]) -> ExportRow:
    person, piece = row.entry.participant, row.submission
    return ExportRow(
        rank=rank,
        username=person.username,
        name=person.public_name,
        title=piece.title if piece.content == Content.ACCEPTED else "",
        score=row.score,
        parts={name: parts[name]["value"] if name in parts else None for name in PARTS},
        submitted_at=row.submitted_at,
        entry_id=row.entry_id,
    )
