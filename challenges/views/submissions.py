"""Handing in a piece, watching it being scored, and what its participant may do with it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_stubs_ext import StrOrPromise

from accounts.errors import RuleBroken
from accounts.pages import UNPROCESSABLE, Refusal, keep_way_back, person_of
from accounts.words import translated
from challenges.clock import upload_began
from challenges.downloads import midi_response
from challenges.errors import DuplicateSubmission
from challenges.forms import AppealForm, SubmitForm
from challenges.models import Round, Submission
from challenges.selectors.entries import submission_view
from challenges.services.reviewing import appeal
from challenges.services.submitting import pick, submit, withdraw
from challenges.views.common import own_submission_or_404, round_or_404, submission_or_404
from challenges.views.pieces import piece_context
from challenges.views.rounds import round_context
from challenges.wording import rules_in_words
from ml.music import MidiRefused
from studio.errors import IdempotencyConflict
from studio.guests import holder_of


class Submit(LoginRequiredMixin, View):
    """`/rounds/<slug>/submit/`

    A guest is led to signing in or signing up, and back to the same piece, which is theirs then.
    """

    def handle_no_permission(self) -> HttpResponseRedirect:
        if holder_of(self.request) is not None:  # only guests: nobody else needs a session
            keep_way_back(self.request)
        return super().handle_no_permission()

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        chosen = request.GET.get("composition", "")
        form = SubmitForm.of(person_of(request), chosen)
        return self._page(request, round_or_404(request, slug), form)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        began = upload_began(request)
        round_ = round_or_404(request, slug)
        form = SubmitForm(person_of(request), request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, round_, form, status=UNPROCESSABLE)
        try:
            submission = self._submit(request, round_, form, began)
        except MidiRefused as refused:
            form.add_error("midi", translated(refused.detail))
            return self._page(request, round_, form, status=UNPROCESSABLE)
        except RuleBroken as broken:
            return self._refused(request, round_, form, broken)
        return redirect("submission", pk=submission.pk)

    def _submit(
        self, request: HttpRequest, round_: Round, form: SubmitForm, began: datetime
    ) -> Submission:
        return submit(
            round_=round_,
            participant=person_of(request),
            piece=form.piece(),
            received_at=began,
            idempotency_key=str(form.cleaned_data["key"]),
        )

    def _refused(
        self, request: HttpRequest, round_: Round, form: SubmitForm, broken: RuleBroken
    ) -> HttpResponse:
        if isinstance(broken, IdempotencyConflict):
            # The page was sent before; sent again on purpose, this is another piece.
            text = _(
                "You have handed in a piece from this page before. Send this one as a new piece?"
            )
            refusal = Refusal(text, broken.status)
            return self._page(request, round_, form.with_new_key(), refusal=refusal)
        refusal = Refusal.of(broken)
        if isinstance(broken, DuplicateSubmission):
            url = reverse("submission", kwargs={"pk": broken.extra["submission"]})
            refusal = Refusal(str(broken), broken.status, url, _("See that piece"))
        return self._page(request, round_, form, refusal=refusal)

    def _page(
        self,
        request: HttpRequest,
        round_: Round,
        form: SubmitForm,
        *,
        status: int = 200,
        refusal: Refusal | None = None,
    ) -> HttpResponse:
        context = {
            **round_context(request, round_, timezone.now()),
            "rules": rules_in_words(round_),
            "form": form,
            "refusal": refusal,
        }
        status = refusal.status if refusal else status
        return render(request, "rounds/submit.html", context, status=status)


@require_safe
@login_required
@never_cache
def submission_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one submission to its participant: how its scoring is going, then its score."""
    submission = submission_or_404(request, pk)
    seen = submission_view(submission=submission, viewer=request.user, now=timezone.now())
    return render(
        request, "entries/submission.html", piece_context(request, seen, of_submission=True)
    )


