"""`/studio/<id>/`: a composition, what can be made of it, and what its owner may do with it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import RuleBroken
from accounts.pages import UNPROCESSABLE, Refusal, plays_instruments
from ml.techniques import TECHNIQUES
from studio.downloads import midi_response
from studio.explaining import in_runs
from studio.forms import GenerateForm, TitleForm
from studio.guests import GENERATIONS, holder_of, holder_who_keeps
from studio.models import Composition, ShareLink
from studio.own_models import OwnModel, found, is_own, offered
from studio.selectors.compositions import lineage_of, versions_of
from studio.selectors.generations import generations_of, state_of
from studio.selectors.techniques import TechniqueView, techniques
from studio.services.compositions import change_composition, delete_composition
from studio.services.copying import copy_composition
from studio.services.generations import request_generation
from studio.services.versions import restore_version
from studio.views.common import actor_of, composition_or_404, roll_or_none
from studio.views.sounds import player_of

SHOWN_VERSIONS = 10
SHOWN_GENERATIONS = 20


@method_decorator(plays_instruments, name="dispatch")
class CompositionPage(View):
    """`/studio/<id>/`: a composition, and a form for each technique."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return self._page(request, composition_or_404(request, pk))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        composition = composition_or_404(request, pk)
        technique = request.POST.get("technique", "")
        if technique not in TECHNIQUES:
            return self._page(request, composition, status=UNPROCESSABLE)
        form = GenerateForm(technique, request.POST, models=_own_models(request, technique))
        if not form.is_valid():
            return self._page(request, composition, form, status=UNPROCESSABLE)
        try:
            generation = request_generation(
                composition=composition,
                owner=holder_who_keeps(request, scope=GENERATIONS),
                wish=form.wish(),
                now=timezone.now(),
                idempotency_key=str(form.cleaned_data["key"]),
            )
        except RuleBroken as broken:
            return self._page(request, composition, form, refusal=Refusal.of(broken))
        return redirect(generation)

    def _page(
        self,
        request: HttpRequest,
        composition: Composition,
        sent: GenerateForm | None = None,
        *,
        status: int = 200,
        refusal: Refusal | None = None,
    ) -> HttpResponse:
        again = _values_of(request)
        offers = [_offer(request, technique, sent, again) for technique in techniques()]
        made = generations_of(holder_of(request)).filter(input=composition)[:SHOWN_GENERATIONS]
        link = ShareLink.objects.filter(composition=composition).first()
        context: dict[str, Any] = {
            "composition": composition,
            "roll": roll_or_none(composition),
            "player": player_of(composition),
            "offers": offers,
            "sent": sent,
            "refusal": refusal,
            "generations": [(generation, state_of(generation)) for generation in made],
            "lineage": lineage_of(composition),
            "versions": versions_of(composition)[:SHOWN_VERSIONS],
            "link": link,
            "address": request.build_absolute_uri(link.get_absolute_url()) if link else "",
        }
        status = refusal.status if refusal else status
        return render(request, "studio/composition.html", context, status=status)


def _offer(
    request: HttpRequest,
    technique: TechniqueView,
    sent: GenerateForm | None,
    again: dict[str, dict[str, Any]],
) -> tuple[TechniqueView, GenerateForm, bool]:
    """Return a technique with its form, and whether its settings are shown."""
    if sent is not None and sent.technique == technique.name:
        return technique, sent, True
    models = _own_models(request, technique.name)
    values = again.get(technique.name)
    return technique, GenerateForm(technique.name, values=values, models=models), values is not None


def _own_models(request: HttpRequest, technique: str) -> list[OwnModel]:
    """Return the models that the viewer may choose; one that the address names is among them."""
    holder = holder_of(request)
    models = [model for model in offered(holder) if model.technique == technique]
    named = request.POST.get(f"{technique}-model", "") or request.GET.get("model", "")
    found_one = found(holder, named) if is_own(named) else None
    if found_one and found_one.technique == technique and found_one not in models:
        models.append(found_one)
    return models


