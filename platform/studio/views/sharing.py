"""`/shared/<token>/`: a composition as whoever has its link sees it."""

from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from studio.downloads import midi_response
from studio.models import ShareLink
from studio.selectors.compositions import lineage_of
from studio.selectors.sharing import shared_by
from studio.services.sharing import share, stop_sharing
from studio.views.common import composition_or_404, roll_or_none

Answer = TypeVar("Answer", bound=HttpResponseBase)


@require_safe
@never_cache
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show a composition to whoever has its link."""
    link = _link_or_404(token)
    composition = link.composition
    context = {
        "link": link,
        "composition": composition,
        "roll": roll_or_none(composition),
        "lineage": lineage_of(composition),
    }
    return _unlisted(render(request, "studio/shared.html", context))


@require_safe
@never_cache
def shared_midi(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send a shared composition's file, where its owner lets visitors have it."""
    link = _link_or_404(token)
    if not link.may_download:
        raise Http404
    return _unlisted(midi_response(link.composition.midi_key, link.composition.title))


def _link_or_404(token: str) -> ShareLink:
    link = shared_by(token)
    if link is None:
        raise Http404
    return link


def _unlisted(answer: Answer) -> Answer:
    """Keep search engines out. That no other site learns the address, the site's policy sees to."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@require_POST
def make_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Share a composition of the viewer's, or change what visitors may have of it."""
    composition = composition_or_404(request, pk)
    may_download = request.POST.get("download") == "on"
    share(composition=composition, may_download=may_download, now=timezone.now())
    return redirect(f"{composition.get_absolute_url()}#sharing")


@require_POST
def end_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End the link of a composition of the viewer's."""
    composition = composition_or_404(request, pk)
    stop_sharing(composition=composition)
    messages.success(request, _("The link does not lead anywhere any more."))
    return redirect(composition)
