"""What all resources of the API share: permissions, pages, addresses, moments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import AuditRecord
from accounts.rest import NewestFirst
from challenges.selectors.visibility import Viewer, is_organizer
from challenges.zones import instant


class IsOrganizer(BasePermission):
    """Only the people who run rounds."""

    message = _("Only organizers may do this.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return is_organizer(viewer_of(request))


class NewestAudit(NewestFirst):
    """The audit log, the newest line first."""

    ordering = ("-at", "-pk")


def viewer_of(request: Request) -> Viewer:
    """Return who asks."""
    return request.user


@extend_schema_field(OpenApiTypes.STR)
class MomentField(serializers.Field[Any, str, Any, Any]):
    """A time in ISO 8601: with an offset, or without one as clocks in the round's zone show it."""

    default_error_messages: ClassVar = {
        "invalid": _("Write a time such as 2026-11-01T00:00 or 2026-11-01T00:00:00Z.")
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
