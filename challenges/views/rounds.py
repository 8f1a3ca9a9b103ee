"""`/rounds/…`: lists of rounds, a round, its leaderboard and the leaderboard as CSV."""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.models import User
from challenges.models import Board, Round
from challenges.scoring import PARTS
from challenges.selectors.boards import BadCursor, board_page, board_size, public_board
from challenges.selectors.entries import own_standings
from challenges.selectors.lines import (
    ExportRow,
    Line,
    board_mark,
    export_rows,
    lines_of,
    own_line,
    top_lines,
)
from challenges.selectors.rounds import coming_rounds, open_rounds, past_rounds
from challenges.selectors.submissions import quota_of
from challenges.views.common import round_or_404
from challenges.wording import rules_in_words
from learning.selectors import capsule_for_technique

LONGEST_SEARCH = 80
KEPT_SECONDS = 60
CSV_COLUMNS = (
    "rank",
    "user_name",
    "name",
    "title",
    "score",
    *PARTS,
    "submitted_at",
    "entry",
)
FORMULA_STARTS = tuple("=+-@＝＋－＠")


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """Show the rounds that are open, those to come and those that are over."""
    now = timezone.now()
    groups = {"open": open_rounds(now), "coming": coming_rounds(now), "past": past_rounds(now)}
    cards = {
        name: [{"round": round_, "phase": round_.phase(now)} for round_ in rounds]
        for name, rounds in groups.items()
    }
    return render(request, "rounds/list.html", cards)


@require_safe
def round_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a round: brief, facts, the viewer's own pieces, the best of its board."""
    now = timezone.now()
    round_ = round_or_404(request, slug)
    board = public_board(round_)
    context = {
        **round_context(request, round_, now),
        "rules": rules_in_words(round_),
        "capsules": [c for t in round_.techniques if (c := capsule_for_technique(t))],
        "standings": own_standings(round_=round_, viewer=request.user, now=now),
        "lines": top_lines(round_=round_),
        "own": own_line(round_=round_, viewer=request.user),
        "total": board_size(board) if board else 0,
    }
    return render(request, "rounds/round.html", context)


def round_context(request: HttpRequest, round_: Round, now: datetime) -> dict[str, Any]:
    """Return what every page of a round says about it and about the viewer's quota."""
    viewer = request.user
    return {
        "now": now,
        "round": round_,
        "phase": round_.phase(now),
        "takes": round_.takes_submissions(now),
        "paused": round_.paused_at is not None,
        "quota": (
            quota_of(round_=round_, participant=viewer, now=now)
            if isinstance(viewer, User)
            else None
        ),
    }


@require_safe
def leaderboard(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a page of a round's public board."""
    now = timezone.now()
    round_ = round_or_404(request, slug)
    board = public_board(round_)
    search = request.GET.get("search", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    own = own_line(round_=round_, viewer=request.user)
    context = {
        "now": now,
        "round": round_,
        "phase": round_.phase(now),
        "is_frozen": board is not None and board.pinned_at is not None,
        "search": search,
        "own": own,
        "total": board_size(board) if board else 0,
        "table": _table(request, board, search, own) if board else "",
    }
    return render(request, "rounds/leaderboard.html", context)


def _table(request: HttpRequest, board: Board, search: str, own: Line | None) -> str:
    """Return the rows as HTML. The first page, which most people read, is drawn once for them all.

    Whoever stands on the board gets a drawing of their own, with their row marked.
    """
    after, before = (request.GET.get(name, "") for name in ("after", "before"))
    key = f"board-{board_mark(board)}-{get_language()}"
    is_shared = not (after or before or search or own)
    if is_shared and (kept := cache.get(key)):
        return str(kept)
    try:
        page = board_page(board=board, after=after, before=before, search=search)
    except BadCursor as error:
        raise Http404(str(error)) from error
    context = {
        "lines": lines_of(board=board, rows=page.rows),
        "page": page,
        "own": own,
        "search": search,
        "is_first": not (after or before),
    }
    table = render_to_string("rounds/_table.html", context, request)
    if is_shared:
        cache.set(key, table, KEPT_SECONDS)
    return table


@require_safe
def leaderboard_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Send the whole public board as a table for other programs."""
    round_ = round_or_404(request, slug)
    board = public_board(round_)
    response = StreamingHttpResponse(
        _csv_lines(request, board), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{round_.slug}-leaderboard.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


class _Echo:
    """A file that hands back what is written to it, as csv.writer wants one."""

    def write(self, line: str) -> str:
        return line


def _csv_lines(request: HttpRequest, board: Board | None) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(CSV_COLUMNS)
    for row in export_rows(board) if board else ():
        yield writer.writerow([harmless(cell) for cell in _cells(request, row)])


def _cells(request: HttpRequest, row: ExportRow) -> list[str]:
    parts = ["" if row.parts[name] is None else f"{row.parts[name]:.1f}" for name in PARTS]
    address = request.build_absolute_uri(reverse("entry", kwargs={"pk": row.entry_id}))
    words = [str(row.rank), row.username, row.name, row.title, f"{row.score:.1f}"]
    return [*words, *parts, row.submitted_at.isoformat(), address]


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    starts_badly = cell.lstrip().startswith(FORMULA_STARTS) or cell[:1] in {"\t", "\r", "\n"}
    return f"'{cell}" if starts_badly else cell
