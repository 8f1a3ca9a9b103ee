"""Writes canonical MIDI: type 1, 480 ticks per beat, one note track per instrument.

Order of a file: a track of tempo, time and key signatures, then the song's tracks. Events at one
tick: note-offs before note-ons, lower pitches first. No running status. Volume and pan are written
only where they are not what a player assumes, so a plain piece has the bytes it always had.
"""

from __future__ import annotations

import struct

import numpy as np
import numpy.typing as npt

from ml.music.song import CENTER, DEFAULT_VOLUME, TICKS_PER_BEAT, Song, Track

VOLUME, PAN = 7, 10  # controller numbers

_DRUM_CHANNEL = 9
_END_OF_TRACK = b"\x00\xff\x2f\x00"
_MELODIC_CHANNELS = [c for c in range(16) if c != _DRUM_CHANNEL]


def write_midi(song: Song) -> bytes:
    """Return the canonical bytes of `song`."""
    bodies = [_conductor_track(song)]
    melodic = 0
    for track in song.tracks:
        if track.is_drum:
            bodies.append(_note_track(track, _DRUM_CHANNEL))
        else:
            bodies.append(_note_track(track, _MELODIC_CHANNELS[melodic % 15]))
            melodic += 1
    header = struct.pack(">4sIHHH", b"MThd", 6, 1, len(bodies), TICKS_PER_BEAT)
    chunks = [struct.pack(">4sI", b"MTrk", len(body)) + body for body in bodies]
    return b"".join([header, *chunks])


def _conductor_track(song: Song) -> bytes:
    tempos = [(t.tick, 0, b"\xff\x51\x03" + t.us_per_beat.to_bytes(3, "big")) for t in song.tempos]
    times = [
        (t.tick, 1, bytes([0xFF, 0x58, 4, t.numerator, t.denominator.bit_length() - 1, 24, 8]))
        for t in song.time_signatures
    ]
    keys = [
        (k.tick, 2, bytes([0xFF, 0x59, 2, k.sharps & 0xFF, k.is_minor]))
        for k in song.key_signatures
    ]
    body, now = [], 0
    for tick, _, message in sorted(tempos + times + keys):
        body += [_vlq(tick - now), message]
        now = tick
    return b"".join(body) + _END_OF_TRACK


def _note_track(track: Track, channel: int) -> bytes:
    name = track.name.encode()
    head = [b"\x00\xff\x03", _vlq(len(name)), name] if name else []
    head += [bytes([0, 0xC0 | channel, track.program]), _mix(track, channel)]
    return b"".join([*head, _note_events(track, channel), _END_OF_TRACK])


def _mix(track: Track, channel: int) -> bytes:
    """Return the controllers that a player would not assume."""
    settings = ((VOLUME, track.volume, DEFAULT_VOLUME), (PAN, track.pan, CENTER))
    return b"".join(
        bytes([0, 0xB0 | channel, number, value])
        for number, value, default in settings
        if value != default
    )


def _note_events(track: Track, channel: int) -> bytes:
    """Return the note-ons and note-offs of a track as bytes, built without a loop over notes."""
    notes = track.notes
    ticks = np.concatenate([notes.end, notes.start])
    pitches = np.concatenate([notes.pitch, notes.pitch])
    is_on = np.repeat([0, 1], len(notes))
    order = np.lexsort((pitches, is_on, ticks))
    ticks, pitches, is_on = ticks[order], pitches[order], is_on[order]
    velocities = np.concatenate([np.full(len(notes), 64), notes.velocity])[order]
    deltas = np.diff(ticks, prepend=0)

    rows = np.empty((len(ticks), 7), dtype=np.uint8)
    used = np.ones(rows.shape, dtype=bool)
    for column, shift in enumerate((21, 14, 7)):
        rows[:, column] = (deltas >> shift) & 127 | 128
        used[:, column] = deltas >= 1 << shift
    rows[:, 3] = deltas & 127
    rows[:, 4] = np.where(is_on, 0x90, 0x80) | channel
    rows[:, 5], rows[:, 6] = pitches, velocities
    return _pick(rows, used)


def _pick(rows: npt.NDArray[np.uint8], used: npt.NDArray[np.bool_]) -> bytes:
    return rows[used].tobytes()


def _vlq(value: int) -> bytes:
    """Return `value` (0 to 2^28 - 1) as a variable-length number.

    >>> _vlq(480).hex()
    '8360'
    """
    out = [value & 127]
    while value := value >> 7:
        out.append(value & 127 | 128)
    return bytes(reversed(out))
