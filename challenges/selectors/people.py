"""People as their public pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from challenges.models import BoardRow, Entry, Round, ScoreTally, Submission
from challenges.selectors.visibility import PUBLIC_BOARD, Viewer, entries_for, sees_all_of
from challenges.sketches import RankHistory, rank_history

LONGEST_HISTORY = 12


@dataclass(frozen=True, slots=True)
class Result:
    """Somebody's place in one round. Without a place (`rank` None) only they and organizers see it.

    `score` is 0-100; `of` counts the entries of the public board.
    """

    entry: Entry
    title: str
    rank: int | None
    score: float | None
    of: int

    @property
    def round(self) -> Round:
        """The round it belongs to."""
        return self.entry.round


def results_of(*, person: User, viewer: Viewer) -> list[Result]:
    """Return a person's entries that the viewer may see with their public places, newest first.

    Four queries, however many entries there are.
    """
    entries = list(
        entries_for(viewer)
        .filter(participant=person, round__published_at__isnull=False)
        .annotate(shown_on=PUBLIC_BOARD)
        .order_by("-round__closes_at", "-round__pk")
    )
    places = _places(entries)
    titles = _latest_titles([e for e in entries if e.pk not in places and sees_all_of(viewer, e)])
    return [
        Result(
            entry=entry,
            title=place.submission.title if place else titles.get(entry.pk, ""),
            rank=place.above + 1 if place else None,  # type: ignore[attr-defined]
            score=place.score if place else None,
            of=place.of if place else 0,  # type: ignore[attr-defined]
        )
        for entry in entries
        for place in [places.get(entry.pk)]
    ]


def _places(entries: Sequence[Entry]) -> dict[object, BoardRow]:
    """Return the rows of the entries' public boards, with how many rows are above and in all."""
    boards = [entry.shown_on for entry in entries]  # type: ignore[attr-defined]
    rows = (
        BoardRow.objects.filter(entry__in=entries, board__in=boards)
        .select_related("submission")
        .annotate(
            above=_count(ScoreTally.objects.filter(tenths__gt=OuterRef("tenths"))),
            of=_count(ScoreTally.objects.all()),
        )
    )
    return {row.entry_id: row for row in rows}


def _count(tallies: QuerySet[ScoreTally]) -> Coalesce:
    summed = (
        tallies.filter(board=OuterRef("board"))
        .order_by()
        .values("board")
        .annotate(total=Sum("count"))
        .values("total")
    )
    return Coalesce(Subquery(summed, output_field=IntegerField()), Value(0))


def _latest_titles(entries: Sequence[Entry]) -> dict[object, str]:
    submissions = Submission.objects.filter(entry__in=entries).order_by("number")
    return dict(submissions.values_list("entry_id", "title"))


def history_of(results: Sequence[Result]) -> RankHistory | None:
    """Return the drawing of a person's ranks over time; None below two results."""
    placed = [r for r in reversed(results) if r.rank is not None]
    if len(placed) < 2:
        return None
    shown = placed[-LONGEST_HISTORY:]
    return rank_history([(f"{r.round.opens_at:%b %Y}", r.rank or 0, r.of) for r in shown])
