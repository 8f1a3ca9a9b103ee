"""Keeping boards in step with scores and decisions."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from challenges.models import Board, BoardRow, Entry, Round, Score, ScoreTally
from challenges.models.challenge import Counting
from challenges.models.entry import ELIGIBLE, Content
from challenges.models.score import CURRENT


def refresh_rows(*, entry: Entry, now: datetime) -> None:
    """Bring the entry's row up to date on every board that still moves.

    Call it in the transaction of the change, with the entry's row locked.
    """
    round_ = pin_board(round_=entry.round, now=now)
    if round_.finalized_at is not None:
        return
    moving = round_.boards.filter(pinned_at__isnull=True, revision__state__in=CURRENT)
    for board in moving.order_by("pk"):
        refresh_row(board, entry)


def pin_board(*, round_: Round, now: datetime) -> Round:
    """Keep a copy of the live board before its first change after the freeze.

    Returns the round as it is now. Until such a change the live board is itself what everybody
    saw at the freeze, so nothing needs to happen at the freeze itself.
    """
    if not _wants_pin(round_, now):
        return round_
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    if not _wants_pin(round_, now) or round_.live_board is None:
        return round_
    round_.frozen_board = copy_board(round_.live_board, now)
    round_.save(update_fields=["frozen_board"])
    return round_


def _wants_pin(round_: Round, now: datetime) -> bool:
    return (
        round_.frozen_board_id is None
        and round_.freeze_at is not None
        and round_.freeze_at <= now
        and round_.results_at is None
    )


def copy_board(board: Board, now: datetime) -> Board:
    """Return a copy of a board that stands still."""
    copy = Board.objects.create(round=board.round, revision=board.revision, pinned_at=now)
    rows = board.rows.values("entry_id", "submission_id", "tenths", "submitted_at")
    BoardRow.objects.bulk_create((BoardRow(board=copy, **row) for row in rows), batch_size=2000)
    tallies = board.tallies.values("tenths", "count")
    ScoreTally.objects.bulk_create(ScoreTally(board=copy, **tally) for tally in tallies)
    return copy


def refresh_row(board: Board, entry: Entry) -> None:
    """Bring the entry's row on one board up to date, with the entry's row locked."""
    counting = counting_scores(
        entries=[entry], counting=entry.round.counting, revision_id=board.revision_id
    ).get(entry.pk)
    row = BoardRow.objects.filter(board=board, entry=entry).first()
    change: Counter[int] = Counter()
    if row is not None:
        change[row.tenths] -= 1
    if counting is None:
        if row is not None:
            row.delete()
    else:
        change[counting.tenths] += 1
        BoardRow.objects.update_or_create(
            board=board,
            entry=entry,
            defaults={
                "submission_id": counting.submission_id,
                "tenths": counting.tenths,
                "submitted_at": counting.submission.submitted_at,
            },
        )
    tally(board, change)


def counting_scores(
    *, entries: Sequence[Entry], counting: str, revision_id: int
) -> dict[UUID, Score]:
    """Return, by entry, the score of the submission that counts under a revision."""
    scores = Score.objects.filter(
        revision_id=revision_id,
        submission__entry__in=entries,
        submission__content=Content.ACCEPTED,
        submission__eligibility__in=ELIGIBLE,
    ).select_related("submission")
    by_entry: defaultdict[UUID, list[Score]] = defaultdict(list)
    for score in scores.defer("parts", "metrics", "submission__features"):
        by_entry[score.submission.entry_id].append(score)
    picked = {entry.pk: entry.picked_id for entry in entries}
    return {
        entry_id: choose(candidates, counting=counting, picked=picked[entry_id])
        for entry_id, candidates in by_entry.items()
    }


def choose(candidates: Sequence[Score], *, counting: str, picked: UUID | None) -> Score:
    """Return the one of an entry's scores that counts, by the round's rule."""
    if counting == Counting.LATEST:
        return max(candidates, key=lambda score: score.submission.number)
    if counting == Counting.PICKED:
        chosen = [score for score in candidates if score.submission_id == picked]
        if chosen:
            return chosen[0]
    return min(candidates, key=lambda score: (-score.tenths, score.submission.submitted_at))


def tally(board: Board, change: Counter[int]) -> None:
    """Add to a board's histogram of scores.

    Rows are taken in one order, lowest score first, so that two workers cannot deadlock.
    """
    for tenths in sorted(score for score, n in change.items() if n):
        ScoreTally.objects.get_or_create(board=board, tenths=tenths)
        ScoreTally.objects.filter(board=board, tenths=tenths).update(
            count=F("count") + change[tenths]
        )
