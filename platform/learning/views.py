"""`/learn/`: the shelf of capsules, their chapters, quizzes, glossary, search and certificates."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import AccessMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import RuleBroken
from accounts.models import User
from accounts.pages import UNPROCESSABLE, person_of
from learning.book import Capsule, capsules
from learning.forms import ArrangeForm
from learning.models import Certificate
from learning.progress import Keeper, keeper_of
from learning.selectors import completion, published, search, shelf, standing
from learning.services import arrange_capsules, issue_certificate
from learning.words import glossary, html_of, inline

LONGEST_QUERY = 80
SOUND_AGE = 3600  # seconds for which a browser keeps a piece's music


def visitor_of(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def keeper_for(request: HttpRequest) -> Keeper:
    return keeper_of(visitor_of(request), request.session)


def _organizes(request: HttpRequest) -> bool:
    visitor = visitor_of(request)
    return bool(visitor and visitor.is_active and visitor.is_organizer)


def capsule_or_404(request: HttpRequest, slug: str) -> Capsule:
    """Return a published capsule; organizers read hidden ones too."""
    capsule = published(slug, hidden=_organizes(request))
    if capsule is None:
        raise Http404
    return capsule


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the shelf, with how far the visitor is."""
    states = keeper_for(request).all()
    rows = [standing(row.capsule, states) for row in shelf()]
    going = next((row for row in rows if row.begun and not row.finished), None)
    return render(request, "learning/index.html", {"rows": rows, "going": going})


@require_safe
def capsule_page(request: HttpRequest, capsule: str) -> HttpResponse:
    """Show what a capsule teaches and its chapters."""
    found = capsule_or_404(request, capsule)
    certificate = Certificate.objects.filter(person=visitor_of(request), capsule=capsule).first()
    context = {
        "capsule": found,
        "intro": html_of((found.intro,), capsule)[0],
        "standing": standing(found, keeper_for(request).all()),
        "certificate": certificate if visitor_of(request) else None,
    }
    return render(request, "learning/capsule.html", context)


@require_POST
@login_required
def certify(request: HttpRequest, capsule: str) -> HttpResponse:
    """Issue the certificate of a capsule, or say what is missing."""
    found = capsule_or_404(request, capsule)
    try:
        certificate = issue_certificate(
            person=person_of(request), capsule=found, now=timezone.now()
        )
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect("learn-capsule", capsule)
    return redirect(certificate)


@require_safe
def certificate_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show a certificate to whoever has its address."""
    certificate = get_object_or_404(Certificate, token=token)
    capsule = capsules().get(certificate.capsule)
    if capsule is None:
        raise Http404
    context = {
        "certificate": certificate,
        "capsule": capsule,
        "own": certificate.person_id == request.user.pk,
        "address": request.build_absolute_uri(certificate.get_absolute_url()),
    }
    return render(request, "learning/certificate.html", context)


@require_safe
def glossary_page(request: HttpRequest) -> HttpResponse:
    """Show every word with its meaning."""
    terms = [(term, inline(term.means)) for term in glossary().values()]
    titles = {slug: capsule.title for slug, capsule in capsules().items()}
    return render(request, "learning/glossary.html", {"terms": terms, "titles": titles})


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Show the chapters in which all words of a query occur."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    return render(request, "learning/search.html", {"query": query, "found": search(query)})


class Manage(AccessMixin, View):
    """`/learn/manage/`: organizers publish and order capsules, and see how far people come."""

    permission_denied_message = gettext_lazy("Only organizers arrange the capsules.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _organizes(request):
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page([ArrangeForm.of(row) for row in shelf(hidden=True)])

    def post(self, request: HttpRequest) -> HttpResponse:
        forms = [ArrangeForm.of(row, request.POST) for row in shelf(hidden=True)]
        checked = [form.is_valid() for form in forms]  # all of them, to show every mistake
        if not all(checked):
            return self._page(forms, status=UNPROCESSABLE)
        arrange_capsules(arrangement=[form.arrangement for form in forms])
        messages.success(request, _("The capsules are arranged as you asked."))
        return redirect("learn-manage")

    def _page(self, forms: list[ArrangeForm], *, status: int = 200) -> HttpResponse:
        rows = list(zip(completion(), forms, strict=True))
        return render(self.request, "learning/manage.html", {"rows": rows}, status=status)
