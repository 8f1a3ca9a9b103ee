"""Hearing entries and submissions."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from challenges.models import Submission
from challenges.selectors.entries import EntryView, submission_view
from challenges.views.common import entry_or_404, submission_or_404
from studio.models import AudioFormat
from studio.selectors.renderings import Hearing
from studio.services.renderings import hear
from studio.views.sounds import sound_response


def player_of(seen: EntryView, *, of_submission: bool) -> dict[str, Any]:
    """Return what `components/player.html` shows of a piece.

    The address is the entry's or the submission's own, as the page is.
    """
    kind, pk = ("submission", seen.submission.pk) if of_submission else ("entry", seen.entry.pk)
    return {
        "title": seen.submission.title,
        "hearing": _hearing(seen.submission),
        "audio_url": reverse(f"{kind}-audio", kwargs={"pk": pk}),
        "poll_url": reverse(f"{kind}-player", kwargs={"pk": pk}),
        "listens_url": "" if seen.is_owner else reverse("listens", kwargs={"pk": seen.entry.pk}),
    }


def _hearing(submission: Submission, audio_format: AudioFormat = AudioFormat.MP3) -> Hearing:
    return hear(
        submission,
        now=timezone.now(),
        audio_format=audio_format,
        owner=submission.entry.participant,
    )


def _wav_response(request: HttpRequest, submission: Submission) -> HttpResponseBase:
    hearing = _hearing(submission, AudioFormat.WAV)
    return sound_response(request, hearing, submission.title, as_attachment=True)


@require_safe
def entry_audio(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send an entry's sound to whoever may see it: every licence lets the public listen."""
    submission = entry_or_404(request, pk).submission
    return sound_response(request, _hearing(submission), submission.title)


@require_safe
def entry_wav(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send an entry's sound to keep, where its licence lets the viewer have it."""
    seen = entry_or_404(request, pk)
    if not seen.can_download:
        raise PermissionDenied(_("Its author reserves all rights: it can be listened to only."))
    return _wav_response(request, seen.submission)


@require_safe
@never_cache
def entry_player(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show only the player, for the page that asks until the sound is there."""
    context = player_of(entry_or_404(request, pk), of_submission=False)
    return render(request, "components/player.html", {"player": context})


@require_safe
@login_required
def submission_audio(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send any version's sound to its participant or an organizer."""
    submission = submission_or_404(request, pk)
    return sound_response(request, _hearing(submission), submission.title)


@require_safe
@login_required
def submission_wav(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send any version's sound to keep to its participant or an organizer."""
    return _wav_response(request, submission_or_404(request, pk))


@require_safe
@login_required
@never_cache
def submission_player(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show only the player of one version."""
    submission = submission_or_404(request, pk)
    seen = submission_view(submission=submission, viewer=request.user, now=timezone.now())
    context = player_of(seen, of_submission=True)
    return render(request, "components/player.html", {"player": context})
