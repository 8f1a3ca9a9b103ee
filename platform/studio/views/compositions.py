"""`/studio/` and `/studio/<id>/`: a person's compositions, and what can be made of each."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.http import require_safe

from accounts.errors import RuleBroken
from accounts.pages import UNPROCESSABLE, Refusal, person_of
from ml.music import MidiRefused
from ml.music.drawing import Shape
from ml.techniques import TECHNIQUES
from studio.downloads import midi_response
from studio.errors import StorageUnavailable
from studio.explaining import in_runs
from studio.files import thumbnail_at
from studio.forms import GenerateForm, TitleForm, UploadForm
from studio.models import Composition
from studio.selectors.compositions import compositions_of, lineage_of
from studio.selectors.generations import generations_of, state_of
from studio.selectors.techniques import techniques
from studio.services.compositions import (
    create_composition,
    delete_composition,
    rename_composition,
)
from studio.services.generations import request_generation
from studio.views.common import composition_or_404, plays_instruments, roll_or_none
from studio.views.sounds import player_of

PER_PAGE = 20
SHOWN_GENERATIONS = 20


@method_decorator(plays_instruments, name="dispatch")
class Studio(LoginRequiredMixin, View):
    """`/studio/`: the viewer's compositions, and room for another one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form, status=UNPROCESSABLE)
        upload, title = form.piece()
        try:
            composition = create_composition(
                owner=person_of(request),
                upload=upload,
                title=title,
                now=timezone.now(),
                idempotency_key=str(form.cleaned_data["key"]),
            )
        except MidiRefused as refused:
            form.add_error("midi", refused.detail)
            return self._page(request, form, status=UNPROCESSABLE)
        except RuleBroken as broken:
            return self._page(request, form, refusal=Refusal.of(broken))
        return redirect(composition)

    def _page(
        self,
        request: HttpRequest,
        form: UploadForm,
        *,
        status: int = 200,
        refusal: Refusal | None = None,
    ) -> HttpResponse:
        search = request.GET.get("search", "").strip()[:80]
        own = compositions_of(person_of(request))
        found = own.filter(title__icontains=search) if search else own
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "form": form,
            "refusal": refusal,
            "search": search,
            "page": page,
            "lines": [(piece, _thumbnail(piece)) for piece in page.object_list],
            **_page_urls(page, search),
        }
        status = refusal.status if refusal else status
        return render(request, "studio/studio.html", context, status=status)


def _thumbnail(composition: Composition) -> tuple[Shape, ...]:
    try:
        return thumbnail_at(composition.midi_key)
    except StorageUnavailable:  # a list without a drawing is still a list
        return ()


def _page_urls(page: Page[Composition], search: str) -> dict[str, str]:
    kept = f"&{urlencode({'search': search})}" if search else ""
    urls = {}
    if page.has_previous():
        urls["previous_url"] = f"?page={page.previous_page_number()}{kept}"
    if page.has_next():
        urls["next_url"] = f"?page={page.next_page_number()}{kept}"
    return urls


@method_decorator(plays_instruments, name="dispatch")
class CompositionPage(LoginRequiredMixin, View):
    """`/studio/<id>/`: a composition, and a form for each technique."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return self._page(request, composition_or_404(request, pk))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        composition = composition_or_404(request, pk)
        technique = request.POST.get("technique", "")
        if technique not in TECHNIQUES:
            return self._page(request, composition, status=UNPROCESSABLE)
        form = GenerateForm(technique, request.POST)
        if not form.is_valid():
            return self._page(request, composition, form, status=UNPROCESSABLE)
        try:
            generation = request_generation(
                composition=composition,
                owner=person_of(request),
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
        offers = [
            (
                technique,
                sent
                if sent is not None and sent.technique == technique.name
                else GenerateForm(technique.name, values=again.get(technique.name)),
                technique.name in again or (sent is not None and sent.technique == technique.name),
            )
            for technique in techniques()
        ]
        made = generations_of(person_of(request)).filter(input=composition)[:SHOWN_GENERATIONS]
        context: dict[str, Any] = {
            "composition": composition,
            "roll": roll_or_none(composition),
            "player": player_of(composition),
            "offers": offers,
            "sent": sent,
            "refusal": refusal,
            "generations": [(generation, state_of(generation)) for generation in made],
            "lineage": lineage_of(composition),
        }
        status = refusal.status if refusal else status
        return render(request, "studio/composition.html", context, status=status)


def _values_of(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """Return the settings of the generation that `?again=` names, by its technique."""
    try:
        pk = UUID(request.GET.get("again", ""))
    except ValueError:
        return {}
    earlier = generations_of(person_of(request)).filter(pk=pk).first()
    if earlier is None:
        return {}
    return {earlier.technique: {**_as_typed(earlier.parameters), "seed": earlier.seed}}


def _as_typed(parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        name: in_runs(value) if isinstance(value, list) else value
        for name, value in parameters.items()
    }


@require_safe
@login_required
def composition_midi(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send a composition's file to its owner."""
    composition = composition_or_404(request, pk)
    return midi_response(composition.midi_key, composition.title)


class Rename(LoginRequiredMixin, View):
    """`/studio/<id>/rename/`"""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        composition = composition_or_404(request, pk)
        return self._page(request, composition, TitleForm(initial={"title": composition.title}))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        composition = composition_or_404(request, pk)
        form = TitleForm(request.POST)
        if not form.is_valid():
            return self._page(request, composition, form, status=UNPROCESSABLE)
        rename_composition(composition=composition, title=form.cleaned_data["title"])
        return redirect(composition)

    def _page(
        self, request: HttpRequest, composition: Composition, form: TitleForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "heading": f"Rename “{composition.title}”",
            "submit": "Rename",
            "form": form,
            "cancel_url": reverse("composition", kwargs={"pk": composition.pk}),
        }
        return render(request, "components/confirm_page.html", context, status=status)


class Delete(LoginRequiredMixin, View):
    """`/studio/<id>/delete/`"""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        composition = composition_or_404(request, pk)
        context = {
            "heading": f"Delete “{composition.title}”?",
            "text": "It cannot be brought back. What was made of it stays, and so does what you "
            "have handed in; what is being made of it now is cancelled.",
            "submit": "Delete it",
            "danger": True,
            "cancel_url": reverse("composition", kwargs={"pk": composition.pk}),
        }
        return render(request, "components/confirm_page.html", context)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        composition = composition_or_404(request, pk)
        delete_composition(composition=composition, actor=person_of(request), now=timezone.now())
        messages.success(request, f"“{composition.title}” is deleted.")
        return redirect("studio")
