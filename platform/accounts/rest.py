"""What every resource of the API shares: refusals, pages, addresses, the caller."""

from datetime import datetime
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts.models import User

MAX_KEY = 255


class Problem(serializers.Serializer[Any]):
    """Every refusal: a word for programs and a sentence for people."""

    code = serializers.CharField()
    detail = serializers.CharField()


def problems(*statuses: int) -> dict[int, OpenApiResponse]:
    """Describe the refusals that an operation may answer with."""
    return {status: OpenApiResponse(Problem, description=MEANINGS[status]) for status in statuses}


MEANINGS = {
    400: "The request is malformed; `fields` names what to change.",
    401: "Sign in or send a token.",
    403: "You may not do this.",
    404: "There is nothing here that you may see.",
    409: "The rules do not allow this now; `code` says which.",
    411: "Send the length of the body.",
    412: "Something newer came first; nothing was overwritten.",
    413: "The body is larger than any piece that is taken.",
    415: "Send the type of body that is asked for.",
    422: "The file or a value cannot be used; `code` says why.",
    428: "Say in `If-Match` which version you changed.",
    429: "Too many requests; wait as long as `Retry-After` says.",
    503: "The file store does not answer; nothing was recorded.",
}


class NewestFirst(CursorPagination):
    """Pages by cursor, the newest first."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = ("-created_at", "-pk")

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return one page; a cursor that no page gave is not found.

        :raises NotFound: if the cursor names no date or number
        """
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValidationError, ValueError) as error:
            raise NotFound(self.invalid_cursor_message) from error


def person_of(request: Request) -> User:
    """Return the signed-in person who asks; the view lets nobody else through."""
    return cast(User, request.user)


def now_of(serializer: serializers.BaseSerializer[Any]) -> datetime:
    """Return the one time at which an answer is true."""
    context = cast(dict[str, Any], serializer.context)
    return cast(datetime, context.setdefault("now", timezone.now()))


def address(request: Request, name: str, /, **kwargs: Any) -> str:
    """Return the full address of another resource of this API."""
    return reverse(f"api-{name}", kwargs=kwargs, request=request)


def idempotency_key(request: Request) -> str | None:
    """Return the request's Idempotency-Key, or None without one.

    :raises serializers.ValidationError: if it is no plain text of at most 255 characters
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > MAX_KEY or not (key.isascii() and key.isprintable()):
        raise serializers.ValidationError(
            {
                "Idempotency-Key": [
                    _("Use at most {max_key} visible ASCII characters.").format(max_key=MAX_KEY)
                ]
            }
        )
    return key or None


def idempotency_parameter(what: str) -> OpenApiParameter:
    """Describe the header that makes a repeated request give the first one's result."""
    return OpenApiParameter(
        "Idempotency-Key",
        location=OpenApiParameter.HEADER,
        description=f"Makes a repeated request give the first one's {what}.",
    )
