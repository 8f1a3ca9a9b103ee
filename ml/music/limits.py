"""What a MIDI file may hold, and the error that says why one was turned away."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file that is read; everything up to and including a limit is accepted."""

    max_bytes: int = 1 << 20
    max_notes: int = 50_000
    max_tracks: int = 64
    max_seconds: float = 30 * 60.0
    max_beats: int = 60_000  # 30 minutes at 2,000 beats a minute: bounds every later array
    max_changes: int = 20_000  # of tempo, of time signature, of key signature


DEFAULT_LIMITS = Limits()
"""1 MiB, 50,000 notes, 64 tracks, 30 minutes."""


class MidiRefused(ValueError):
    """A file is not taken in. `code` is for programs, `detail` for the person who sent it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail

    def __reduce__(self) -> tuple[type[MidiRefused], tuple[str, str]]:
        return (MidiRefused, (self.code, self.detail))
