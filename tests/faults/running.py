"""The running site as real processes, and means to break it."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from jobs import services
from jobs.models import Job, JobEvent, JobLog
from jobs.states import FINAL, State

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING")


def wait_until(happened: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < deadline, f"waited {patience} s in vain: {what}"
        time.sleep(0.02)


def database_url() -> str:
    """Return the address of the database that this test uses."""
    at = settings.DATABASES["default"]
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgresql://{at['USER']}@{at['HOST']}:{at['PORT'] or 5432}/{name}"


class Running:
    """Workers and sweepers of one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "COUNTERPOINT_DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        }

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{len(self.processes)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def start_worker(self, children: int = 2, queue: str = "score") -> subprocess.Popen[bytes]:
        flags = ("-Q", queue, "-c", str(children))
        return self.start("celery", "-q", "-A", "workers", "worker", *flags, *QUIET)

    def start_sweeper(self) -> subprocess.Popen[bytes]:
        return self.start("django", "sweep", "--every", "0.2")

    def signal(self, process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        """Send a signal to a process and all its children."""
        os.killpg(process.pid, number)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        self.signal(process, signal.SIGKILL)
        process.wait()

    def stop_all(self) -> None:
        for process in self.processes:
            try:
                self.kill(process)
            except ProcessLookupError:
                process.wait()

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))


def make_jobs(count: int, kind: str = "slow", **payload: object) -> list[Job]:
    return [
        services.enqueue(kind=f"fault-{kind}", payload=payload, now=timezone.now())
        for _ in range(count)
    ]


def leased_job() -> Job:
    """Wait for a job that is being worked on."""
    wait_until(Job.objects.leased().exists, "a job is leased")
    job = Job.objects.leased().first()
    return job if job is not None else leased_job()


def all_ended() -> bool:
    return not Job.objects.open().exists()


def wait_for_the_end(patience: float = PATIENCE) -> None:
    wait_until(all_ended, "every job ends", patience)


def assert_each_succeeded_once() -> None:
    """Every job ended once, as a success, and its record counted once."""
    assert Counter(Job.objects.values_list("state", flat=True)) == {
        State.SUCCEEDED: Job.objects.count()
    }
    for line in ("recorded", "ended"):
        lines = JobLog.objects.filter(line=line).values_list("job_id", flat=True)
        assert sorted(lines) == sorted(Job.objects.values_list("pk", flat=True)), line
    ends = JobEvent.objects.filter(to_state__in=FINAL).exclude(name="fenced_out")
    assert ends.count() == Job.objects.count()


def child_of(job: Job) -> int:
    """Return the process that works on a leased job."""
    return int(job.worker.rpartition("/")[2].partition(".")[0])


def wipe_broker() -> None:
    """Lose every ring that was not heard yet."""
    if settings.CELERY_BROKER_URL.startswith("redis"):
        redis.Redis.from_url(settings.CELERY_BROKER_URL).flushdb()
        return
    rings = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])
    for ring in rings.glob("*"):
        ring.unlink(missing_ok=True)
