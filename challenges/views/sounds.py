"""Hearing entries and submissions."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from challenges.models import Submission
from challenges.selectors.entries import EntryView, submission_view
from challenges.views.common import entry_or_404, submission_or_404
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


def _hearing(submission: Submission) -> Hearing:
    return hear(submission, now=timezone.now(), owner=submission.entry.participant)


@require_safe
def entry_audio(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send an entry's sound to whoever may see it: every licence lets the public listen."""
    submission = entry_or_404(request, pk).submission
    return sound_response(request, _hearing(submission), submission.title)


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
@never_cache
def submission_player(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show only the player of one version."""
    submission = submission_or_404(request, pk)
    seen = submission_view(submission=submission, viewer=request.user, now=timezone.now())
    context = player_of(seen, of_submission=True)
    return render(request, "components/player.html", {"player": context})
