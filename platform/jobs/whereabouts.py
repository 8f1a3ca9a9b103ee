"""Names for worker processes that tell whether the process still lives.

A name is `<place>/<parent>/<process>`, each process as `<pid>.<start time>`. The place is the
machine and its set of process ids, so that nobody judges a process in another container.
"""

import os
import socket
from functools import cache
from pathlib import Path


@cache
def place() -> str:
    """Return a name for this machine, or for this container on it."""
    try:
        pids = os.stat("/proc/self/ns/pid").st_ino
    except OSError:  # not Linux
        pids = 0
    return f"{socket.gethostname()[:80]}:{pids}"


def my_name() -> str:
    """Return this process's name."""
    return f"{family(os.getppid())}/{_stamp(os.getpid())}"


def family(parent: int) -> str:
    """Return what the names of all children of the process `parent` begin with."""
    return f"{place()}/{_stamp(parent)}"


def is_gone(worker: str) -> bool:
    """Return whether the process called `worker` is known to have died; False when in doubt."""
    home, _, rest = worker.partition("/")
    pid, _, started = rest.rpartition("/")[2].partition(".")
    if home != place() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return started not in {"", "0"} and _started(int(pid)) not in {started, "0"}


def _stamp(pid: int) -> str:
    return f"{pid}.{_started(pid)}"


def _started(pid: int) -> str:
    """Return when a process started, in ticks since boot: a pid alone may be used again.

    A zombie has died, whatever its parent is doing; it counts as started never.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "0"
    return "dead" if fields[0] in {"Z", "X"} else fields[19]
