"""What the public pages share: finding what the viewer may see, and showing what was refused."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.pages import person_of
from challenges.models import Round, Submission
from challenges.selectors.entries import EntryView, entry_view, with_context
from challenges.selectors.visibility import entries_for, rounds_for, sees_all_of


def round_or_404(request: HttpRequest, slug: str) -> Round:
    """Return the round that the viewer may read: drafts are the organizers' own."""
    return get_object_or_404(rounds_for(request.user), slug=slug)


def entry_or_404(request: HttpRequest, pk: UUID) -> EntryView:
    """Return an entry as the viewer may see it."""
    entry = get_object_or_404(entries_for(request.user), pk=pk)
    seen = entry_view(entry=entry, viewer=request.user, now=timezone.now())
    if seen is None:
        raise Http404
    return seen


def submission_or_404(request: HttpRequest, pk: UUID) -> Submission:
    """Return a submission with everything about it: for its participant and organizers only."""
    submission = get_object_or_404(with_context(Submission.objects.all()), pk=pk)
    if not sees_all_of(request.user, submission.entry):
        raise Http404
    return submission


def own_submission_or_404(request: HttpRequest, pk: UUID) -> Submission:
    """Return the viewer's own submission."""
    own = Submission.objects.filter(entry__participant=person_of(request))
    return get_object_or_404(with_context(own), pk=pk)
