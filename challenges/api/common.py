"""What all resources of the API share: permissions, pages, addresses, moments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts.models import AuditRecord, User
from challenges.selectors.visibility import Viewer, is_organizer
from challenges.zones import instant


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
    413: "The body is larger than any piece that is taken.",
    415: "Send multipart/form-data.",
    422: "The file or a value cannot be used; `code` says why.",
    429: "Too many requests; wait as long as `Retry-After` says.",
    503: "The file store does not answer; nothing was recorded.",
}


class IsOrganizer(BasePermission):
    """Only the people who run rounds."""

    message = "Only organizers may do this."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return is_organizer(viewer_of(request))


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


class NewestAudit(NewestFirst):
    """The audit log, the newest line first."""

    ordering = ("-at", "-pk")


def viewer_of(request: Request) -> Viewer:
    """Return who asks."""
    return request.user


def person_of(request: Request) -> User:
    """Return the signed-in person who asks; the view lets nobody else through."""
    return cast(User, request.user)


def now_of(serializer: serializers.BaseSerializer[Any]) -> datetime:
    """Return the one time at which an answer is true."""
    context = cast(dict[str, Any], serializer.context)
    return cast(datetime, context.setdefault("now", timezone.now()))


def address(request: Request, name: str, **kwargs: Any) -> str:
    """Return the full address of another resource of this API."""
    return reverse(f"api-{name}", kwargs=kwargs, request=request)


@extend_schema_field(OpenApiTypes.STR)
class MomentField(serializers.Field[Any, str, Any, Any]):
    """A time in ISO 8601: with an offset, or without one as clocks in the round's zone show it."""

    default_error_messages: ClassVar = {
        "invalid": "Write a time such as 2026-11-01T00:00 or 2026-11-01T00:00:00Z."
    }

    def to_internal_value(self, data: Any) -> datetime:
        try:
            moment = parse_datetime(data) if isinstance(data, str) else None
        except ValueError:
            moment = None
        if moment is None:
            self.fail("invalid")
        return moment

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()


def as_instant(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a time that may lack its zone.

    :raises UnclearLocalTime: if clocks in `zone` show that time twice or never
    """
    return instant(moment, zone) if timezone.is_naive(moment) else moment


class AuditLine(serializers.ModelSerializer[AuditRecord]):
    """What somebody did, when and why."""

    actor = serializers.CharField(source="actor.username", default=None)

    class Meta:
        model = AuditRecord
        fields: ClassVar[Sequence[str]] = ["at", "actor", "action", "detail", "reason"]