def _values_of(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """Return the settings that the address asks for, by technique.

    `?again=` names an earlier generation, `?model=` a model that somebody trained.
    """
    named = request.GET.get("model", "")
    own = found(holder_of(request), named) if is_own(named) else None
    if own is not None:
        return {own.technique: {**own.fixed, "model": own.name}}
    try:
        pk = UUID(request.GET.get("again", ""))
    except ValueError:
        return {}
    earlier = generations_of(holder_of(request)).filter(pk=pk).first()
    if earlier is None:
        return {}
    chosen = earlier.model if earlier.model_key else ""
    values = {**_as_typed(earlier.parameters), "seed": earlier.seed, "model": chosen}
    return {earlier.technique: values}


def _as_typed(parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        name: in_runs(value) if isinstance(value, list) else value
        for name, value in parameters.items()
    }


@require_safe
def composition_midi(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send a composition's file to its owner."""
    composition = composition_or_404(request, pk)
    return midi_response(composition.midi_key, composition.title)


class Rename(View):
    """`/studio/<id>/rename/`"""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        composition = composition_or_404(request, pk)
        return self._page(request, composition, TitleForm(initial={"title": composition.title}))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        composition = composition_or_404(request, pk)
        form = TitleForm(request.POST)
        if not form.is_valid():
            return self._page(request, composition, form, status=UNPROCESSABLE)
        change_composition(
            composition=composition, title=form.cleaned_data["title"], now=timezone.now()
        )
        return redirect(composition)

    def _page(
        self, request: HttpRequest, composition: Composition, form: TitleForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "heading": f"Rename “{composition.title}”",
            "submit": _("Rename"),
            "form": form,
            "cancel_url": reverse("composition", kwargs={"pk": composition.pk}),
        }
        return render(request, "components/confirm_page.html", context, status=status)


class Delete(View):
    """`/studio/<id>/delete/`"""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        composition = composition_or_404(request, pk)
        context = {
            "heading": f"Delete “{composition.title}”?",
            "text": _(
                "You can bring it back for {deleted_days} days. What was made of it stays, "
                "and so does what you have handed in; what is being made of it now is "
                "cancelled, and its link leads nowhere."
            ).format(deleted_days=settings.DELETED_DAYS),
            "submit": _("Delete it"),
            "danger": True,
            "cancel_url": reverse("composition", kwargs={"pk": composition.pk}),
        }
        return render(request, "components/confirm_page.html", context)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        composition = composition_or_404(request, pk)
        delete_composition(composition=composition, actor=actor_of(request), now=timezone.now())
        messages.success(
            request,
            _(
                "“{title}” is deleted. You find it among the deleted ones for {deleted_days} days."
            ).format(title=composition.title, deleted_days=settings.DELETED_DAYS),
        )
        return redirect("studio")


@require_POST
def duplicate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep a copy of a composition of the viewer's, and go there."""
    composition = composition_or_404(request, pk)
    try:
        copied = copy_composition(
            composition=composition, owner=holder_who_keeps(request), now=timezone.now()
        )
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect(composition)
    messages.success(request, _("This is a copy of “{title}”.").format(title=composition.title))
    return redirect(copied)


@require_POST
def go_back(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Make an earlier version of the viewer's composition the present one."""
    composition = composition_or_404(request, pk)
    version = get_object_or_404(versions_of(composition), number=number)
    restore_version(version=version, now=timezone.now())
    messages.success(
        request, _("The music is that of version {number} again.").format(number=number)
    )
    return redirect(composition)


@require_safe
def version_midi(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    """Send an earlier version's file to the composition's owner."""
    composition = composition_or_404(request, pk)
    version = get_object_or_404(versions_of(composition), number=number)
    return midi_response(version.midi_key, f"{composition.title} {number}")
