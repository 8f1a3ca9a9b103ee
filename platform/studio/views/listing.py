"""`/studio/` and `/studio/deleted/`: what somebody keeps, and what they can bring back."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from accounts.errors import RuleBroken
from accounts.pages import UNPROCESSABLE, Refusal
from accounts.words import translated
from ml.music import MidiRefused
from ml.music.drawing import Shape
from studio.errors import StorageUnavailable
from studio.files import thumbnail_at
from studio.forms import UploadForm
from studio.guests import holder_of, holder_who_keeps
from studio.models import Composition, Guest
from studio.selectors.compositions import ORDERS, compositions_of, deleted_compositions_of
from studio.services.compositions import create_composition, restore_composition

PER_PAGE = 20
GUEST_TEXT = gettext_lazy(
    "Your pieces are kept in this browser’s name and deleted if you do not "
    "return for {days} days. When you sign in they become yours."
)


class Studio(View):
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
                owner=holder_who_keeps(request),
                upload=upload,
                title=title,
                now=timezone.now(),
                idempotency_key=str(form.cleaned_data["key"]),
            )
        except MidiRefused as refused:
            form.add_error("midi", translated(refused.detail))
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
        search, sort = _asked(request)
        holder = holder_of(request)
        own = compositions_of(holder).order_by(*ORDERS[sort][1])
        found = own.filter(title__icontains=search) if search else own
        context = {
            "form": form,
            "refusal": refusal,
            "search": search,
            "sort": sort,
            "orders": [(name, label) for name, (label, _) in ORDERS.items()],
            "is_guest": isinstance(holder, Guest),
            "guest_text": GUEST_TEXT.format(days=settings.GUEST_DAYS),
            "n_deleted": deleted_compositions_of(holder, timezone.now()).count(),
            **_lines(request, found, search=search, sort=sort),
        }
        status = refusal.status if refusal else status
        return render(request, "studio/studio.html", context, status=status)


def _asked(request: HttpRequest) -> tuple[str, str]:
    """Return what to search for and the order to list in."""
    sort = request.GET.get("sort", "")
    search = request.GET.get("search", "").replace("\0", "").strip()[:80]
    return search, sort if sort in ORDERS else next(iter(ORDERS))


def _lines(request: HttpRequest, found: QuerySet[Composition], **kept: str) -> dict[str, Any]:
    """Return a page of compositions with their drawings, and the way to the others."""
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "lines": [(piece, _thumbnail(piece)) for piece in page.object_list],
        **_page_urls(page, {name: value for name, value in kept.items() if value}),
    }


def _thumbnail(composition: Composition) -> tuple[Shape, ...]:
    try:
        return thumbnail_at(composition.midi_key)
    except StorageUnavailable:  # a list without a drawing is still a list
        return ()


def _page_urls(page: Page[Composition], kept: dict[str, str]) -> dict[str, str]:
    urls = {}
    if page.has_previous():
        urls["previous_url"] = f"?{urlencode(kept | {'page': page.previous_page_number()})}"
    if page.has_next():
        urls["next_url"] = f"?{urlencode(kept | {'page': page.next_page_number()})}"
    return urls


class Deleted(View):
    """`/studio/deleted/`: what was deleted in the last days, each with a way back."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        holder, now = holder_of(request), timezone.now()
        own = deleted_compositions_of(holder, now)
        composition = get_object_or_404(own, pk=_uuid(request.POST.get("composition", "")))
        assert holder is not None  # a stranger has deleted nothing
        try:
            composition = restore_composition(composition=composition, holder=holder, now=now)
        except RuleBroken as broken:
            return self._page(request, refusal=Refusal.of(broken))
        messages.success(request, _("“{title}” is back.").format(title=composition.title))
        return redirect(composition)

    def _page(self, request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
        own = deleted_compositions_of(holder_of(request), timezone.now())
        context = {
            "lead": _("Each can be brought back for {deleted_days} days.").format(
                deleted_days=settings.DELETED_DAYS
            ),
            "refusal": refusal,
            **_lines(request, own),
        }
        status = refusal.status if refusal else 200
        return render(request, "studio/deleted.html", context, status=status)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
