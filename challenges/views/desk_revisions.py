"""`/desk/rounds/<slug>/revisions/` and `/desk/revisions/<id>/`: scoring a round anew."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import RuleBroken
from accounts.pages import UNPROCESSABLE, person_of
from challenges.desk_decision_forms import RevisionForm
from challenges.desk_forms import initial_weights
from challenges.models import Round, ScoringRevision
from challenges.models.score import RevisionState
from challenges.selectors.desk import rank_moves, rescoring_progress
from challenges.services.revisions import apply_revision, cancel_revision, start_revision
from challenges.views.desk import DeskView

MOVES_SHOWN = 50


class Start(DeskView):
    """A round's revisions, and a form to start another one."""

    tab = "desk"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        round_ = self._round(slug)
        present = round_.live_board.revision if round_.live_board else round_
        initial = {
            "style": present.style,
            "scoring_rule": present.scoring_rule,
            **initial_weights(present.scoring_rule, present.scoring_config),
        }
        return self._page(round_, RevisionForm(initial=initial))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        round_ = self._round(slug)
        form = RevisionForm(request.POST)
        if not form.is_valid():
            return self._page(round_, form, status=UNPROCESSABLE)
        try:
            revision = self._start(round_, form)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
            return self._page(round_, form, status=broken.status)
        messages.success(request, _("The rescoring has begun. The present board stays for now."))
        return redirect("desk-revision", pk=revision.pk)

    def _start(self, round_: Round, form: RevisionForm) -> ScoringRevision:
        return start_revision(
            round_=round_,
            actor=person_of(self.request),
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            scoring_rule=form.cleaned_data["scoring_rule"],
            scoring_config=form.weights(),
            style=form.cleaned_data["style"],
        )

    def _round(self, slug: str) -> Round:
        return get_object_or_404(Round.objects.select_related("live_board__revision"), slug=slug)

    def _page(self, round_: Round, form: RevisionForm, *, status: int = 200) -> HttpResponse:
        context = {
            "round": round_,
            "form": form,
            "revisions": round_.revisions.select_related("created_by").order_by("-number"),
            "crumbs": round_crumbs(round_, _("Scoring")),
        }
        return self.page("revisions", context, status=status)


def round_crumbs(round_: Round, label: str) -> list[dict[str, str]]:
    """Return the way from the desk to a page about a round."""
    return [
        {"label": _("Desk"), "url": reverse("desk")},
        {"label": round_.title, "url": reverse("desk-round", args=[round_.slug])},
        {"label": label},
    ]


class Preview(DeskView):
    """How far a rescoring is, what applying it would change, and the two buttons."""

    tab = "desk"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        revision = get_object_or_404(
            ScoringRevision.objects.select_related("round__live_board", "created_by"), pk=pk
        )
        under_way = revision.state in (RevisionState.RUNNING, RevisionState.PREVIEW)
        context = {
            "revision": revision,
            "round": revision.round,
            "rescoring": rescoring_progress(revision),
            "moves": rank_moves(revision=revision, limit=MOVES_SHOWN) if under_way else None,
            "ready": revision.state == RevisionState.PREVIEW,
            "under_way": under_way,
            "running": revision.state == RevisionState.RUNNING,
            "crumbs": round_crumbs(revision.round, str(revision)),
        }
        return self.page("revision", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        revision = get_object_or_404(ScoringRevision, pk=pk)
        actions: dict[str, tuple[Any, str]] = {
            "apply": (apply_revision, _("The revision is the round’s scoring now.")),
            "cancel": (cancel_revision, _("The revision is dropped; the board was never touched.")),
        }
        if request.POST.get("action") not in actions:
            return HttpResponseBadRequest(_("Choose what to do."))
        act, success = actions[request.POST["action"]]
        self.attempt(
            lambda: act(revision=revision, actor=person_of(request), now=timezone.now()), success
        )
        return redirect("desk-revision", pk=pk)
