"""Music: the only parser of foreign bytes, and the `Song` everything else works on.

>>> from ml.music import read_midi
>>> song = read_midi(uploaded_bytes)      # doctest: +SKIP
>>> song.to_midi()                        # doctest: +SKIP
"""

from __future__ import annotations

from ml.music.container import open_container
from ml.music.gate import Gate, GatePool
from ml.music.limits import DEFAULT_LIMITS, Limits, MidiRefused
from ml.music.reader import read_canonical
from ml.music.roll import DrawnNote, note_list, piano_roll
from ml.music.song import (
    TICKS_PER_BEAT,
    KeySignature,
    Notes,
    Song,
    TempoChange,
    TimeSignature,
    Track,
    music_hash,
    transposed,
)

__all__ = [
    "DEFAULT_LIMITS",
    "TICKS_PER_BEAT",
    "DrawnNote",
    "Gate",
    "GatePool",
    "KeySignature",
    "Limits",
    "MidiRefused",
    "Notes",
    "Song",
    "TempoChange",
    "TimeSignature",
    "Track",
    "music_hash",
    "note_list",
    "piano_roll",
    "read_canonical",
    "read_midi",
    "transposed",
]

_gates = GatePool()


def read_midi(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Song:
    """Return the song in the bytes of any file, however hostile.

    Size, header and chunks are checked here; everything else happens in a child process with
    limits on memory and time, which hands back canonical bytes.

    :raises MidiRefused: with `.code` and `.detail`, if it is not a MIDI file within `limits`
    """
    open_container(data, limits)
    return read_canonical(_gates.canonical(data, limits))
