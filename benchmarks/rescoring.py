"""How many entries a second one core scores anew under another rule.

`python -m benchmarks.rescoring [--entries 10000]` needs a PostgreSQL server, by default the one on
this machine (`COUNTERPOINT_BENCH_SERVER`). Every entry has one submission with stored features.
"""

import argparse
import time
from typing import Any

from benchmarks.database import bench_database
from benchmarks.report import show


def main() -> None:
    """Fill a round, rescore it in this process as a worker would, and print the rate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    entries = parser.parse_args().entries
    with bench_database("rescoring"):
        figures = measure(entries)
    show("rescoring", figures)


def measure(entries: int) -> dict[str, Any]:
    """Return the time that rescoring a round of `entries` entries takes."""
    from django.utils import timezone

    from benchmarks.leaderboard import fill, make_board
    from challenges.models import BoardRow, Round
    from challenges.services.revisions import start_revision

    board = make_board()
    fill(board, entries)
    give_features(board.round)
    round_ = Round.objects.get(pk=board.round_id)
    round_.published_at = timezone.now()
    round_.save(update_fields=["published_at"])
    revision = start_revision(
        round_=round_,
        actor=round_.challenge.created_by,
        reason="Measurement",
        now=timezone.now(),
        scoring_rule="sum",
        scoring_config={},
        style="chorale",
    )
    wall, cpu = run_jobs()
    rows = BoardRow.objects.filter(board__revision=revision).count()
    return {
        "entries": entries,
        "rescored": rows,
        "wall_s": round(wall, 2),
        "cpu_s": round(cpu, 2),
        "entries_per_s": round(rows / wall),
        "entries_per_cpu_s": round(rows / cpu),
    }


def give_features(round_: Any) -> None:
    """Store the raw values of one real measurement with every submission of a round."""
    from benchmarks.material import typical_piece
    from challenges.models import Submission
    from ml.metrics import features

    measured = features(typical_piece(1))
    Submission.objects.filter(round=round_).update(
        features=dict(measured.values),
        features_version=measured.version,
        originality={"share": 0.05, "nearest": None, "passages": []},
    )


def run_jobs() -> tuple[float, float]:
    """Do all jobs of the queue here; return wall and CPU seconds."""
    import workers.scoring  # noqa: F401 - registers the handlers
    from workers.runner import work_once

    began, cpu = time.perf_counter(), time.process_time()
    while work_once("score", "benchmark"):
        pass
    return time.perf_counter() - began, time.process_time() - cpu


if __name__ == "__main__":
    main()
