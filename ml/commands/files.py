"""Reading a song from a path and writing one to it, with reasons that a person can act on."""

from __future__ import annotations

import os
from pathlib import Path

from ml.music import DEFAULT_LIMITS, MidiRefused, Song, read_midi


class Failed(Exception):
    """The command cannot do what was asked: `code` for programs, `detail` for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def read_song(path: Path) -> Song:
    """Return the song in a MIDI file.

    :raises Failed: with the code of the refusal, or `no_file`
    """
    try:
        return read_midi(head_of(path))
    except MidiRefused as refusal:
        raise Failed(refusal.code, refusal.detail) from refusal
    except (OSError, ValueError) as error:
        raise Failed("no_file", f"The file cannot be opened: {reason(error)}.") from error


def head_of(path: Path) -> bytes:
    """Return a file's bytes, of a file that is too large only enough to say so."""
    with path.open("rb") as file:
        return file.read(DEFAULT_LIMITS.max_bytes + 1)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file as a whole or not at all; devices and pipes are written to directly.

    :raises Failed: with the code `cannot_write`
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        part = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
        try:
            part.write_bytes(data)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise Failed("cannot_write", f"{path} cannot be written: {reason(error)}.") from error


def reason(error: Exception) -> str:
    """Return why a file could not be used, without path and number."""
    return getattr(error, "strerror", None) or str(error)
