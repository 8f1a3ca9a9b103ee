"""Sending a stored piece, as music or as sound, to a browser or a program."""

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.cache import patch_cache_control
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from rest_framework.request import Request

from studio.errors import SoundLost, StorageUnavailable
from studio.models import AudioFormat, Rendering
from studio.ranges import ranged_response

CONTENT_TYPE = "audio/midi"
AUDIO_TYPES = {AudioFormat.MP3: "audio/mpeg", AudioFormat.WAV: "audio/wav"}


def midi_response(key: str, title: str) -> HttpResponseBase:
    """Return a canonical file as an attachment, or the way to a signed address that has it.

    :raises StorageUnavailable: if the file store does not answer
    """
    return _attachment(key, file_name(title), CONTENT_TYPE)


def weights_response(key: str, title: str) -> HttpResponseBase:
    """Return weights as an attachment, or the way to a signed address that has them.

    :raises StorageUnavailable: if the file store does not answer
    """
    return _attachment(key, file_name(title, "safetensors"), "application/octet-stream")


def _attachment(key: str, name: str, content_type: str) -> HttpResponseBase:
    if getattr(default_storage, "querystring_auth", False):
        return HttpResponseRedirect(
            _signed_address(key, _disposition("attachment", name), content_type)
        )
    try:
        file = default_storage.open(key)
    except OSError as error:
        raise StorageUnavailable(_("The file cannot be read just now. Try again soon.")) from error
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)


def audio_response(
    request: HttpRequest | Request, rendering: Rendering, title: str, *, as_attachment: bool = False
) -> HttpResponseBase:
    """Return sound to play or to keep, in parts if asked for; or the way to a signed address.

    :raises SoundLost: if the file is gone
    :raises StorageUnavailable: if the file store does not answer
    """
    _require_there(rendering.key)
    kind = AudioFormat(rendering.format)
    name = file_name(title, kind)
    disposition = _disposition("attachment" if as_attachment else "inline", name)
    if getattr(default_storage, "querystring_auth", False):
        return HttpResponseRedirect(_signed_address(rendering.key, disposition, AUDIO_TYPES[kind]))
    try:
        file = default_storage.open(rendering.key)
        size = file.size
    except OSError as error:
        raise StorageUnavailable(_("The sound cannot be read just now. Try again soon.")) from error
    response = ranged_response(
        request, file, size=size, content_type=AUDIO_TYPES[kind], etag=f'"{rendering.pk}"'
    )
    response["Content-Disposition"] = disposition
    # Private: who may hear a piece can change.
    patch_cache_control(response, private=True, max_age=3600)
    return response


def _require_there(key: str) -> None:
    try:
        is_there = default_storage.exists(key)
    except Exception as error:  # any backend's own errors
        raise StorageUnavailable(_("The sound cannot be read just now. Try again soon.")) from error
    if not is_there:
        raise SoundLost(_("The sound of this piece was lost and is being made again."))


def _disposition(kind: str, name: str) -> str:
    return f'{kind}; filename="{name}"'


def _signed_address(key: str, disposition: str, content_type: str) -> str:
    headers = {
        "ResponseContentDisposition": disposition,
        "ResponseContentType": content_type,
    }
    # Only object stores take `parameters`; the folder's storage never gets here.
    address: str = default_storage.url(key, parameters=headers)  # type: ignore[call-arg]
    return address


def file_name(title: str, ending: str = "mid") -> str:
    """Return a plain file name made of a title: letters, digits, dots, dashes, underscores."""
    try:
        stem = get_valid_filename(title.encode("ascii", "ignore").decode())
    except SuspiciousFileOperation:  # nothing of the title is left
        stem = "piece"
    return f"{stem}.{ending}"
