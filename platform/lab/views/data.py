"""`/lab/data/…`: choosing music to train on, and what was found in it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe

from accounts.errors import RuleBroken
from accounts.models import User
from accounts.pages import UNPROCESSABLE, Refusal, person_of, plays_instruments
from lab.errors import RightsNotConfirmed
from lab.forms import CompositionsForm, NameForm, PartsForm, StyleForm, UploadForm
from lab.models import DataFile, DataSet
from lab.selectors.data_sets import files_of, kinds_for
from lab.selectors.runs import runs_of
from lab.services.data_sets import (
    choose_parts,
    create_from_compositions,
    create_from_style,
    create_from_upload,
    delete_data_set,
    rename_data_set,
)
from lab.styles import counted
from lab.views.common import data_set_or_404
from ml.music.drawing import Roll, roll_of
from studio.downloads import midi_response
from studio.errors import StorageUnavailable
from studio.files import song_at
from studio.selectors.compositions import compositions_of

MOST_PIECES = 500
FEW_PHRASES = 60


class DataNew(LoginRequiredMixin, View):
    """`/lab/data/new/`: three ways to music: files, own compositions, or a shipped style."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, {})

    def post(self, request: HttpRequest) -> HttpResponse:
        makers: dict[str, Callable[[HttpRequest], DataSet | HttpResponse]] = {
            "upload": self._upload,
            "compositions": self._compositions,
            "style": self._style,
        }
        maker = makers.get(request.POST.get("source", ""))
        if maker is None:
            return self._page(request, {}, status=UNPROCESSABLE)
        made = maker(request)
        return redirect(made) if isinstance(made, DataSet) else made

    def _upload(self, request: HttpRequest) -> DataSet | HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        return self._make(
            request,
            "upload",
            form,
            lambda owner: create_from_upload(
                owner=owner,
                files=form.uploads(),
                name=form.cleaned_data["name"],
                rights_confirmed=form.cleaned_data["rights"],
                now=timezone.now(),
            ),
        )

    def _compositions(self, request: HttpRequest) -> DataSet | HttpResponse:
        form = CompositionsForm(compositions_of(person_of(request)), request.POST)
        return self._make(
            request,
            "compositions",
            form,
            lambda owner: create_from_compositions(
                owner=owner,
                compositions=form.cleaned_data["pieces"],
                name=form.cleaned_data["name"],
                now=timezone.now(),
            ),
        )

    def _style(self, request: HttpRequest) -> DataSet | HttpResponse:
        form = StyleForm(request.POST)
        return self._make(
            request,
            "style",
            form,
            lambda owner: create_from_style(
                owner=owner,
                style=form.cleaned_data["style"],
                name=form.cleaned_data["name"],
                now=timezone.now(),
            ),
        )

    def _make(
        self, request: HttpRequest, source: str, form: Any, make: Callable[[User], DataSet]
    ) -> DataSet | HttpResponse:
        """Make a data set, or return the page that says why there is none."""
        if not form.is_valid():
            return self._page(request, {source: form}, status=UNPROCESSABLE)
        try:
            return make(person_of(request))
        except RightsNotConfirmed as broken:
            form.add_error("rights", str(broken))
            return self._page(request, {source: form}, status=UNPROCESSABLE)
        except RuleBroken as broken:
            return self._page(request, {source: form}, refusal=Refusal.of(broken))

    def _page(
        self,
        request: HttpRequest,
        sent: dict[str, Any],
        *,
        status: int = 200,
        refusal: Refusal | None = None,
    ) -> HttpResponse:
        own = compositions_of(person_of(request)).order_by("-updated_at")
        context = {
            "upload": sent.get("upload") or UploadForm(),
            "compositions": sent.get("compositions") or CompositionsForm(own[:MOST_PIECES]),
            "has_compositions": own.exists(),
            "style": sent.get("style") or StyleForm(),
            "styles": counted(),
            "most_files": settings.LAB_FILES,
            "most_mb": settings.LAB_BYTES // 2**20,
            "sent": next(iter(sent), ""),
            "refusal": refusal,
        }
        return render(
            request, "lab/data_new.html", context, status=refusal.status if refusal else status
        )


