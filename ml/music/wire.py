"""What the gate and its child say to each other: length-prefixed binary messages, no pickle.

request  = u32 length of the rest | limits as six doubles | the file
response = u32 length of the rest | one byte: b"S" canonical MIDI, or b"R" code NUL detail
"""

from __future__ import annotations

import struct
from dataclasses import astuple
from typing import BinaryIO

from ml.music.limits import Limits, MidiRefused

_LIMITS = struct.Struct(">6d")
MAX_RESPONSE = 1 << 24
"""A song at every limit takes under 1 MiB per 100,000 events; more is a broken child."""


def pack_request(data: bytes, limits: Limits) -> bytes:
    """Return the message that asks the child to read `data`."""
    body = _LIMITS.pack(*astuple(limits)) + data
    return struct.pack(">I", len(body)) + body


def unpack_request(body: bytes) -> tuple[bytes, Limits]:
    """Return the file and the limits of a request without its length."""
    size, notes, tracks, seconds, beats, changes = _LIMITS.unpack_from(body)
    limits = Limits(int(size), int(notes), int(tracks), seconds, int(beats), int(changes))
    return body[_LIMITS.size :], limits


def pack_song(canonical: bytes) -> bytes:
    """Return the message that carries a song."""
    return struct.pack(">Ic", 1 + len(canonical), b"S") + canonical


def pack_refusal(refusal: MidiRefused) -> bytes:
    """Return the message that carries a refusal."""
    text = f"{refusal.code}\0{refusal.detail}".encode("utf-8", "replace")
    return struct.pack(">Ic", 1 + len(text), b"R") + text


def unpack_response(body: bytes) -> bytes:
    """Return the canonical file of a response without its length.

    :raises MidiRefused: if the child refused the file
    :raises ValueError: if the message is none
    """
    if body[:1] == b"S":
        return body[1:]
    code, separator, detail = body[1:].decode("utf-8").partition("\0")
    if body[:1] != b"R" or not separator:
        raise ValueError("The gate's child sent no answer.")
    raise MidiRefused(code, detail)


def read_message(stream: BinaryIO) -> bytes | None:
    """Return the next message's body from a blocking stream, or None at its end."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack(">I", head)
    body = stream.read(length)
    return body if len(body) == length else None
