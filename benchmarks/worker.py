"""How long a cold worker takes from its start to its first score.

`python -m benchmarks.worker` starts a worker process beside a waiting submission, embedded.
"""

import os
import subprocess
import sys
import tempfile

RUNS = 3


def main() -> None:
    """Measure some cold starts."""
    from benchmarks.report import show, summary

    show("worker", {"cold_start_to_first_score": summary([_cold_start() for _ in range(RUNS)])})


def _cold_start() -> float:
    with tempfile.TemporaryDirectory() as folder:
        values = os.environ | {"COUNTERPOINT_DATA_DIR": folder}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.worker", "--once"],
            env=values,
            capture_output=True,
            text=True,
            check=True,
        )
    return float(done.stdout.split()[-1])


def _once() -> float:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks.material import typical_piece
    from benchmarks.uploads import wait_for
    from challenges.models import Score
    from challenges.services.submitting import Piece, submit
    from config.demo.people import participant
    from config.demo.run import open_round
    from jobs.processes import Supervisor, worker

    call_command("migrate", verbosity=0)
    submit(
        round_=open_round(timezone.now()),
        participant=participant("ben"),
        piece=Piece(upload=typical_piece(1).to_midi(), title="Cold"),
        received_at=timezone.now(),
    )
    with Supervisor([worker(processes=1)], say=sys.stderr.write):
        return wait_for(lambda: Score.objects.exists(), 60)


if __name__ == "__main__":
    if "--once" in sys.argv:
        print(_once())
    else:
        main()
