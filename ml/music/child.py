"""The gate's child process (`python -m ml.music.child`): reads files until its input ends.

It limits itself before the first file: 512 MiB of address space, no core dump, and a few
seconds of processor time per file. When the parent dies, however it dies, the pipe closes and
the child leaves.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import BinaryIO

from ml.music.limits import MidiRefused
from ml.music.reader import parse_foreign
from ml.music.wire import pack_refusal, pack_song, read_message, unpack_request

MAX_ADDRESS_SPACE = 512 << 20  # bytes
MAX_CPU_SECONDS = 5  # per file


def main() -> None:
    """Serve requests from standard input to standard output until the input ends."""
    requests, responses = sys.stdin.buffer, _private_stdout()
    _limit(resource.RLIMIT_AS, MAX_ADDRESS_SPACE)
    _limit(resource.RLIMIT_CORE, 0)
    while (body := read_message(requests)) is not None:
        _allow_cpu_for_one_file()
        responses.write(_answer(body))
        responses.flush()


def _answer(body: bytes) -> bytes:
    data, limits = unpack_request(body)
    try:
        return pack_song(parse_foreign(data, limits).to_midi())
    except MidiRefused as refusal:
        return pack_refusal(refusal)


def _private_stdout() -> BinaryIO:
    """Keep the answers' pipe to ourselves: a stray print must not garble a message."""
    private = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return private


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, hard))


def _allow_cpu_for_one_file() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + MAX_CPU_SECONDS)


if __name__ == "__main__":
    main()
