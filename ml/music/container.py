"""The outside of a MIDI file: its header and chunks, checked before anything is parsed.

Work here is proportional to the number of chunks and that number is bounded, so the check is
cheap for any input.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ml.music.limits import Limits, MidiRefused
from ml.words import _

_MAX_CHUNKS = 1024  # tracks and alien chunks together
_END_OF_TRACK = b"\xff\x2f\x00"
_EXPORT_AGAIN = _("Export it again from the program that made it, as a standard MIDI file.")

_LOOKS_LIKE = (
    (b"\x89PNG", _("a PNG picture")),
    (b"\xff\xd8\xff", _("a JPEG picture")),
    (b"GIF8", _("a GIF picture")),
    (b"PK\x03\x04", _("a ZIP archive or a compressed score (.mxl, .mscz)")),
    (b"%PDF", _("a PDF document")),
    (b"ID3", _("an MP3 recording")),
    (b"fLaC", _("a FLAC recording")),
    (b"OggS", _("an Ogg recording")),
    (b"RIFF", _("a sound recording (WAV)")),
    (b"<?xml", _("an XML document, perhaps MusicXML")),
    (b"<", _("a web page or an XML document")),
)


@dataclass(frozen=True, slots=True)
class Container:
    """The parts of a file that hold music.

    `ticks_per_beat` is the header's division (1 to 32,767); `tracks` are the bodies of the
    track chunks in file order.
    """

    ticks_per_beat: int
    tracks: tuple[bytes, ...]

    def rebuilt(self) -> bytes:
        """Return a plain file of type 1 with these tracks: no alien chunks, a true track count."""
        header = struct.pack(">4sIHHH", b"MThd", 6, 1, len(self.tracks), self.ticks_per_beat)
        chunks = [struct.pack(">4sI", b"MTrk", len(body)) + body for body in self.tracks]
        return b"".join([header, *chunks])


def open_container(data: bytes, limits: Limits) -> Container:
    """Return the tracks of a MIDI file of type 0 or 1.

    A RIFF wrapper (.rmi), chunks of unknown kinds, bytes after the last track, a longer header
    and more tracks than the header announces are all accepted.

    :raises MidiRefused: with code `empty_file`, `too_large`, `not_midi`, `truncated`, `damaged`,
        `type_unsupported`, `division_unsupported` or `too_many_tracks`
    """
    if not data:
        raise MidiRefused("empty_file", f"{_('The file is empty (0 bytes).')} {_EXPORT_AGAIN}")
    if len(data) > limits.max_bytes:
        raise MidiRefused(
            "too_large",
            _(
                "The file has {data:,} bytes; at most {max_bytes:,} are accepted. Leave out "
                "controller data you do not need, or hand in a shorter piece."
            ).format(data=len(data), max_bytes=limits.max_bytes),
        )
    data = _unwrap_riff(data)
    announced, division, offset = _read_header(data)
    tracks = _read_tracks(data, offset, announced, limits)
    return Container(division, tracks)


def _unwrap_riff(data: bytes) -> bytes:
    """Return the MIDI file inside a RIFF wrapper of form RMID, or `data` itself."""
    if data[:4] != b"RIFF" or data[8:12] != b"RMID":
        return data
    start = data.find(b"data", 12, 4096)
    if start < 0:
        raise MidiRefused("damaged", f"{_('The RMI file holds no music chunk.')} {_EXPORT_AGAIN}")
    return data[start + 8 :]


def _read_header(data: bytes) -> tuple[int, int, int]:
    """Return the announced number of tracks, the division, and where the chunks begin."""
    if data[:4] != b"MThd":
        raise MidiRefused("not_midi", _describe_stranger(data))
    if len(data) < 14:
        raise MidiRefused("truncated", f"{_('The file ends inside its header.')} {_EXPORT_AGAIN}")
    length, kind, announced, division = struct.unpack_from(">IHHH", data, 4)
    if length < 6:
        raise MidiRefused(
            "damaged", _("The header is {length} bytes long instead of 6.").format(length=length)
        )
    if kind > 1:
        raise MidiRefused(
            "type_unsupported",
            _(
                "This is a MIDI file of type {kind}; types 0 and 1 are accepted. Save it as "
                "type 1 in your sequencer."
            ).format(kind=kind),
        )
    if division & 0x8000:
        raise MidiRefused(
            "division_unsupported",
            _(
                "The file counts time in film frames (SMPTE) instead of beats. Save it with "
                "a resolution in ticks per quarter note, such as 480."
            ),
        )
    if division == 0:
        raise MidiRefused(
            "division_unsupported",
            _(
                "The file says that a beat has 0 ticks, so no note has a length. Save it "
                "with a resolution such as 480 ticks per quarter note."
            ),
        )
    return announced, division, 8 + length


def _describe_stranger(data: bytes) -> str:
    for magic, what in _LOOKS_LIKE:
        if data.startswith(magic):
            return _(
                "This looks like {what}, not a MIDI file. Choose a file ending in .mid."
            ).format(what=what)
    return _(
        "This is not a MIDI file: it does not begin with MThd. Choose a file that "
        "your notation program or sequencer exported as MIDI."
    )


def _read_tracks(data: bytes, offset: int, announced: int, limits: Limits) -> tuple[bytes, ...]:
    tracks: list[bytes] = []
    for _chunk in range(_MAX_CHUNKS):
        if offset + 8 > len(data):
            break
        name = data[offset : offset + 4]
        (length,) = struct.unpack_from(">I", data, offset + 4)
        body = data[offset + 8 : offset + 8 + length]
        if name == b"MTrk":
            if len(body) < length and not body.endswith(_END_OF_TRACK):
                raise _cut_short(len(tracks) + 1, length, len(body))
            tracks.append(body)
        if len(tracks) > limits.max_tracks:
            raise _too_many_tracks(max(announced, len(tracks)), limits)
        offset += 8 + length
    if len(tracks) < announced:
        raise _tracks_missing(len(tracks), announced)
    if not tracks:
        raise MidiRefused("no_notes", _("The file holds no track, so there is nothing to play."))
    return tuple(tracks)


def _cut_short(number: int, length: int, found: int) -> MidiRefused:
    return MidiRefused(
        "truncated",
        _(
            "The file is cut off: track {number} should be {length:,} bytes long and "
            "only {found:,} are there. Copy or export the file again."
        ).format(number=number, length=length, found=found),
    )


def _too_many_tracks(count: int, limits: Limits) -> MidiRefused:
    return MidiRefused(
        "too_many_tracks",
        _(
            "The file has {count:,} tracks or more; at most {max_tracks} are accepted. "
            "Join the tracks that play the same instrument."
        ).format(count=count, max_tracks=limits.max_tracks),
    )


def _tracks_missing(found: int, announced: int) -> MidiRefused:
    return MidiRefused(
        "truncated",
        _(
            "The file announces {announced:,} tracks and holds {found:,}: its end is "
            "missing. Copy or export the file again."
        ).format(announced=announced, found=found),
    )
