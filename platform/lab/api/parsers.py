"""Uploads of several files: bounded together, unlike those of one piece."""

from django.conf import settings
from django.http import HttpRequest
from rest_framework.exceptions import APIException

from studio.api.parsers import LengthRequired

ENVELOPE = 1024  # bytes around each file, its name included


class SetTooLarge(APIException):
    """The body is larger than any data set that is taken."""

    status_code = 413
    default_code = "too_large"

    def __init__(self) -> None:
        super().__init__(
            f"These files are larger than {settings.LAB_BYTES // 2**20} MiB together. Make two "
            "data sets of them."
        )


def require_bounded(request: HttpRequest) -> None:
    """Refuse a body that is too large or of unknown length before anything parses it.

    :raises SetTooLarge: if it is larger than a data set may be
    :raises LengthRequired: if its length is not told
    """
    length = str(request.META.get("CONTENT_LENGTH") or "")
    if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
        raise LengthRequired
    if length.isdecimal() and int(length) > settings.LAB_BYTES + settings.LAB_FILES * ENVELOPE:
        raise SetTooLarge