@require_safe
@login_required
@never_cache
def submission_status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show only how the scoring is going, for the page that asks every two seconds."""
    submission = submission_or_404(request, pk)
    seen = submission_view(submission=submission, viewer=request.user, now=timezone.now())
    context = {**piece_context(request, seen, of_submission=True), "is_fragment": True}
    return render(request, "entries/_progress.html", context)


@require_safe
@login_required
def submission_midi(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send any version's file to its participant or an organizer."""
    return midi_response(submission_or_404(request, pk))


class Confirmed(LoginRequiredMixin, View):
    """A change that is asked for on a page of its own and done by that page's form."""

    heading: StrOrPromise
    text: StrOrPromise
    button: StrOrPromise
    done: StrOrPromise
    is_danger = False

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return self._page(request, own_submission_or_404(request, pk))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        submission = own_submission_or_404(request, pk)
        form = self.form(request)
        if form is not None and not form.is_valid():
            return self._page(request, submission, form, status=UNPROCESSABLE)
        try:
            self.change(submission, form)
        except RuleBroken as broken:
            return self._page(request, submission, form, refusal=Refusal.of(broken))
        messages.success(request, self.done.format(title=submission.title))
        return redirect("entry", pk=submission.entry_id)

    def form(self, request: HttpRequest) -> AppealForm | None:
        """Return what is to be filled in, bound if it was sent; None for a mere button."""
        return None

    def change(self, submission: Submission, form: AppealForm | None) -> None:
        """Do what was confirmed.

        :raises RuleBroken: if it cannot be done
        """
        raise NotImplementedError

    def _page(
        self,
        request: HttpRequest,
        submission: Submission,
        form: AppealForm | None = None,
        *,
        status: int = 200,
        refusal: Refusal | None = None,
    ) -> HttpResponse:
        context: dict[str, Any] = {
            "heading": self.heading.format(title=submission.title),
            "text": self.text,
            "submit": self.button,
            "danger": self.is_danger,
            "form": form or self.form(request),
            "cancel_url": reverse("submission", kwargs={"pk": submission.pk}),
            "refusal": refusal,
        }
        status = refusal.status if refusal else status
        return render(request, "entries/confirm.html", context, status=status)


class Withdraw(Confirmed):
    """`/submissions/<id>/withdraw/`"""

    heading = gettext_lazy("Withdraw “{title}”?")
    text = gettext_lazy(
        "It leaves the board and nobody else can open it any more. It cannot be "
        "brought back, and it still counts as one of the pieces that you may hand in."
    )
    button = gettext_lazy("Withdraw it")
    done = gettext_lazy("“{title}” is withdrawn.")
    is_danger = True

    def change(self, submission: Submission, form: AppealForm | None) -> None:
        withdraw(submission=submission, now=timezone.now())


class Pick(Confirmed):
    """`/submissions/<id>/pick/`"""

    heading = gettext_lazy("Let “{title}” count?")
    text = gettext_lazy(
        "It takes your place on the board once it is scored. You can choose again until the end."
    )
    button = gettext_lazy("Let it count")
    done = gettext_lazy("“{title}” is the one that counts.")

    def change(self, submission: Submission, form: AppealForm | None) -> None:
        pick(submission=submission, now=timezone.now())


class Appeal(Confirmed):
    """`/submissions/<id>/appeal/`"""

    heading = gettext_lazy("Appeal for “{title}”")
    text = gettext_lazy(
        "The organizers took this piece out of the round. They will read what you write here."
    )
    button = gettext_lazy("Send the appeal")
    done = gettext_lazy("Your appeal for “{title}” is with the organizers.")

    def form(self, request: HttpRequest) -> AppealForm:
        return AppealForm(request.POST if request.method == "POST" else None)

    def change(self, submission: Submission, form: AppealForm | None) -> None:
        assert form is not None
        appeal(submission=submission, statement=form.cleaned_data["statement"], now=timezone.now())
