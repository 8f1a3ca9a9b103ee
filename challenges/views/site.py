"""`/`: this month's round as the title page of a score."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from challenges.selectors.boards import board_size, public_board
from challenges.selectors.lines import LEADERS, top_lines
from challenges.selectors.rounds import coming_rounds, current_round


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the round to enter now, its leading entries, and how to take part."""
    now = timezone.now()
    round_ = current_round(now)
    board = public_board(round_) if round_ else None
    context = {
        "now": now,
        "entries": board_size(board) if board else 0,
        "round": round_,
        "phase": round_ and round_.phase(now),
        "leaders": top_lines(round_=round_, size=LEADERS) if round_ else [],
        "coming": next((r for r in coming_rounds(now)[:2] if r != round_), None),
    }
    return render(request, "site/home.html", context)
