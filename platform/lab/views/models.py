"""`/lab/models/<id>/`: a model that somebody trained: its card, its curves, and its use."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import RuleBroken
from accounts.pages import UNPROCESSABLE, plays_instruments
from lab.cards import facts_of, kind_of
from lab.forms import ModelForm
from lab.models import CustomModel
from lab.runs_shown import curves_of_card, curves_of_run, playing_of_run
from lab.services.models import change_model, delete_model
from lab.services.trying import try_on_melody
from lab.views.common import model_or_404, number_in, own_model_or_404, viewer_of
from lab.wording import Visibility
from studio.downloads import weights_response
from studio.guests import GENERATIONS, holder_of, holder_who_keeps
from studio.selectors.compositions import compositions_of

SHOWN_PIECES = 100


@require_safe
@plays_instruments  # type: ignore[arg-type]
def model_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a model to whoever may see it."""
    model = model_or_404(request, pk)
    viewer = viewer_of(request)
    context: dict[str, Any] = {
        "model": model,
        "card": model.card,
        "facts": facts_of(model),
        "is_own": viewer is not None and viewer.pk == model.owner_id,
        "address": request.build_absolute_uri(model.get_absolute_url()),
        "pieces": compositions_of(holder_of(request)).order_by("-updated_at")[:SHOWN_PIECES],
        "key": uuid4(),
        "path": model.get_absolute_url(),
        **_run_of(request, model),
    }
    return render(request, "lab/model.html", context)


def _run_of(request: HttpRequest, model: CustomModel) -> Mapping[str, Any]:
    """Return what the run behind a model showed; its curves alone if it was deleted."""
    if model.run is None:
        return {"kind": kind_of(model), "curves": curves_of_card(model.card, kind_of(model))}
    melody = number_in(request, "melody") or 0
    return {
        "run": model.run,
        "kind": model.run.kind,
        "curves": curves_of_run(model.run),
        "playing": playing_of_run(model.run, at=number_in(request, "at"), melody=melody),
    }


class Edit(View):
    """`/lab/models/<id>/edit/`: its name, its description, and who may use it."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        model = own_model_or_404(request, pk)
        values = {
            "name": model.name,
            "description": model.description,
            "visibility": model.visibility,
        }
        return self._page(request, model, ModelForm(initial=values))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        model = own_model_or_404(request, pk)
        form = ModelForm(request.POST)
        if not form.is_valid():
            return self._page(request, model, form, status=UNPROCESSABLE)
        change_model(
            model=model,
            now=timezone.now(),
            name=form.cleaned_data["name"],
            description=form.cleaned_data["description"],
            visibility=Visibility(form.cleaned_data["visibility"]),
        )
        return redirect(model)

    def _page(
        self, request: HttpRequest, model: CustomModel, form: ModelForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "heading": _("Name and share “{name}”").format(name=model.label),
            "text": _(
                "Whoever uses a shared model makes music with it; its weights can be downloaded. "
                "The music that it was trained on stays with you."
            ),
            "submit": _("Save"),
            "form": form,
            "cancel_url": model.get_absolute_url(),
        }
        return render(request, "components/confirm_page.html", context, status=status)


class Delete(View):
    """`/lab/models/<id>/delete/`"""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        model = own_model_or_404(request, pk)
        context = {
            "heading": _("Delete “{name}”?").format(name=model.label),
            "text": _(
                "Its weights are deleted, and nobody can use it any more. Music that was made with "
                "it stays, and still says what made it."
            ),
            "submit": _("Delete it"),
            "danger": True,
            "cancel_url": model.get_absolute_url(),
        }
        return render(request, "components/confirm_page.html", context)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        model = own_model_or_404(request, pk)
        delete_model(model=model, now=timezone.now())
        messages.success(request, _("“{name}” is deleted.").format(name=model.label))
        return redirect("lab")


@require_POST
def try_it(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the model for a generation on Twinkle Twinkle, and go where it appears."""
    model = model_or_404(request, pk)
    try:
        generation = try_on_melody(
            model=model,
            owner=holder_who_keeps(request, scope=GENERATIONS),
            now=timezone.now(),
            key=request.POST.get("key", "")[:64],
        )
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect(model)
    return redirect(generation)


@require_POST
def use(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go to a composition of the viewer's with this model chosen."""
    model = model_or_404(request, pk)
    wanted = request.POST.get("composition", "")
    piece = next(
        (p for p in compositions_of(holder_of(request))[:SHOWN_PIECES] if str(p.pk) == wanted),
        None,
    )
    if piece is None:
        return redirect("studio")
    chosen = f"?model={model.own_name}#{model.technique}"
    return redirect(reverse("composition", args=[piece.pk]) + chosen)


@require_safe
def weights(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send a model's weights to whoever may use it."""
    model = model_or_404(request, pk)
    return weights_response(model.weights_key, model.label)


@require_safe
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a model's card as JSON to whoever may use it."""
    model = model_or_404(request, pk)
    headers = {"Content-Disposition": f'attachment; filename="{model.weights}.json"'}
    return JsonResponse(model.card, json_dumps_params={"indent": 1}, headers=headers)
