"""What the public pages share: finding what the viewer may see, and showing what was refused."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.errors import RuleBroken
from accounts.models import User
from challenges.models import Round, Submission
from challenges.selectors.entries import with_context
from challenges.selectors.visibility import rounds_for, sees_all_of
from ml.music import MidiRefused

UNPROCESSABLE = 422


def person_of(request: HttpRequest) -> User:
    """Return the signed-in person; the view lets nobody else through."""
    return cast(User, request.user)


def round_or_404(request: HttpRequest, slug: str) -> Round:
    """Return the round that the viewer may read: drafts are the organizers' own."""
    return get_object_or_404(rounds_for(request.user), slug=slug)


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


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not done, as a notice on the page, and the status it answers with."""

    text: str
    status: int
    url: str = ""
    link: str = ""

    @classmethod
    def of(cls, error: RuleBroken | MidiRefused) -> "Refusal":
        """Return what a broken rule or a refused file is shown as."""
        if isinstance(error, MidiRefused):
            return cls(error.detail, UNPROCESSABLE)
        return cls(str(error), error.status)
