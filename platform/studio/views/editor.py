"""`/studio/new/` and `/studio/<id>/edit/`: the Music Studio, which runs in the browser."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from accounts.pages import plays_instruments
from studio.models import Composition
from studio.views.common import composition_or_404

NO_ID = UUID(int=0)
"""Stands in the addresses that the browser fills in."""


@require_safe
@ensure_csrf_cookie
@plays_instruments
def new(request: HttpRequest) -> HttpResponse:
    """The Studio with a new piece; `?round=` says what it is meant for."""
    return _page(request, None)


@require_safe
@ensure_csrf_cookie
@plays_instruments  # type: ignore[arg-type]
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The Studio with one of the viewer's compositions."""
    return _page(request, composition_or_404(request, pk))


def _page(request: HttpRequest, composition: Composition | None) -> HttpResponse:
    context = {"composition": composition, "config": config_of(request, composition)}
    return render(request, "studio/editor.html", context)


def config_of(request: HttpRequest, composition: Composition | None) -> dict[str, Any]:
    """Return what the browser needs to know before it asks the API."""
    return {
        "composition": composition and str(composition.pk),
        "round": request.GET.get("round", "")[:80] or None,
        "signedIn": request.user.is_authenticated,
        "urls": {
            "editor": reverse("studio-edit", kwargs={"pk": NO_ID}),
            "fresh": reverse("studio-new"),
        },
    }