@require_safe
def data_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what was found in a data set: phrases, ranges, sides, and what was refused."""
    data_set = data_set_or_404(request, pk)
    context = {
        "data_set": data_set,
        "survey": data_set.survey,
        "files": files_of(data_set),
        "kinds": kinds_for(data_set),
        "runs": runs_of(person_of(request)).filter(data_set=data_set)[:10],
        "is_little": data_set.survey.get("phrases", 0) < FEW_PHRASES,
        "is_single": data_set.survey.get("accompanied") == 0,
    }
    return render(request, "lab/data.html", context)


class DataRename(View):
    """`/lab/data/<id>/rename/`"""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        data_set = data_set_or_404(request, pk)
        return self._page(request, data_set, NameForm(initial={"name": data_set.name}))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        data_set = data_set_or_404(request, pk)
        form = NameForm(request.POST)
        if not form.is_valid():
            return self._page(request, data_set, form, status=UNPROCESSABLE)
        rename_data_set(data_set=data_set, name=form.cleaned_data["name"])
        return redirect(data_set)

    def _page(
        self, request: HttpRequest, data_set: DataSet, form: NameForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "heading": _("Rename “{name}”").format(name=data_set.name),
            "submit": _("Rename"),
            "form": form,
            "cancel_url": data_set.get_absolute_url(),
        }
        return render(request, "components/confirm_page.html", context, status=status)


class DataDelete(View):
    """`/lab/data/<id>/delete/`"""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        data_set = data_set_or_404(request, pk)
        context = {
            "heading": _("Delete “{name}”?").format(name=data_set.name),
            "text": _(
                "Its files are deleted with it. Models that were made of it stay, and so do their "
                "curves; a run that rests could not go on."
            ),
            "submit": _("Delete it"),
            "danger": True,
            "cancel_url": data_set.get_absolute_url(),
        }
        return render(request, "components/confirm_page.html", context)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        data_set = data_set_or_404(request, pk)
        try:
            delete_data_set(data_set=data_set, now=timezone.now())
        except RuleBroken as broken:
            messages.error(request, str(broken))
            return redirect(data_set)
        messages.success(request, _("“{name}” is deleted.").format(name=data_set.name))
        return redirect("lab")


def _file_or_404(request: HttpRequest, pk: UUID, number: int) -> DataFile:
    return get_object_or_404(data_set_or_404(request, pk).files.exclude(midi_key=""), pk=number)


@method_decorator(plays_instruments, name="dispatch")
class FilePage(View):
    """`/lab/data/<id>/files/<n>/`: one file, and which of its tracks are the four parts."""

    def get(self, request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
        file = _file_or_404(request, pk, number)
        return self._page(request, file, PartsForm(file))

    def post(self, request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
        file = _file_or_404(request, pk, number)
        form = PartsForm(file, request.POST)
        inferred = "infer" in request.POST
        if not inferred and not form.is_valid():
            return self._page(request, file, form, status=UNPROCESSABLE)
        try:
            choose_parts(
                data_set=file.data_set, file=file.name, parts=None if inferred else form.parts()
            )
        except RuleBroken as broken:
            return self._page(request, file, form, refusal=Refusal.of(broken))
        messages.success(request, _("The parts of “{name}” are chosen.").format(name=file.name))
        return redirect(file.data_set)

    def _page(
        self,
        request: HttpRequest,
        file: DataFile,
        form: PartsForm,
        *,
        status: int = 200,
        refusal: Refusal | None = None,
    ) -> HttpResponse:
        context = {
            "file": file,
            "data_set": file.data_set,
            "form": form,
            "roll": _roll_or_none(file),
            "refusal": refusal,
        }
        status = refusal.status if refusal else status
        return render(request, "lab/data_file.html", context, status=status)


def _roll_or_none(file: DataFile) -> Roll | None:
    try:
        return roll_of(song_at(file.midi_key))
    except StorageUnavailable:  # a page without a drawing is still a page
        return None


@require_safe
def file_midi(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    """Send one file of a data set to its owner."""
    file = _file_or_404(request, pk, number)
    return midi_response(file.midi_key, file.name.rpartition(".")[0] or file.name)
