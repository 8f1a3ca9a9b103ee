"""Shows times in the viewer's zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.validators import known_zones


class ViewerTimezone:
    """Activates the zone of the profile, or of the visitor's cookie, while a page is drawn."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = zone_of(request)
        with timezone.override(ZoneInfo(zone) if zone else None):
            return self.get_response(request)


def zone_of(request: HttpRequest) -> str:
    """Return the IANA name of the viewer's zone, or "" when it is not known.

    The session is read only when a page was asked for: files and health checks cost no query.
    """
    if request.path.startswith(("/static/", "/healthz", "/readyz")):
        return ""
    if request.user.is_authenticated and request.user.timezone:
        return request.user.timezone
    zone = request.COOKIES.get("timezone", "")
    return zone if zone in known_zones() else ""
