"""Writes a WebM film of still pictures, with nothing but a WebP encoder.

A lossy WebP picture is a key frame of VP8 (RFC 9649), and a WebM file is a Matroska container of
VP8 frames (RFC 9559): so each picture is encoded by Pillow, taken out of its RIFF wrapping, and put
into a cluster of its own. Every browser plays that, and no encoder under the GPL is needed.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence

from PIL import Image

QUALITY = 82

_HEADER, _SEGMENT, _INFO, _TRACKS = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B
_CUES, _CLUSTER = 0x1C53BB6B, 0x1F43B675
_KEY_FRAME = 0x80


def webm(pictures: Sequence[Image.Image], *, seconds: float) -> bytes:
    """Return a film that shows each picture (all of one size, RGB) for some seconds.

    :raises ValueError: without a picture, or if they differ in size
    """
    if not pictures:
        raise ValueError("A film needs a picture.")
    if len({p.size for p in pictures}) > 1:
        raise ValueError("The pictures of a film have one size.")
    each = round(seconds * 1000)
    # The last picture comes again at the end: players stop with the last frame's beginning.
    frames = [key_frame(p) for p in pictures]
    times = [*(n * each for n in range(len(frames))), len(frames) * each - 1]
    clusters = [
        _cluster(time, frame) for time, frame in zip(times, [*frames, frames[-1]], strict=True)
    ]
    head = _info(len(pictures) * each) + _tracks(*pictures[0].size)
    body = head + _cues(times, clusters, len(head)) + b"".join(clusters)
    return _element(_HEADER, _DOCUMENT) + _element(_SEGMENT, body)


def key_frame(picture: Image.Image) -> bytes:
    """Return a picture as a VP8 key frame."""
    written = io.BytesIO()
    picture.convert("RGB").save(written, "WEBP", quality=QUALITY, method=4)
    riff, at = written.getvalue(), 12
    while riff[at : at + 4] != b"VP8 ":
        size = int.from_bytes(riff[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    size = int.from_bytes(riff[at + 4 : at + 8], "little")
    return riff[at + 8 : at + 8 + size]


def _element(number: int, body: bytes) -> bytes:
    """Return an element: its number, its size in eight bytes, its body."""
    size = (1 << 56 | len(body)).to_bytes(8, "big")
    return number.to_bytes((number.bit_length() + 7) // 8, "big") + size + body


def _number(number: int, value: int) -> bytes:
    return _element(number, value.to_bytes(8, "big"))


_DOCUMENT = b"".join([
    _number(0x4286, 1), _number(0x42F7, 1), _number(0x42F2, 4), _number(0x42F3, 8),
    _element(0x4282, b"webm"), _number(0x4287, 2), _number(0x4285, 2),
])  # fmt: skip


def _info(milliseconds: int) -> bytes:
    app = b"Counterpoint"
    return _element(_INFO, b"".join([
        _number(0x2AD7B1, 1_000_000), _element(0x4489, struct.pack(">d", milliseconds)),
        _element(0x4D80, app), _element(0x5741, app),
    ]))  # fmt: skip


def _tracks(width: int, height: int) -> bytes:
    video = _element(0xE0, _number(0xB0, width) + _number(0xBA, height))
    entry = b"".join([
        _number(0xD7, 1), _number(0x73C5, 1), _number(0x9C, 0), _element(0x86, b"V_VP8"),
        _number(0x83, 1), video,
    ])  # fmt: skip
    return _element(_TRACKS, _element(0xAE, entry))


def _cluster(time: int, frame: bytes) -> bytes:
    block = b"\x81" + (0).to_bytes(2, "big") + bytes([_KEY_FRAME]) + frame
    return _element(_CLUSTER, _number(0xE7, time) + _element(0xA3, block))


def _cues(times: Sequence[int], clusters: Sequence[bytes], before: int) -> bytes:
    """Return where each cluster lies, counted from the segment's body."""
    at = before + len(_cue_table(times, [0] * len(times)))
    places = []
    for cluster in clusters:
        places.append(at)
        at += len(cluster)
    return _cue_table(times, places)


def _cue_table(times: Sequence[int], places: Sequence[int]) -> bytes:
    points = (
        _element(0xBB, _number(0xB3, time) + _element(0xB7, _number(0xF7, 1) + _number(0xF1, at)))
        for time, at in zip(times, places, strict=True)
    )
    return _element(_CUES, b"".join(points))
