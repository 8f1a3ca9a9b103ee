"""Ends the site's processes if the one that started them is killed and cannot do it.

`python -m jobs.guardian` reads lines from its standard input: `+<pid>` for a process group to
watch, `-<pid>` for one that has ended. When the pipe closes, its other end is dead: whatever is
still listed is asked to stop, and killed some seconds later. This works on every Unix.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress

GRACE = 4.0


def main(lines: Iterable[str]) -> None:
    """Watch until `lines` ends, then end what is left."""
    groups: set[int] = set()
    for line in lines:
        change, pid = line[:1], int(line[1:])
        (groups.add if change == "+" else groups.discard)(pid)
    for pid in groups:
        _signal(pid, signal.SIGTERM, group=False)
    deadline = time.monotonic() + GRACE
    while any(_alive(pid) for pid in groups) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in groups:
        _signal(pid, signal.SIGKILL, group=True)


def _signal(pid: int, number: signal.Signals, *, group: bool) -> None:
    # It may have ended by itself, and its number may belong to somebody else by now.
    with suppress(ProcessLookupError, PermissionError):
        (os.killpg if group else os.kill)(pid, number)


def _alive(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # it ends when its pipe does, and not before
    main(sys.stdin)
