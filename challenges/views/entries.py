"""`/entries/<id>/`: a piece, its score, and why."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from challenges.downloads import midi_response
from challenges.selectors.entries import EntryView, entry_view
from challenges.selectors.visibility import entries_for
from challenges.views.pieces import piece_context


@require_safe
def entry_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an entry as the viewer may see it."""
    seen = _entry_or_404(request, pk)
    return render(request, "entries/entry.html", piece_context(request, seen))


@require_safe
def entry_midi(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send the piece as a MIDI file, where its licence lets the viewer have it."""
    seen = _entry_or_404(request, pk)
    if not seen.can_download:
        raise PermissionDenied("Its author reserves all rights: it can be listened to only.")
    return midi_response(seen.submission)


def _entry_or_404(request: HttpRequest, pk: UUID) -> EntryView:
    entry = get_object_or_404(entries_for(request.user), pk=pk)
    seen = entry_view(entry=entry, viewer=request.user, now=timezone.now())
    if seen is None:
        raise Http404
    return seen
