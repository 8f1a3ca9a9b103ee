"""MIDI files built byte by byte for tests: good ones, and one of each kind of bad one."""

import struct

END = b"\x00\xff\x2f\x00"
NOTE = b"\x00\x90\x3c\x40\x83\x60\x80\x3c\x40"  # middle C for one beat of 480


def track(body: bytes) -> bytes:
    return b"MTrk" + struct.pack(">I", len(body)) + body


def midi(*bodies: bytes, kind: int = 1, division: int = 480, announced: int | None = None) -> bytes:
    count = len(bodies) if announced is None else announced
    header = b"MThd" + struct.pack(">IHHH", 6, kind, count, division)
    return header + b"".join(track(body) for body in bodies)


def riff(data: bytes) -> bytes:
    inside = b"RMIDdata" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def many_notes(count: int) -> bytes:
    return midi(b"\x01\x90\x3c\x40\x01\x80\x3c\x40" * count + END)


REFUSED = {
    "nothing": (b"", "empty_file"),
    "over 1 MiB": (midi(NOTE + END) + bytes(1 << 20), "too_large"),
    "a PNG": (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_midi"),
    "text": (b"Dear jury, please find attached", "not_midi"),
    "only the magic": (b"MThd", "truncated"),
    "cut inside a track": (midi(NOTE + END)[:-6], "truncated"),
    "cut between tracks": (midi(NOTE + END, announced=3), "truncated"),
    "a header of 65,535 tracks": (midi(NOTE + END, announced=65535), "truncated"),
    "a short header": (b"MThd" + struct.pack(">IHHH", 4, 1, 1, 480), "damaged"),
    "a header of 4 GiB": (b"MThd" + struct.pack(">IHHH", 0xFFFFFFFF, 1, 1, 480), "truncated"),
    "type 2": (midi(NOTE + END, kind=2), "type_unsupported"),
    "SMPTE division": (midi(NOTE + END, division=0xE728), "division_unsupported"),
    "division 0": (midi(NOTE + END, division=0), "division_unsupported"),
    "65 tracks": (midi(*[NOTE + END] * 65), "too_many_tracks"),
    "65,535 empty tracks": (midi(*[b""] * 65535), "too_many_tracks"),
    "50,001 notes": (many_notes(50_001), "too_many_notes"),
    "340,000 note-ons": (midi(b"\x00\x90\x3c\x40" + b"\x01\x3c\x40" * 340_000), "too_many_notes"),
    "a note of a year": (
        midi(b"\x00\x90\x3c\x40\xff\xff\xff\x7f\x80\x3c\x40" + END, division=1),
        "too_long",
    ),
    "ticks beyond 32 bits": (
        midi((b"\xff\xff\xff\x7f\x90\x3c\x40" + b"\xff\xff\xff\x7f\x80\x3c\x40") * 9 + END),
        "too_long",
    ),
    "45 hours by slow tempo": (
        midi(b"\x00\xff\x51\x03\xff\xff\xff\x00\x90\x3c\x40\x84\xd6\x00\x80\x3c\x40" + END),
        "too_long",
    ),
    "no track": (midi(), "no_notes"),
    "no note": (midi(END), "no_notes"),
    "a note that never ends": (midi(b"\x00\x90\x3c\x40" + END), "no_notes"),
    "tempo 0": (midi(b"\x00\xff\x51\x03\x00\x00\x00" + NOTE + END), "bad_tempo"),
    "1 MB of FF": (midi(b"\xff" * 1_000_000), "damaged"),
    "a status that begins nothing": (midi(b"\x00\xf1" + NOTE + END), "damaged"),
    "data above 127": (midi(b"\x00\x90\xbc\x40" + NOTE + END), "damaged"),
    "data without status": (midi(b"\x00\x3c\x40" + NOTE + END), "damaged"),
    "an event past the end": (midi(NOTE + b"\x00\xff\x03\x7fabc"), "damaged"),
    "120,000 time signatures": (
        midi(b"\x01\xff\x58\x04\x04\x02\x18\x08" * 120_000 + NOTE + END),
        "too_many_changes",
    ),
}
"""Files that are refused, by what is wrong with them, with the code of the refusal."""

ACCEPTED = {
    "plain": midi(NOTE + END),
    "type 0": midi(NOTE + END, kind=0),
    "wrapped in RIFF": riff(midi(NOTE + END)),
    "bytes behind the last track": midi(NOTE + END) + b"trailing bytes",
    "an alien chunk": midi(announced=1) + b"XFIH\x00\x00\x00\x02ab" + track(NOTE + END),
    "a track more than announced": midi(NOTE + END, END, announced=1),
    "no end-of-track": midi(NOTE),
    "a track length that is too long": midi(NOTE + END).replace(
        struct.pack(">I", len(NOTE + END)), struct.pack(">I", len(NOTE + END) + 9)
    ),
    "running status over a meta event": midi(
        b"\x00\x90\x3c\x40\x00\xff\x01\x02ab\x60\x3c\x00" + END
    ),
    "a key signature of no mode": midi(b"\x00\xff\x59\x02\x00\xff" + NOTE + END),
    "meta events of odd lengths": midi(
        b"\x00\xff\x51\x02\x00\xff\x00\xff\x58\x01\x04" + NOTE + END
    ),
    "a longer header": b"MThd"
    + struct.pack(">IHHH", 8, 1, 1, 480)
    + b"\x00\x00"
    + track(NOTE + END),
    "a zero-length note": midi(b"\x00\x90\x3c\x40\x00\x80\x3c\x40" + END),
    "50,000 notes": many_notes(50_000),
    "64 tracks": midi(*[NOTE + END] * 64),
}
"""Odd files that other programs play and that are taken in."""
