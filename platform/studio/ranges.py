"""Files that a browser may ask for in parts: players seek, and Safari plays nothing without it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from rest_framework.request import Request

ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")
BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of a file from `first` to `last`, both included."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1


class Unsatisfiable(ValueError):
    """A range begins behind the end of the file."""


def part_of(header: str, size: int) -> Part | None:
    """Return the part of a file of `size` bytes that a Range header asks for; None for all of it.

    Anything but one range of bytes asks for the whole file, as RFC 9110 allows.

    >>> part_of("bytes=2-", 10), part_of("bytes=-3", 10), part_of("bytes=0-1,4-5", 10)
    (Part(first=2, last=9), Part(first=7, last=9), None)

    :raises Unsatisfiable: if it begins behind the end
    """
    found = ONE_RANGE.match(header.strip())
    if found is None or found.group() == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        wanted = int(last)
        if wanted == 0 or size == 0:
            raise Unsatisfiable
        return Part(max(0, size - wanted), size - 1)
    begin, end = int(first), min(int(last), size - 1) if last else size - 1
    if begin >= size:
        raise Unsatisfiable
    return Part(begin, end) if begin <= end else None


def ranged_response(
    request: HttpRequest | Request, file: IO[bytes], *, size: int, content_type: str, etag: str
) -> HttpResponseBase:
    """Return a file, or the part of it that the request asks for; the answer closes the file."""
    header = request.headers.get("Range", "")
    if request.headers.get("If-Range", etag) != etag:
        header = ""  # the part would be of another version
    try:
        part = part_of(header, size)
    except Unsatisfiable:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    whole = Part(0, size - 1)
    response = StreamingHttpResponse(
        _Blocks(file, part or whole), status=206 if part else 200, content_type=content_type
    )
    response["Content-Length"] = str(len(part or whole))
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    if part:
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    return response


class _Blocks:
    """The blocks of a part of a file. Django closes what it streams."""

    def __init__(self, file: IO[bytes], part: Part) -> None:
        self._file, self._part = file, part

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._part.first)
        left = len(self._part)
        while left and (block := self._file.read(min(BLOCK, left))):
            left -= len(block)
            yield block

    def close(self) -> None:
        self._file.close()
