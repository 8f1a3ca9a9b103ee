"""What wraps every request: its name in the logs, and a way out of every refusal."""

import math
import re
import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts.errors import RuleBroken

log = structlog.get_logger("counterpoint.requests")

REQUEST_ID = re.compile(r"^[A-Za-z0-9-]{8,64}\Z")
RETRY_AFTER_SECONDS = 60


class RequestLog:
    """Gives each request an id, found in its log lines and its answer, and logs how it ended.

    A well-formed `X-Request-ID` of the proxy in front is kept; anything else is replaced, so that
    nobody writes their own text into the log.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.match(given) else secrets.token_hex(8)
        began = time.perf_counter()
        request.began = time.monotonic()  # type: ignore[attr-defined]  # see challenges.clock
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            self._write(request, response, seconds=time.perf_counter() - began)
        response["X-Request-ID"] = request_id
        if response.status_code == 429 and not response.has_header("Retry-After"):
            response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response

    @staticmethod
    def _write(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
        # Health checks come every few seconds and would bury the rest.
        level = "debug" if request.path in {"/healthz", "/readyz"} else "info"
        getattr(log, level)(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            milliseconds=round(seconds * 1000, 1),
        )


class Language(LocaleMiddleware):
    """Speaks the language of the visitor's cookie, else the best that the browser asks for.

    Caches hear that both decide. What follows the answer, such as the server's own work between
    two requests, is in the language of the source again.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Name the language of the answer, and what it depends on."""
        response = super().process_response(request, response)
        patch_vary_headers(response, ("Cookie",))
        translation.deactivate()
        return response


class PermissionsPolicy:
    """Lets the site's own pages use MIDI keyboards, and none what the site never needs."""

    POLICY = "midi=(self), camera=(), geolocation=(), microphone=(), payment=(), usb=()"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", self.POLICY)
        return response


class BrokenRulesInAdmin:
    """Shows a broken rule as a message in Django's admin, whose pages know nothing of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, RuleBroken) or not request.path.startswith("/admin/"):
            return None
        messages.error(request, str(error))
        return redirect(request.get_full_path())


class Compression(GZipMiddleware):
    """Compresses what gets smaller. Sound does not, and a player's ranges are of the plain file."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the response, compressed if the browser takes that and it is no sound."""
        if response.get("Content-Type", "").startswith("audio/"):
            return response
        return super().process_response(request, response)


class BodyLimit:
    """Refuses bodies that no page takes before anything reads them; the API has its own words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.headers.get("Content-Length", "")
        if length.isdigit() and int(length) > _largest_body(request.path):
            return render(request, "413.html", status=413)
        return self.get_response(request)


def _largest_body(path: str) -> float:
    """Return how many bytes may be sent to a path."""
    if path.startswith("/api/"):
        return math.inf
    larger = (size for start, size in settings.LARGER_BODIES.items() if path.startswith(start))
    return max(larger, default=settings.LARGEST_BODY)
