"""Sending a stored piece to a browser or a program."""

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.text import get_valid_filename

from studio.errors import StorageUnavailable

CONTENT_TYPE = "audio/midi"


def midi_response(key: str, title: str) -> HttpResponseBase:
    """Return a canonical file as an attachment, or the way to a signed address that has it.

    :raises StorageUnavailable: if the file store does not answer
    """
    name = file_name(title)
    if getattr(default_storage, "querystring_auth", False):
        return HttpResponseRedirect(_signed_address(key, name))
    try:
        file = default_storage.open(key)
    except OSError as error:
        raise StorageUnavailable("The file cannot be read just now. Try again soon.") from error
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _signed_address(key: str, name: str) -> str:
    headers = {
        "ResponseContentDisposition": f'attachment; filename="{name}"',
        "ResponseContentType": CONTENT_TYPE,
    }
    # Only object stores take `parameters`; the folder's storage never gets here.
    address: str = default_storage.url(key, parameters=headers)  # type: ignore[call-arg]
    return address


def file_name(title: str) -> str:
    """Return a plain file name made of a title: letters, digits, dots, dashes, underscores."""
    try:
        stem = get_valid_filename(title.encode("ascii", "ignore").decode())
    except SuspiciousFileOperation:  # nothing of the title is left
        stem = "piece"
    return f"{stem}.mid"
