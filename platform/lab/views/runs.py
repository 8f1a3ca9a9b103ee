"""`/lab/runs/new/`: asking for a training."""

from typing import Any
from uuid import UUID

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from accounts.errors import RuleBroken
from accounts.pages import UNPROCESSABLE, Refusal, person_of
from lab.forms import RunForm
from lab.models import TrainingRun
from lab.offers import offers
from lab.quotas import budget_of
from lab.selectors.data_sets import data_sets_of
from lab.services.runs import request_run
from lab.wording import Kind
from ml.techniques import ParametersRefused


class RunNew(LoginRequiredMixin, View):
    """`/lab/runs/new/`: what to train, on what, for how long."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = RunForm(_kind_of(request.GET), self._own(), values=_values_of(request))
        return self._page(request, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RunForm(_kind_of(request.POST), self._own(), request.POST)
        if not form.is_valid():
            return self._page(request, form, status=UNPROCESSABLE)
        try:
            run = request_run(
                owner=person_of(request),
                data_set=form.cleaned_data["data_set"],
                wish=form.wish(),
                now=timezone.now(),
                idempotency_key=str(form.cleaned_data["key"]),
            )
        except ParametersRefused as refused:
            for problem in refused.problems:
                form.add_error(problem.name, problem.detail)
            return self._page(request, form, status=UNPROCESSABLE)
        except RuleBroken as broken:
            return self._page(request, form, refusal=Refusal.of(broken))
        return redirect(run)

    def _own(self) -> Any:
        return data_sets_of(person_of(self.request))

    def _page(
        self,
        request: HttpRequest,
        form: RunForm,
        *,
        status: int = 200,
        refusal: Refusal | None = None,
    ) -> HttpResponse:
        context = {
            "form": form,
            "kind": form.kind,
            "kinds": _kind_links(request, form.kind),
            "offers": offers(form),
            "has_data": self._own().exists(),
            "is_open": form.is_bound or bool(form.initial.get("iterations")),
            "budget": budget_of(person_of(request), timezone.now()),
            "refusal": refusal,
        }
        return render(
            request, "lab/run_new.html", context, status=refusal.status if refusal else status
        )


def _kind_of(sent: Any) -> Kind:
    asked = sent.get("kind", "")
    return Kind(asked) if asked in Kind.values else Kind.GAN


def _kind_links(request: HttpRequest, chosen: Kind) -> list[dict[str, Any]]:
    data = request.GET.get("data", "")
    tail = f"&data={data}" if _uuid(data) else ""
    here = reverse("lab-run-new")
    return [
        {"label": kind.label.split(":")[0], "url": f"{here}?kind={kind}{tail}",
         "current": kind == chosen}
        for kind in Kind
    ]  # fmt: skip


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _values_of(request: HttpRequest) -> dict[str, Any]:
    """Return what the page's address asks for: a data set, or the settings of an earlier run."""
    person = person_of(request)
    again = _uuid(request.GET.get("again", ""))
    run = TrainingRun.objects.filter(owner=person, pk=again).first() if again else None
    if run is not None:
        return {**run.settings, "seed": run.seed, "data_set": run.data_set_id}
    data = _uuid(request.GET.get("data", ""))
    return {"data_set": data} if data else {}
