"""The child that reads foreign files may be killed, hang or eat memory; the next file is read."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from ml.music import DEFAULT_LIMITS, Gate, GatePool, MidiRefused, read_canonical
from tests.unit.ml.midi_bytes import ACCEPTED, REFUSED

GOOD = ACCEPTED["plain"]
SPOILED = "import ml.music.child as child\nfrom ml.music.wire import unpack_request\n"


def spoiled_gate(body: str, wall_seconds: float = 10) -> Gate:
    """Return a gate whose child runs `body` for files that end in b'!' before reading them."""
    code = SPOILED + textwrap.dedent(
        f"""
        real = child._answer
        def answer(message):
            if message.endswith(b"!"):
                {body}
            return real(message)
        child._answer = answer
        child.main()
        """
    )
    return Gate(wall_seconds=wall_seconds, command=[sys.executable, "-c", code])


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.close()


def is_alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_one_child_serves_many_files(gate):
    gate.canonical(GOOD, DEFAULT_LIMITS)
    first = gate.pid
    gate.canonical(GOOD, DEFAULT_LIMITS)

    assert gate.pid == first


def test_a_killed_child_is_replaced_without_a_refusal(gate):
    gate.canonical(GOOD, DEFAULT_LIMITS)
    killed = gate.pid
    os.kill(killed, signal.SIGKILL)

    song = read_canonical(gate.canonical(GOOD, DEFAULT_LIMITS))

    assert song.n_notes == 1
    assert gate.pid != killed


@pytest.mark.parametrize(
    ("trouble", "wall_seconds"),
    [
        ("__import__('os').kill(__import__('os').getpid(), 9)", 10),
        ("__import__('time').sleep(60)", 0.3),
        ("bytearray(1 << 30)", 10),
        ("return b'garbage' * 99", 10),
        ("__import__('ctypes').string_at(0)", 10),
    ],
    ids=["kill -9", "hang", "memory bomb", "garbage", "segmentation fault"],
)
def test_a_file_that_takes_the_child_down_is_refused_and_the_next_is_read(trouble, wall_seconds):
    gate = spoiled_gate(trouble, wall_seconds)
    began = time.monotonic()

    with pytest.raises(MidiRefused) as refusal:
        gate.canonical(GOOD + b"!", DEFAULT_LIMITS)

    assert refusal.value.code == "unreadable"
    assert time.monotonic() - began < 15
    assert read_canonical(gate.canonical(GOOD, DEFAULT_LIMITS)).n_notes == 1
    gate.close()


def test_an_endless_computation_ends_by_processor_time():
    code = (
        SPOILED
        + "child.MAX_CPU_SECONDS = 0\n"
        + "child._answer = lambda message: [1 for _ in iter(int, 1)]\n"
        + "child.main()"
    )
    gate = Gate(command=[sys.executable, "-c", code])

    with pytest.raises(MidiRefused, match="unreadable"):
        gate.canonical(GOOD, DEFAULT_LIMITS)

    gate.close()


def test_a_refusal_keeps_the_child(gate):
    gate.canonical(GOOD, DEFAULT_LIMITS)
    child = gate.pid

    with pytest.raises(MidiRefused, match="no_notes"):
        gate.canonical(REFUSED["no note"][0], DEFAULT_LIMITS)

    assert gate.pid == child


def test_the_child_leaves_when_its_parent_is_killed():
    code = (
        "import time\nfrom ml.music import Gate, DEFAULT_LIMITS\n"
        f"gate = Gate()\ngate.canonical({GOOD!r}, DEFAULT_LIMITS)\n"
        "print(gate.pid, flush=True)\ntime.sleep(60)"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.kill()

    deadline = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(child)


def test_threads_share_a_pool():
    pool = GatePool(size=2)
    results: list[int] = []

    def read() -> None:
        results.extend(
            read_canonical(pool.canonical(GOOD, DEFAULT_LIMITS)).n_notes for _ in range(10)
        )

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pool.close()

    assert results == [1] * 60


def test_a_forked_process_starts_a_child_of_its_own():
    code = textwrap.dedent(
        f"""
        import os
        from ml.music import read_midi
        import ml.music
        read_midi({GOOD!r})
        mine = [g.pid for g in ml.music._gates._gates if g.pid]
        fork = os.fork()
        if fork == 0:
            assert read_midi({GOOD!r}).n_notes == 1
            theirs = [g.pid for g in ml.music._gates._gates if g.pid]
            ml.music._gates.close()
            os._exit(0 if theirs and not set(theirs) & set(mine) else 1)
        status = os.waitpid(fork, 0)[1]
        assert read_midi({GOOD!r}).n_notes == 1
        assert [g.pid for g in ml.music._gates._gates if g.pid] == mine
        raise SystemExit(os.waitstatus_to_exitcode(status))
        """
    )

    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_the_child_sees_no_secrets_of_the_site(monkeypatch):
    monkeypatch.setenv("DJANGO_SECRET_KEY", "hush")
    gate = spoiled_gate("assert 'DJANGO_SECRET_KEY' not in __import__('os').environ")

    assert read_canonical(gate.canonical(GOOD + b"!", DEFAULT_LIMITS)).n_notes == 1
    gate.close()
