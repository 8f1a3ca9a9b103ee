"""`/desk/reviews/…`: pieces that a person has to decide on."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditRecord
from accounts.pages import UNPROCESSABLE, person_of
from challenges.desk_decision_forms import ReviewForm
from challenges.models import Submission
from challenges.models.entry import Eligibility
from challenges.selectors.desk import waiting_reviews
from challenges.selectors.submissions import standing_of
from challenges.services.reviewing import judge_eligibility
from challenges.views.desk import DeskView

PAGE = 50


class Waiting(DeskView):
    """Pieces under review or appealed, the oldest first."""

    tab = "desk-reviews"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(waiting_reviews(), PAGE).get_page(request.GET.get("page"))
        return self.page("reviews", {"page": page, **page_addresses(page)})


def page_addresses(page: Any, query: str = "") -> dict[str, str | None]:
    """Return the addresses of the neighbouring pages."""
    return {
        "previous_url": f"?{query}page={page.previous_page_number()}"
        if page.has_previous()
        else None,
        "next_url": f"?{query}page={page.next_page_number()}" if page.has_next() else None,
    }


class Decide(DeskView):
    """One piece: what is known about it, what was decided, and the next decision."""

    tab = "desk-reviews"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        submission = self._submission(pk)
        return self._page(submission, self._form(submission))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        submission = self._submission(pk)
        form = self._form(submission, request.POST)
        if not form.is_valid():
            return self._page(submission, form, status=UNPROCESSABLE)
        self.attempt(
            lambda: judge_eligibility(
                submission=submission,
                decision=Eligibility(form.cleaned_data["decision"]),
                reason=form.cleaned_data["reason"],
                actor=person_of(request),
                now=timezone.now(),
            ),
            _("“{title}” is decided on.").format(title=submission.title),
        )
        return redirect("desk-review", pk=pk)

    def _submission(self, pk: UUID) -> Submission:
        submissions = Submission.objects.select_related("entry__participant", "round__live_board")
        return get_object_or_404(submissions, pk=pk)

    def _form(self, submission: Submission, data: Any = None) -> ReviewForm:
        return ReviewForm(data, present=Eligibility(submission.eligibility))

    def _page(self, submission: Submission, form: ReviewForm, *, status: int = 200) -> HttpResponse:
        same = Submission.objects.filter(
            round=submission.round_id, music_hash=submission.music_hash
        ).exclude(entry=submission.entry_id)
        context = {
            "submission": submission,
            "standing": standing_of(submission=submission, now=timezone.now()),
            "form": form,
            "same_music": same.select_related("entry__participant").order_by("submitted_at"),
            "audit": AuditRecord.objects.about(submission.subject).select_related("actor"),
            "crumbs": [
                {"label": _("Reviews"), "url": reverse("desk-reviews")},
                {"label": submission.title},
            ],
        }
        return self.page("review", context, status=status)
