"""The gate for foreign files: a child process that may die in our stead.

A parser of bytes from strangers may hang, eat memory or crash. So it runs in a child with limits
(`ml.music.child`), and a file that takes the child down is refused like any other bad file.
"""

from __future__ import annotations

import atexit
import os
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from ml.music.limits import Limits, MidiRefused
from ml.music.wire import MAX_RESPONSE, pack_request, unpack_response
from ml.words import _

WALL_SECONDS = 10.0  # for one file
START_SECONDS = 30.0  # for the first file of a child, which has to import first
FILES_PER_CHILD = 2_000  # then a fresh child, so that no leak grows for ever

_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = (sys.executable, "-m", "ml.music.child")


class ChildLost(Exception):
    """The child died, hung or sent no answer."""


class Gate:
    """One child process, started when first needed and again whenever it was lost.

    Not for two threads at once: `GatePool` sees to that.
    """

    def __init__(
        self, *, wall_seconds: float = WALL_SECONDS, command: Sequence[str] = _COMMAND
    ) -> None:
        self._wall_seconds = wall_seconds
        self._command = tuple(command)
        self._child: subprocess.Popen[bytes] | None = None
        self._served = 0

    @property
    def pid(self) -> int | None:
        """Process id of the child, or None while there is none."""
        return self._child.pid if self._child else None

    def canonical(self, data: bytes, limits: Limits) -> bytes:
        """Return the canonical form of a foreign file.

        :raises MidiRefused: if the file is refused; `unreadable` if it took the child down
        """
        fresh = self._child is None
        request = pack_request(data, limits)
        try:
            body = self._ask(request)
        except ChildLost:
            self.close()
            if fresh:
                raise _unreadable() from None
            body = self._ask_once_more(request)
        self._served += 1
        if self._served >= FILES_PER_CHILD:
            self.close()
        return unpack_response(body)

    def _ask_once_more(self, request: bytes) -> bytes:
        """Try again with a new child: the old one may have been killed while it was idle."""
        try:
            return self._ask(request)
        except ChildLost:
            self.close()
            raise _unreadable() from None

    def _ask(self, request: bytes) -> bytes:
        seconds = self._wall_seconds
        if self._child is None:
            self._child = self._start()
            seconds = max(seconds, min(START_SECONDS, 3 * seconds))
        deadline = time.monotonic() + seconds
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            _write(self._child.stdin.fileno(), request, deadline)
            head = _read(self._child.stdout.fileno(), 4, deadline)
            (length,) = struct.unpack(">I", head)
            if not 1 <= length <= MAX_RESPONSE:
                raise ChildLost
            return _read(self._child.stdout.fileno(), length, deadline)
        except OSError as error:
            raise ChildLost from error

    def _start(self) -> subprocess.Popen[bytes]:
        self._served = 0
        one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        child = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={**_harmless_environment(), **one_thread},
            bufsize=0,
        )
        assert child.stdin is not None
        assert child.stdout is not None
        os.set_blocking(child.stdin.fileno(), False)
        os.set_blocking(child.stdout.fileno(), False)
        return child

    def close(self) -> None:
        """End the child, if there is one; the next file starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        self._shut_pipes(child)

    def forget(self) -> None:
        """Let go of a child that belongs to the process we were forked from."""
        child, self._child = self._child, None
        if child is not None:
            self._shut_pipes(child)
            child.returncode = 0  # not ours to wait for

    @staticmethod
    def _shut_pipes(child: subprocess.Popen[bytes]) -> None:
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


class GatePool:
    """A few gates shared by the threads of a process; each starts its child when needed."""

    def __init__(self, size: int = 2) -> None:
        self._size = size
        self._reset()
        os.register_at_fork(after_in_child=self._after_fork)
        atexit.register(self.close)

    def _reset(self) -> None:
        self._gates = [Gate() for _ in range(self._size)]
        self._idle = list(self._gates)
        self._free = threading.Condition()

    def canonical(self, data: bytes, limits: Limits) -> bytes:
        """Return the canonical form of a foreign file, waiting for a gate if all are busy.

        :raises MidiRefused: if the file is refused
        """
        with self._free:
            self._free.wait_for(lambda: self._idle)
            gate = self._idle.pop()  # the one used last: its child is warm
        try:
            return gate.canonical(data, limits)
        finally:
            with self._free:
                self._idle.append(gate)
                self._free.notify()

    def close(self) -> None:
        """End all children."""
        for gate in self._gates:
            gate.close()

    def _after_fork(self) -> None:
        for gate in self._gates:
            gate.forget()
        self._reset()


def _unreadable() -> MidiRefused:
    return MidiRefused(
        "unreadable",
        _(
            "Reading this file took too much time or memory, so it was stopped. Export "
            "it again from the program that made it, without effects and controller data."
        ),
    )


def _harmless_environment() -> dict[str, str]:
    """Keep secrets of the site out of the child."""
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "SYSTEMROOT")
    return {name: os.environ[name] for name in kept if name in os.environ}


def _write(pipe: int, data: bytes, deadline: float) -> None:
    view = memoryview(data)
    while view:
        _wait([], [pipe], deadline)
        view = view[os.write(pipe, view[: 1 << 16]) :]


def _read(pipe: int, count: int, deadline: float) -> bytes:
    parts: list[bytes] = []
    while count:
        _wait([pipe], [], deadline)
        part = os.read(pipe, count)
        if not part:
            raise ChildLost
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _wait(readable: list[int], writable: list[int], deadline: float) -> None:
    poll = select.poll()
    for pipe in readable:
        poll.register(pipe, select.POLLIN)
    for pipe in writable:
        poll.register(pipe, select.POLLOUT)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise ChildLost
