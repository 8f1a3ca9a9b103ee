"""`/studio/generations/<id>/`: how a generation is going, then what it made."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import RuleBroken
from studio.downloads import midi_response
from studio.errors import StorageUnavailable
from studio.explaining import EventLine, event_lines, parameters_in_words
from studio.files import song_at
from studio.models import Generation
from studio.selectors.compositions import lineage_of
from studio.selectors.generations import (
    GenerationState,
    GenerationView,
    events_of,
    generation_view,
)
from studio.services.generations import cancel_generation
from studio.views.common import actor_of, change_rolls_or_none, generation_or_404
from studio.views.sounds import player_of

SHOWN_EVENTS = 25
EVENTS_PER_PAGE = 200


@require_safe
@never_cache
def generation_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a generation to the person who asked for it."""
    return render(request, "studio/generation.html", _context(request, pk))


@require_safe
@never_cache
def generation_status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show only how it is going, for the page that asks again and again."""
    context = _context(request, pk) | {"is_fragment": True}
    return render(request, "studio/_progress.html", context)


def _context(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    view = generation_view(generation=generation_or_404(request, pk), now=timezone.now())
    generation = view.generation
    context: dict[str, Any] = {
        "view": view,
        "generation": generation,
        "input": generation.input,
        "parameters": parameters_in_words(generation.technique, generation.parameters),
        "output": view.output,
        "is_fragment": False,
    }
    if view.state == GenerationState.SUCCEEDED:
        context |= _result(view)
    return context


def _result(view: GenerationView) -> dict[str, Any]:
    generation, output = view.generation, view.output
    return {
        "rolls": change_rolls_or_none(generation, output) if output else None,
        "player": player_of(output) if output else None,
        "lineage": lineage_of(output) if output else [],
        "events": _lines(generation, 0, SHOWN_EVENTS),
    }


def _lines(generation: Generation, first: int, count: int) -> list[EventLine] | None:
    """Return some of the edit events in words, or None while a file cannot be read."""
    try:
        events = events_of(generation)[first : first + count]
        song = song_at(generation.input_key)
    except StorageUnavailable:
        return None
    return event_lines(events, song, first=first + 1)


@require_safe
def generation_events(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show all edit events, some hundred at a time."""
    generation = generation_or_404(request, pk)
    pages = Paginator(range(generation.n_events), EVENTS_PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    first = (page.number - 1) * EVENTS_PER_PAGE
    context = {
        "generation": generation,
        "input": generation.input,
        "events": _lines(generation, first, EVENTS_PER_PAGE),
        "previous_url": f"?page={page.number - 1}" if page.has_previous() else "",
        "next_url": f"?page={page.number + 1}" if page.has_next() else "",
    }
    return render(request, "studio/events.html", context)


@require_safe
def generation_midi(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send the result's file to the person who asked for it."""
    view = generation_view(generation=generation_or_404(request, pk), now=timezone.now())
    if view.output is None:
        raise Http404
    return midi_response(view.output.midi_key, view.output.title)


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop a generation."""
    generation = generation_or_404(request, pk)
    try:
        cancel_generation(generation=generation, actor=actor_of(request), now=timezone.now())
    except RuleBroken as broken:
        messages.warning(request, str(broken))
    return redirect(generation)
