"""`/entries/<id>/`: a piece, its score, and why."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import RuleBroken
from challenges.downloads import midi_response
from challenges.selectors.entries import published_piece
from challenges.selectors.visibility import entries_for
from challenges.services.remixing import remix
from challenges.views.common import entry_or_404
from challenges.views.pieces import piece_context
from studio.guests import holder_who_keeps


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
        raise PermissionDenied(_("Its author reserves all rights: it can be listened to only."))
    return midi_response(seen.submission)


@require_POST
def entry_remix(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open the piece that everybody may see in the viewer's Studio."""
    entry = get_object_or_404(entries_for(request.user), pk=pk)
    submission = published_piece(entry)
    if submission is None:
        raise Http404
    try:
        composition = remix(
            submission=submission, holder=holder_who_keeps(request), now=timezone.now()
        )
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect(entry)
    return redirect(composition)
