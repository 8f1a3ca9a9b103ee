"""`/entries/<id>/`: a piece, its score, and why."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from challenges.downloads import midi_response
from challenges.views.common import entry_or_404
from challenges.views.pieces import piece_context


@require_safe
def entry_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an entry as the viewer may see it."""
    seen = entry_or_404(request, pk)
    return render(request, "entries/entry.html", piece_context(request, seen))


@require_safe
def entry_midi(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send the piece as a MIDI file, where its licence lets the viewer have it."""
    seen = entry_or_404(request, pk)
    if not seen.can_download:
        raise PermissionDenied("Its author reserves all rights: it can be listened to only.")
    return midi_response(seen.submission)
