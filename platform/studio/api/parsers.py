"""Reading uploads: bounded in size, and every malformed body is the client's error."""

from typing import IO, Any, Never, cast

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser
from rest_framework.request import Request

from ml.music import DEFAULT_LIMITS

MAX_FILE_BYTES = DEFAULT_LIMITS.max_bytes
MAX_BODY_BYTES = MAX_FILE_BYTES + 64 * 1024  # the other fields and the envelope
DRAINED_BYTES = 16 * 1024 * 1024
CHUNK_BYTES = 64 * 1024

# What a body can make Django raise; the last is a client that went away while sending.
MALFORMED = (
    BadRequest,
    SuspiciousOperation,
    MultiPartParserError,
    LookupError,
    ValueError,
    UnreadablePostError,
)


class TooLarge(APIException):
    """The body is larger than any piece that is taken."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = format_lazy(
        gettext_lazy(
            "The file is larger than {limit} KiB. A MIDI file of a piece is rarely above "
            "100 KiB; check that you chose the right file."
        ),
        limit=MAX_FILE_BYTES // 1024,
    )


class LengthRequired(APIException):
    """The body came in chunks of unknown total length."""

    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_code = "length_required"
    default_detail = gettext_lazy(
        "Send the length of the body (Content-Length); chunked bodies are not taken."
    )


class UploadParser(MultiPartParser):
    """Multipart bodies, where whatever cannot be read is answered with 400."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Any = None,
    ) -> "DataAndFiles[Any, Any]":
        try:
            return super().parse(stream, media_type, parser_context)
        except MALFORMED as error:
            refuse_malformed(error)


class MidiParser(BaseParser):
    """A MIDI file as the whole body; `request.data["midi"]` is its bytes."""

    media_type = "audio/midi"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Any = None,
    ) -> dict[str, bytes]:
        """Return the body.

        :raises TooLarge: if it is larger than any piece that is taken
        """
        try:
            content: bytes = stream.read(MAX_FILE_BYTES + 1)
        except UnreadablePostError as error:
            raise ParseError(_("The body did not arrive whole.")) from error
        if len(content) > MAX_FILE_BYTES:
            raise TooLarge
        return {"midi": content}


def midi_in(request: Request) -> bytes:
    """Return the MIDI file that is a request's whole body; nothing if it has none."""
    data = cast("dict[str, bytes]", request.data)
    return data.get("midi", b"")


def refuse_malformed(error: Exception) -> Never:
    """Raise what a body that cannot be read is answered with."""
    raise ParseError(_("The body is not readable as multipart/form-data.")) from error


def require_bounded(request: HttpRequest) -> None:
    """Refuse a body that is too large or of unknown length before anything parses it.

    :raises TooLarge: if it is larger than any piece with its title and statement
    :raises LengthRequired: if its length is not told
    """
    length = str(request.META.get("CONTENT_LENGTH") or "")
    if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
        raise LengthRequired
    if length.isdecimal() and int(length) > MAX_BODY_BYTES:
        _drain(request)
        raise TooLarge


def _drain(request: HttpRequest) -> None:
    """Read on for a while: a client that is still sending would not see the answer otherwise."""
    try:
        for _ in range(DRAINED_BYTES // CHUNK_BYTES):
            if not request.read(CHUNK_BYTES):
                return
    except UnreadablePostError:
        return  # it went away
