"""`/lab/runs/<id>/`: watching a run, and telling it what to do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import RuleBroken
from accounts.pages import plays_instruments
from lab.models import TrainingRun
from lab.runs_shown import (
    curves_of_run,
    evolution_of_run,
    film_of_run,
    newest_of,
    playing_of_run,
)
from lab.selectors.runs import run_view
from lab.services.runs import cancel_run, change_run, delete_run
from lab.views.common import (
    film_response,
    number_in,
    run_heard_or_404,
    run_or_404,
    sample_response,
)
from lab.wording import Wanted


@require_safe
@never_cache
@plays_instruments  # type: ignore[arg-type]
def run_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a run to its owner: how far it is, its curves, and what it plays."""
    return render(request, "lab/run.html", _context(request, run_or_404(request, pk)))


@require_safe
@never_cache
def run_live(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how a run is going, and what is new since the page was drawn or last asked."""
    run = run_or_404(request, pk)
    had = number_in(request, "points"), number_in(request, "samples")
    return render(request, "lab/_live_answer.html", _context(request, run, had=had))


def _context(
    request: HttpRequest, run: TrainingRun, *, had: tuple[int | None, int | None] | None = None
) -> dict[str, Any]:
    """Return what is shown of a run: everything, or what the page that asks does not have yet."""
    view = run_view(run, timezone.now())
    point, sample = newest_of(run)
    context: dict[str, Any] = {
        "view": view,
        "run": view.run,
        "last_point": point,
        "last_sample": sample,
        "is_fragment": had is not None,
        "path": reverse("lab-run", args=[run.pk]),
    }
    if had is None or had[0] != point or view.is_final:
        context["curves"] = curves_of_run(view.run)
    if had is None or had[1] != sample:
        at = number_in(request, "at")
        # Whoever looks at the newest sample sees the next one as soon as it is there.
        at = None if had is not None and at == had[1] else at
        melody = number_in(request, "melody") or 0
        context["playing"] = playing_of_run(view.run, at=at, melody=melody)
    return context


@require_POST
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell a run to pause, to train on, or to finish with what it has learned."""
    run = run_or_404(request, pk)
    wanted = request.POST.get("wanted", "")
    if wanted not in Wanted.values:
        raise Http404
    try:
        change_run(run=run, wanted=Wanted(wanted), now=timezone.now())
    except RuleBroken as broken:
        messages.error(request, str(broken))
    return redirect(run)


class Cancel(View):
    """`/lab/runs/<id>/cancel/`: giving a run up, which loses what it learned."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        run = run_or_404(request, pk)
        context = {
            "heading": _("Cancel this training?"),
            "text": _(
                "What it has learned is let go, and no model comes of it. To keep what it knows "
                "so far, finish it early instead. Its curves stay to be looked at, and the "
                "processor time that it took stays used."
            ),
            "submit": _("Cancel the training"),
            "danger": True,
            "cancel_url": run.get_absolute_url(),
        }
        return render(request, "components/confirm_page.html", context)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        run = run_or_404(request, pk)
        try:
            cancel_run(run=run, now=timezone.now())
        except RuleBroken as broken:
            messages.error(request, str(broken))
        return redirect(run)


class Delete(View):
    """`/lab/runs/<id>/delete/`: deleting a run that has ended."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        run = run_or_404(request, pk)
        context = {
            "heading": _("Delete this training run?"),
            "text": _("Its curves and samples are deleted. A model that came of it stays."),
            "submit": _("Delete it"),
            "danger": True,
            "cancel_url": run.get_absolute_url(),
        }
        return render(request, "components/confirm_page.html", context)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        run = run_or_404(request, pk)
        try:
            delete_run(run=run, now=timezone.now())
        except RuleBroken as broken:
            messages.error(request, str(broken))
            return redirect(run)
        messages.success(request, _("The run is deleted."))
        return redirect("lab")


@require_safe
def sample(request: HttpRequest, pk: UUID, iteration: int, melody: int) -> HttpResponse:
    """Send what a run made of a melody at one iteration, as a MIDI file."""
    run = run_heard_or_404(request, pk)
    return sample_response(evolution_of_run(run), iteration, melody)


@require_safe
def run_film(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a film of what a run played on the way."""
    run = run_heard_or_404(request, pk)
    found = film_of_run(run)
    if found is None:
        raise Http404
    return film_response(found, f"training-{newest_of(run)[1]}")
