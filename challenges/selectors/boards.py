"""Reading boards: pages by key, exact ranks from the histogram of scores."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from challenges.models import Board, BoardRow, Entry, Round

PAGE_SIZE = 50
HIGHEST_TENTHS = 1000
LONGEST_CURSOR = 200


@dataclass(frozen=True, slots=True)
class RankedRow:
    """A row of the board with its place. Equal scores share a rank, as in 1, 2, 2, 4."""

    rank: int
    row: BoardRow


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Some consecutive rows, and the cursors of the neighbouring pages (None at the ends)."""

    rows: list[RankedRow]
    after: str | None
    before: str | None
    total: int


class BadCursor(ValueError):
    """The cursor was not made by this site."""


def public_board(round_: Round) -> Board | None:
    """Return the board that the public sees: the pinned one from the freeze to the results."""
    frozen = round_.frozen_board_id is not None and round_.results_at is None
    return round_.frozen_board if frozen else round_.live_board


def board_page(
    *,
    board: Board,
    after: str | None = None,
    before: str | None = None,
    search: str = "",
    size: int = PAGE_SIZE,
) -> BoardPage:
    """Return a page of the board, from the best entry on or next to a cursor.

    `search` keeps the rows whose title or participant contains it; ranks stay those of the whole
    board.

    :raises BadCursor: if a cursor is not one that an earlier page gave
    """
    rows = _with_names(BoardRow.objects.filter(board=board))
    if search:
        rows = rows.filter(
            Q(submission__title__icontains=search)
            | Q(entry__participant__username__icontains=search)
            | Q(entry__participant__display_name__icontains=search)
        )
    if before:
        found = _beyond(rows, before, limit=size + 1, backwards=True)
        page = found[:size][::-1]
        more_before, more_after = len(found) > size, True
    else:
        ahead = _in_order(rows)[: size + 1]
        found = _beyond(rows, after, limit=size + 1) if after else list(ahead)
        page = found[:size]
        more_before, more_after = bool(after), len(found) > size
    return BoardPage(
        rows=_ranked(board, page),
        after=cursor_of(page[-1]) if page and more_after else None,
        before=cursor_of(page[0]) if page and more_before else None,
        total=board_size(board),
    )


def _with_names(rows: QuerySet[BoardRow]) -> QuerySet[BoardRow]:
    """Bring along who and what stands in each row, without the measurements behind it."""
    named = rows.select_related("entry__participant", "submission")
    return named.defer("submission__features", "submission__originality", "submission__statement")


def _in_order(rows: QuerySet[BoardRow], *, backwards: bool = False) -> QuerySet[BoardRow]:
    if backwards:
        return rows.order_by("tenths", "-submitted_at", "-entry_id")
    return rows.order_by("-tenths", "submitted_at", "entry_id")


def _beyond(
    rows: QuerySet[BoardRow], cursor: str, *, limit: int, backwards: bool = False
) -> list[BoardRow]:
    """Return the first rows after (or before) the one that the cursor names.

    Rows with the same score are asked for by themselves: thousands may share it, and only so can
    the database begin in the middle of them.
    """
    tenths, submitted_at, entry_id = read_cursor(cursor)
    if backwards:
        tied = rows.filter(tenths=tenths, submitted_at__lte=submitted_at).filter(
            Q(submitted_at__lt=submitted_at) | Q(entry_id__lt=entry_id)
        )
        other = rows.filter(tenths__gt=tenths)
    else:
        tied = rows.filter(tenths=tenths, submitted_at__gte=submitted_at).filter(
            Q(submitted_at__gt=submitted_at) | Q(entry_id__gt=entry_id)
        )
        other = rows.filter(tenths__lt=tenths)
    found = list(_in_order(tied, backwards=backwards)[:limit])
    if len(found) < limit:
        found += _in_order(other, backwards=backwards)[: limit - len(found)]
    return found


def cursor_of(row: BoardRow) -> str:
    """Return the cursor that names a row's place."""
    key = [row.tenths, row.submitted_at.isoformat(), str(row.entry_id)]
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[int, datetime, UUID]:
    """Return the key that a cursor stands for.

    :raises BadCursor: if it is none of this site's
    """
    try:
        return _decoded(cursor)
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error) as error:
        raise BadCursor(_("This page of the board does not exist.")) from error


def _decoded(cursor: str) -> tuple[int, datetime, UUID]:
    if len(cursor) > LONGEST_CURSOR:
        raise ValueError(_("Too long to be one of ours."))
    padded = cursor + "=" * (-len(cursor) % 4)
    tenths, submitted_at, entry_id = json.loads(base64.urlsafe_b64decode(padded))
    if not 0 <= tenths <= HIGHEST_TENTHS:
        raise ValueError(_("No score is that high or low."))
    return int(tenths), datetime.fromisoformat(submitted_at).astimezone(UTC), UUID(entry_id)


def _ranked(board: Board, rows: list[BoardRow]) -> list[RankedRow]:
    ranks = ranks_of(board, {row.tenths for row in rows})
    return [RankedRow(ranks[row.tenths], row) for row in rows]


def ranks_of(board: Board, scores: set[int]) -> dict[int, int]:
    """Return the exact rank of each of some scores: one more than the rows above it."""
    if not scores:
        return {}
    tallies = list(
        board.tallies.filter(tenths__gte=min(scores), count__gt=0)
        .order_by("-tenths")
        .values_list("tenths", "count")
    )
    ranks: dict[int, int] = {}
    above = 0
    for tenths, count in tallies:
        if tenths in scores:
            ranks[tenths] = above + 1
        above += count
    return ranks


def board_size(board: Board) -> int:
    """Return how many rows a board has, without counting them one by one."""
    return board.tallies.aggregate(total=Sum("count"))["total"] or 0


def own_row(*, board: Board | None, user: User) -> RankedRow | None:
    """Return a participant's row and exact rank, or None without one."""
    if board is None or not user.is_authenticated:
        return None
    row = _with_names(BoardRow.objects.filter(board=board, entry__participant=user)).first()
    return _ranked(board, [row])[0] if row else None


def row_of(*, board: Board | None, entry: Entry) -> RankedRow | None:
    """Return an entry's row and exact rank on a board, or None if it is not there."""
    row = BoardRow.objects.filter(board=board, entry=entry).first() if board else None
    return _ranked(board, [row])[0] if board and row else None
