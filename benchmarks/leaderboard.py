"""How long a board's pages and ranks take in the database, and how that grows with the board.

`python -m benchmarks.leaderboard [--sizes 10000,100000,1000000]` needs a PostgreSQL server, by
default the one on this machine (`COUNTERPOINT_BENCH_SERVER`).
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.database import bench_database
from benchmarks.report import show, summary

RUNS = 300
SIZES = (10_000, 100_000, 1_000_000)

FILL = """
SET session_replication_role = replica;
INSERT INTO accounts_user (username, email, password, display_name, bio, timezone, first_name,
    last_name, is_superuser, is_staff, is_active, is_organizer, is_judge, session_epoch,
    date_joined)
SELECT 'p' || i, 'p' || i || '@example.org', '!', '', '', '', '', '', false, false, true, false,
    false, 0, now()
FROM generate_series(%(first)s, %(last)s) AS i ON CONFLICT DO NOTHING;

INSERT INTO challenges_entry (id, round_id, participant_id, created_at)
SELECT gen_random_uuid(), %(round)s, id, now() FROM accounts_user
WHERE username BETWEEN 'p' AND 'q' AND id NOT IN (
    SELECT participant_id FROM challenges_entry WHERE round_id = %(round)s)
ORDER BY id LIMIT %(count)s;

INSERT INTO challenges_submission (id, entry_id, round_id, number, title, statement, licence,
    lineage, submitted_at, midi_key, midi_sha256, midi_size, music_hash, seconds, n_notes, n_tracks,
    content, eligibility, eligibility_reason, features_version, request_sha256)
SELECT gen_random_uuid(), e.id, %(round)s, 1, 'Piece of ' || e.participant_id, '', 'cc0-1.0', '[]',
    now() - random() * interval '30 days', 'midi/x.mid', md5(e.id::text), 1000, md5(e.id::text), 60,
    300, 4, 'accepted', 'eligible', '', '', ''
FROM challenges_entry e WHERE e.round_id = %(round)s
    AND NOT EXISTS (SELECT 1 FROM challenges_submission s WHERE s.entry_id = e.id);

INSERT INTO challenges_boardrow (board_id, entry_id, submission_id, tenths, submitted_at)
SELECT %(board)s, s.entry_id, s.id,
    least(1000, greatest(0, (620 + 160 * (random() + random() + random() - 1.5))::int)),
    s.submitted_at
FROM challenges_submission s WHERE s.round_id = %(round)s
    AND NOT EXISTS (SELECT 1 FROM challenges_boardrow b WHERE b.entry_id = s.entry_id
                    AND b.board_id = %(board)s);

DELETE FROM challenges_scoretally WHERE board_id = %(board)s;
INSERT INTO challenges_scoretally (board_id, tenths, count)
SELECT board_id, tenths, count(*) FROM challenges_boardrow WHERE board_id = %(board)s
GROUP BY board_id, tenths;
SET session_replication_role = origin;
"""


def main() -> None:
    """Fill boards of growing size and measure the selectors that the site uses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    with bench_database("leaderboard"):
        board = make_board()
        figures = {}
        for size in sizes:
            fill(board, size)
            figures[str(size)] = measure(board)
    show("leaderboard", {"by_entries": figures, "growth": growth(figures)})


def make_board() -> Any:
    """Return the empty board of a round."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.services import create_person
    from challenges.services.rounds import Dates, create_challenge, create_round

    now = timezone.now()
    actor = create_person(username="olga", email="o@example.org", password=None)
    challenge = create_challenge(actor=actor, now=now, slug="bench", title="Bench", brief="")
    dates = Dates(opens_at=now, closes_at=now + timedelta(days=30))
    round_ = create_round(challenge=challenge, dates=dates, title="Bench", actor=actor, now=now)
    return round_.live_board


def fill(board: Any, size: int) -> None:
    """Add rows until the board has `size` of them, with scores spread as real ones are."""
    from django.db import connection

    with connection.cursor() as cursor:
        present = board.rows.count()
        values = {
            "first": present + 1,
            "last": size,
            "count": size - present,
            "round": board.round_id,
            "board": board.pk,
        }
        for statement in FILL.split(";"):
            if statement.strip():
                cursor.execute(statement, values)
        for table in ("accounts_user", "challenges_entry", "challenges_submission"):
            cursor.execute(f"ANALYZE {table}")
        cursor.execute("VACUUM ANALYZE challenges_boardrow")
        cursor.execute("VACUUM ANALYZE challenges_scoretally")


def measure(board: Any) -> dict[str, Any]:
    """Return, for each question the site asks of a board, the time and queries it takes."""
    from challenges.models import BoardRow
    from challenges.selectors.boards import board_page, cursor_of, own_row

    size = board.rows.count()
    keys = list(BoardRow.objects.filter(board=board).order_by("?")[:RUNS])
    people = [row.entry.participant for row in keys[:RUNS]]
    cursors = [cursor_of(row) for row in keys]
    dice = random.Random(1)
    return {
        "entries": size,
        "top_50": in_database(lambda: board_page(board=board)),
        "any_page_after": in_database(lambda: board_page(board=board, after=dice.choice(cursors))),
        "any_page_before": in_database(
            lambda: board_page(board=board, before=dice.choice(cursors))
        ),
        "own_rank": in_database(lambda: own_row(board=board, user=dice.choice(people))),
    }


def in_database(ask: Callable[[], object]) -> dict[str, Any]:
    """Return how long the database took for all queries of one question, and their number."""
    spent: list[float] = []
    counts: set[int] = set()
    for _ in range(20):
        ask()
    for _ in range(RUNS):
        with watched() as queries:
            ask()
        spent.append(sum(queries))
        counts.add(len(queries))
    return {**summary(spent), "queries": sorted(counts)}


@contextmanager
def watched() -> Iterator[list[float]]:
    """Collect the duration of every query, in seconds, its results' way to Python included."""
    from django.db import connection

    durations: list[float] = []

    def stopwatch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            durations.append(time.perf_counter() - began)

    with connection.execute_wrapper(stopwatch):
        yield durations


def growth(figures: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Return how many times longer the median takes on the largest board than on the smallest."""
    first, last = figures[min(figures, key=int)], figures[max(figures, key=int)]
    questions = [name for name in first if name != "entries"]
    return {q: round(last[q]["median_ms"] / first[q]["median_ms"], 2) for q in questions}


if __name__ == "__main__":
    main()
