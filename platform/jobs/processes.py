"""Starts the site's processes, keeps them running and stops all of them."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

from django.conf import settings

GRACE = 4.0  # seconds between asking a process to stop and killing it
WATCH_EVERY = 0.2
STDERR = 2
FIRST_REST, LONGEST_REST = 0.5, 15.0  # before a process that died is started again
STEADY = 30.0  # a process that lived this long did not die of its start


@dataclass(frozen=True, slots=True)
class Program:
    """A process to keep running; `name` is what the terminal calls it."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)


def web(host: str, port: int, processes: int = 1) -> Program:
    """Return the web server: processes with a few threads each; SQLite likes one process."""
    flags: tuple[str, ...] = (
        "--interface",
        "wsgi",
        "--no-ws",
        "--workers",
        str(processes),
        "--blocking-threads",
        "4",
    )
    flags += ("--log-level", "warning", "--workers-kill-timeout", "2", "--respawn-failed-workers")
    address = ("--host", host, "--port", str(port))
    return Program(
        "web", (sys.executable, "-m", "granian", *flags, *address, "config.wsgi:application")
    )


def worker(processes: int) -> Program:
    """Return a Celery worker that scores and sends mail with some processes."""
    return _celery("worker", "score,light", processes)


def generator(processes: int) -> Program:
    """Return a Celery worker for the models alone.

    Its processes hold hundreds of megabytes of weights and are busy for seconds; scores must not
    wait for them.
    """
    return _celery("generator", "generate", processes)


def renderer(processes: int) -> Program:
    """Return a Celery worker that turns music to sound, nicer than the others.

    No score is held up by a long piece that is being played.
    """
    return _celery("renderer", "render", processes, nice=19)


def trainer(processes: int) -> Program:
    """Return a Celery worker that trains people's own models with whatever time is left over."""
    return _celery("trainer", "train", processes, nice=19)


def _celery(name: str, queues: str, processes: int, *, nice: int = 15) -> Program:
    """Return a worker, nice to the web server beside it: people wait for pages."""
    flags: tuple[str, ...] = ("-Q", queues, "-n", f"{name}@%h", "-c", str(processes))
    flags += ("-l", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat")
    celery = (sys.executable, "-m", "celery", "-q", "-A", "workers", "worker", *flags)
    command = ("nice", "-n", str(nice), *celery)
    # Celery warns a superuser, who may be somebody in a container; the site takes no pickles.
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
    return Program(name, command, quiet)


def sweeper(every: float = 2.0) -> Program:
    """Return the sweeper."""
    return Program("sweeper", (sys.executable, "-m", "django", "sweep", "--every", str(every)))


class Supervisor:
    """Runs programs until it is stopped; use it in a `with` statement.

    Each program leads a process group of its own, so that Ctrl-C in the terminal reaches only the
    supervisor, and killing a group leaves no child of a child. If the supervisor is killed itself,
    its guardian ends the rest.
    """

    def __init__(self, programs: Sequence[Program], say: Callable[[str], None]) -> None:
        self._running = [_Running(program) for program in programs]
        self._say = say
        self._stopping = threading.Event()
        self._guardian: subprocess.Popen[bytes] | None = None
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def __enter__(self) -> "Supervisor":
        self._start_guardian()
        for running in self._running:
            self._start(running)
        self._watcher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pids(self) -> dict[str, int]:
        """The process id of each program, by name."""
        return {r.program.name: r.process.pid for r in self._running if r.process is not None}

    def stop(self) -> None:
        """Ask every process to stop, and kill what is left after a grace time."""
        self._stopping.set()
        self._watcher.join()
        alive = [running for running in self._running if running.process is not None]
        for running in alive:
            running.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for running in alive:
            running.end(deadline)
            self._tell_guardian("-", running)
        if self._guardian is not None and self._guardian.stdin is not None:
            with suppress(BrokenPipeError):
                self._guardian.stdin.close()
            self._guardian.wait()

    def _start_guardian(self) -> None:
        self._guardian = subprocess.Popen(
            [sys.executable, "-m", "jobs.guardian"], stdin=subprocess.PIPE, start_new_session=True
        )
        for running in self._running:
            if running.process is not None:
                self._tell_guardian("+", running)

    def _watch(self) -> None:
        while not self._stopping.wait(WATCH_EVERY):
            if self._guardian is not None and self._guardian.poll() is not None:
                self._start_guardian()
            for running in self._running:
                self._look_after(running)

    def _look_after(self, running: "_Running") -> None:
        if running.process is None:
            if time.monotonic() >= running.start_at:
                self._start(running)
            return
        code = running.process.poll()
        if code is None:
            return
        running.end(time.monotonic())  # what it left behind
        self._tell_guardian("-", running)
        rest = running.rest_before_restart()
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        self._say(f"The {running.program.name} process {how}; starting it again in {rest:g} s.")

    def _start(self, running: "_Running") -> None:
        running.start()
        self._tell_guardian("+", running)

    def _tell_guardian(self, change: str, running: "_Running") -> None:
        if self._guardian is None or self._guardian.stdin is None:
            return
        try:
            self._guardian.stdin.write(f"{change}{running.pid}\n".encode())
            self._guardian.stdin.flush()
        except BrokenPipeError:
            pass  # somebody killed the guardian; the next one is told about all


class _Running:
    """A program and the process that runs it now, if one does."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.pid = 0
        self.start_at = 0.0
        self._started = 0.0
        self._rest = FIRST_REST

    def start(self) -> None:
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
        self.process = subprocess.Popen(
            self.program.command,
            env=environment | self.program.environment,
            stdin=subprocess.DEVNULL,
            stdout=STDERR,  # stdout is the command's that runs them, such as a demo's JSON
            start_new_session=True,
        )
        self.pid, self._started = self.process.pid, time.monotonic()

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)

    def end(self, deadline: float) -> None:
        """Wait for the process until `deadline`, then kill its whole group."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        with suppress(ProcessLookupError, PermissionError):  # nothing is left of it
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()

    def rest_before_restart(self) -> float:
        """Note that the process has ended, and return the seconds until it is started again."""
        lived = time.monotonic() - self._started
        self._rest = FIRST_REST if lived >= STEADY else self._rest
        rest, self._rest = self._rest, min(2 * self._rest, LONGEST_REST)
        self.process, self.start_at = None, time.monotonic() + rest
        return rest
