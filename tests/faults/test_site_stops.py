"""`manage.py up` keeps the site's processes running, and leaves none behind."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from jobs.models import Job
from tests.faults.running import (
    Running,
    assert_each_succeeded_once,
    leased_job,
    make_jobs,
    wait_for_the_end,
    wait_until,
)

pytestmark = pytest.mark.faults


def processes() -> dict[int, tuple[int, str]]:
    """Return parent and command of every living process."""
    listed = subprocess.run(
        ["ps", "-ww", "-A", "-o", "pid=,ppid=,stat=,args="],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = [line.split(None, 3) for line in listed.splitlines()]
    return {int(r[0]): (int(r[1]), r[3]) for r in rows if len(r) == 4 and r[2][0] != "Z"}


def descendants(pid: int) -> set[int]:
    everyone, found = processes(), {pid}
    while more := {p for p, (parent, _) in everyone.items() if parent in found} - found:
        found |= more
    return found - {pid}


def gone(pids: set[int]) -> bool:
    return not pids & set(processes())


@pytest.fixture
def site(running: Running) -> Iterator[subprocess.Popen[bytes]]:
    """The site without web server, at work on a job that takes long."""
    process = running.start("django", "up", "--no-web", "--workers", "1")
    make_jobs(1, "deaf", seconds=1.5)
    leased_job()
    assert len(descendants(process.pid)) >= 4, "guardian, worker, its child, sweeper"
    yield process
    family = descendants(process.pid)  # none if the test stopped the site
    process.kill()
    process.wait()
    wait_until(lambda: gone(family), "the guardian has ended what was left")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_every_process(site: subprocess.Popen[bytes], number: int) -> None:
    family = descendants(site.pid)

    start = time.monotonic()
    site.send_signal(number)
    assert site.wait(10) == 0

    assert time.monotonic() - start < 5
    assert gone(family)


def test_a_killed_supervisor_leaves_no_orphan(site: subprocess.Popen[bytes]) -> None:
    family = descendants(site.pid)

    site.kill()
    site.wait()

    wait_until(lambda: gone(family), "every process is gone", 10)


def test_a_killed_guardian_is_replaced(site: subprocess.Popen[bytes]) -> None:
    def guardian() -> set[int]:
        family, everyone = descendants(site.pid), processes()
        return {p for p in family & set(everyone) if "jobs.guardian" in everyone[p][1]}

    [first] = guardian()
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: guardian() - {first}, "there is another guardian", 5)
    family = descendants(site.pid)

    site.kill()
    site.wait()

    wait_until(lambda: gone(family), "every process is gone", 10)


def test_a_killed_worker_is_started_again(running: Running, site: subprocess.Popen[bytes]) -> None:
    everyone = processes()
    [worker] = [pid for pid in descendants(site.pid) if everyone[pid][0] == site.pid
                and "score,light" in everyone[pid][1]]  # fmt: skip

    os.killpg(worker, signal.SIGKILL)
    wait_for_the_end()

    assert_each_succeeded_once()
    assert Job.objects.get().attempt == 2
    assert "The worker process was killed by signal 9; starting it again" in running.logs()
