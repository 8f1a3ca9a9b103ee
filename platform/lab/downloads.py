"""Sending a model's weights to a browser or a program."""

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

from lab.models import CustomModel
from studio.downloads import file_name
from studio.errors import StorageUnavailable

CONTENT_TYPE = "application/octet-stream"


def weights_response(model: CustomModel) -> HttpResponseBase:
    """Return the weights as an attachment, or the way to a signed address that has them.

    :raises StorageUnavailable: if the file store does not answer
    """
    name = file_name(f"{model.label}-{model.weights}", "safetensors")
    if getattr(default_storage, "querystring_auth", False):
        headers = {
            "ResponseContentDisposition": f'attachment; filename="{name}"',
            "ResponseContentType": CONTENT_TYPE,
        }
        # Only object stores take `parameters`; the folder's storage never gets here.
        address = default_storage.url(model.weights_key, parameters=headers)  # type: ignore[call-arg]
        return HttpResponseRedirect(address)
    try:
        file = default_storage.open(model.weights_key)
    except OSError as error:
        raise StorageUnavailable(
            _("The weights cannot be read just now. Try again soon.")
        ) from error
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
