"""Sending a submission's file to a browser or a program."""

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.text import get_valid_filename

from challenges.errors import StorageUnavailable
from challenges.models import Submission

CONTENT_TYPE = "audio/midi"


def midi_response(submission: Submission) -> HttpResponseBase:
    """Return the canonical file as an attachment, or the way to a signed address that has it.

    :raises StorageUnavailable: if the file store does not answer
    """
    name = file_name(submission)
    if getattr(default_storage, "querystring_auth", False):
        return HttpResponseRedirect(_signed_address(submission.midi_key, name))
    try:
        file = default_storage.open(submission.midi_key)
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


def file_name(submission: Submission) -> str:
    """Return a plain file name made of the title: letters, digits, dots, dashes, underscores."""
    try:
        stem = get_valid_filename(submission.title.encode("ascii", "ignore").decode())
    except SuspiciousFileOperation:  # nothing of the title is left
        stem = "piece"
    return f"{stem}.mid"
