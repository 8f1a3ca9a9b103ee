"""Who asks, in a browser or by the API: a person, a guest, or a stranger who becomes one.

Only views call this; services and selectors get the holder that it finds.
"""

from ipaddress import ip_address, ip_network

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import User
from studio.errors import TooManyFromHere
from studio.holders import Holder
from studio.services.guests import create_guest, see_guest
from studio.sessions import guest_in, remember_guest

PIECES = "address_pieces"
GENERATIONS = "address_generations"
ESTIMATES = "address_estimates"
ONE_GUEST_S_GENERATIONS = "guest_generations"

AnyRequest = HttpRequest | Request


def holder_of(request: AnyRequest) -> Holder | None:
    """Return who asks: a person, a guest who kept something before, or None for a stranger."""
    if isinstance(request.user, User):
        return request.user
    return guest_in(_session_of(request))


def holder_who_keeps(request: AnyRequest, *, scope: str = PIECES) -> Holder:
    """Return who asks to keep something; a stranger becomes a guest by that.

    Requests of guests count by their address, so that dropping the cookie gives nobody more.

    :raises TooManyFromHere: if `scope` has no room left for guests at this address
    """
    if isinstance(request.user, User):
        return request.user
    session, now = _session_of(request), timezone.now()
    _require_patience(scope, _address_of(request))
    guest = guest_in(session)
    if guest is None:
        guest = create_guest(now=now)
        remember_guest(session, guest)
    elif see_guest(guest=guest, now=now):
        remember_guest(session, guest)
    if scope == GENERATIONS:
        _require_patience(ONE_GUEST_S_GENERATIONS, str(guest.pk))
    return guest


def _session_of(request: AnyRequest) -> SessionBase:
    session: SessionBase = request.session
    return session


def _address_of(request: AnyRequest) -> str:
    text = _Counter(PIECES).get_ident(request) or ""  # type: ignore[arg-type]
    try:
        address = ip_address(text)
    except ValueError:
        return text
    # Whoever has one IPv6 address usually has the 2^64 beside it as well.
    return text if address.version == 4 else str(ip_network((address, 64), strict=False))


class _Counter(SimpleRateThrottle):
    """The framework's sliding window, for names instead of requests."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()

    def get_rate(self) -> str:
        return str(api_settings.DEFAULT_THROTTLE_RATES[str(self.scope)])

    def get_cache_key(self, request: object, view: object) -> str:
        return self.cache_format % {"scope": self.scope, "ident": request}


def _require_patience(scope: str, name: str) -> None:
    counter = _Counter(scope)
    if counter.allow_request(name, None):  # type: ignore[arg-type]  # a name, see above
        return
    seconds = max(1, round(counter.wait() or 0))
    raise TooManyFromHere(
        _(
            "That is as much as guests may ask for. Try again in {minutes} min, or sign "
            "in: with an account there is more room, and you keep what you made."
        ).format(minutes=max(1, round(seconds / 60))),
        extra={"retry_after": seconds},
    )
