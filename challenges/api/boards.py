"""`rounds/<slug>/leaderboard/`."""

from typing import Any

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.rest import address, problems
from challenges.api.common import viewer_of
from challenges.models import Board
from challenges.selectors.boards import (
    PAGE_SIZE,
    BadCursor,
    BoardPage,
    RankedRow,
    board_page,
    own_row,
    public_board,
)
from challenges.selectors.visibility import board_stands_still, is_organizer, rounds_for

MAX_PAGE_SIZE = 200
EMPTY = BoardPage(rows=[], after=None, before=None, total=0)


class BoardRowOutput(serializers.Serializer[RankedRow]):
    """An entry's place."""

    rank = serializers.IntegerField()
    entry = serializers.UUIDField(source="row.entry_id")
    entry_url = serializers.SerializerMethodField()
    participant = serializers.CharField(source="row.entry.participant.username")
    participant_name = serializers.CharField(source="row.entry.participant.public_name")
    submission = serializers.UUIDField(source="row.submission_id")
    title = serializers.CharField(source="row.submission.title")
    score = serializers.FloatField(source="row.score")
    submitted_at = serializers.DateTimeField(source="row.submitted_at")

    def get_entry_url(self, ranked: RankedRow) -> str:
        """Return the entry's address."""
        return address(self.context["request"], "entry", pk=ranked.row.entry_id)


class BoardOutput(serializers.Serializer[Any]):
    """A page of the leaderboard, best first. Equal scores share a rank, as in 1, 2, 2, 4."""

    round = serializers.SlugField()
    revision = serializers.IntegerField(allow_null=True, help_text="The scoring revision shown.")
    frozen = serializers.BooleanField(help_text="Whether this is the board as of the freeze.")
    total = serializers.IntegerField(help_text="Rows of the whole board, whatever the search.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    own = BoardRowOutput(allow_null=True, help_text="The caller's row, whichever page it is on.")
    results = BoardRowOutput(many=True)


class BoardQuery(serializers.Serializer[Any]):
    """How to page through the board."""

    after = serializers.CharField(required=False, max_length=200)
    before = serializers.CharField(required=False, max_length=200)
    search = serializers.CharField(required=False, max_length=80, allow_blank=True, default="")
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_PAGE_SIZE, default=PAGE_SIZE
    )
    live = serializers.BooleanField(
        required=False, default=False, help_text="Organizers: the live board behind a frozen one."
    )


class Leaderboard(APIView):
    """A round's public board; after a freeze it stands still until the results."""

    @extend_schema(
        operation_id="rounds_leaderboard",
        parameters=[BoardQuery, OpenApiParameter("slug", str, OpenApiParameter.PATH)],
        responses={200: BoardOutput, **problems(400, 404, 429)},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Read a page of the leaderboard."""
        round_ = get_object_or_404(rounds_for(viewer_of(request)), slug=slug)
        query = BoardQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        live = query.validated_data["live"] and is_organizer(viewer_of(request))
        board = round_.live_board if live else public_board(round_)
        page = _page(board, query.validated_data)
        viewer = viewer_of(request)
        own = own_row(board=board, user=viewer) if isinstance(viewer, User) else None
        body = {
            "round": round_.slug,
            "revision": board and board.revision.number,
            "frozen": board_stands_still(round_, timezone.now()) and not live,
            "total": page.total,
            "next": _page_address(request, after=page.after),
            "previous": _page_address(request, before=page.before),
            "own": own,
            "results": page.rows,
        }
        return Response(BoardOutput(body, context={"request": request}).data)


def _page(board: Board | None, query: dict[str, Any]) -> BoardPage:
    if board is None:
        return EMPTY
    try:
        return board_page(
            board=board,
            after=query.get("after"),
            before=query.get("before"),
            search=query["search"],
            size=query["page_size"],
        )
    except BadCursor as error:
        raise serializers.ValidationError({"after": [str(error)]}) from error


def _page_address(request: Request, **cursor: str | None) -> str | None:
    """Return the address of a neighbouring page with the same search, or None without one."""
    name, value = next(iter(cursor.items()))
    if value is None:
        return None
    query = QueryDict(request.META.get("QUERY_STRING", ""), mutable=True)
    for stale in ("after", "before"):
        query.pop(stale, None)
    query[name] = value
    return f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"
