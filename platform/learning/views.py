"""`/learn/`: the shelf of capsules, their chapters, quizzes, glossary, search and certificates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import AccessMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import RuleBroken
from accounts.models import User
from accounts.pages import UNPROCESSABLE, Refusal, person_of, plays_instruments
from learning import live
from learning.book import Capsule, Chapter, FigureBlock, LiveBlock, Prose, QuizBlock, capsules
from learning.figures import figure
from learning.forms import ArrangeForm
from learning.models import Certificate
from learning.progress import Keeper, State, keeper_of
from learning.quizzing import Asked, asked_of
from learning.selectors import completion, published, search, shelf, standing
from learning.services import answer, arrange_capsules, issue_certificate, mark_read
from learning.words import glossary, html_of, inline

LONGEST_QUERY = 80
SOUND_AGE = 3600  # seconds for which a browser keeps a piece's music


def _visitor(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _keeper(request: HttpRequest) -> Keeper:
    return keeper_of(_visitor(request), request.session)


def _organizes(request: HttpRequest) -> bool:
    visitor = _visitor(request)
    return bool(visitor and visitor.is_active and visitor.is_organizer)


def _capsule_or_404(request: HttpRequest, slug: str) -> Capsule:
    """Return a published capsule; organizers read hidden ones too."""
    capsule = published(slug, hidden=_organizes(request))
    if capsule is None:
        raise Http404
    return capsule


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the shelf, with how far the visitor is."""
    states = _keeper(request).all()
    rows = [standing(row.capsule, states) for row in shelf()]
    going = next((row for row in rows if row.begun and not row.finished), None)
    return render(request, "learning/index.html", {"rows": rows, "going": going})


@require_safe
def capsule_page(request: HttpRequest, capsule: str) -> HttpResponse:
    """Show what a capsule teaches and its chapters."""
    found = _capsule_or_404(request, capsule)
    certificate = Certificate.objects.filter(person=_visitor(request), capsule=capsule).first()
    context = {
        "capsule": found,
        "intro": html_of((found.intro,), capsule)[0],
        "standing": standing(found, _keeper(request).all()),
        "certificate": certificate if _visitor(request) else None,
    }
    return render(request, "learning/capsule.html", context)


@require_POST
@login_required
def certify(request: HttpRequest, capsule: str) -> HttpResponse:
    """Issue the certificate of a capsule, or say what is missing."""
    found = _capsule_or_404(request, capsule)
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


@require_safe
@cache_control(max_age=SOUND_AGE, private=True)
def sound(
    request: HttpRequest, capsule: str, chapter: str, part: str, number: int
) -> HttpResponse:  # fmt: skip
    """Send the music of one piece of a live part, for the same values as its page."""
    page = _capsule_or_404(request, capsule).chapter(chapter)
    block = page.live(part) if page else None
    if block is None:
        raise Http404
    query = request.GET.urlencode() if request.GET.getlist("part") == [part] else ""
    try:
        midi = live.midi_of(part, number, query, tuple(block.options.items()))
    except KeyError as error:
        raise Http404 from error
    headers = {"Content-Disposition": f'attachment; filename="{part}-{number}.mid"'}
    return HttpResponse(midi, content_type="audio/midi", headers=headers)


@dataclass(frozen=True, slots=True)
class Shown:
    """A block of a chapter ready for the template: its kind and what to draw.

    `query` is what a live part was asked with, as an address has it.
    """

    kind: str
    content: Any
    name: str = ""
    query: str = ""


@method_decorator(plays_instruments, name="dispatch")
class ChapterPage(View):
    """One chapter: reading it, asking its live parts, answering its questions."""

    def get(self, request: HttpRequest, capsule: str, chapter: str) -> HttpResponse:
        return self._page(*self._found(capsule, chapter))

    def post(self, request: HttpRequest, capsule: str, chapter: str) -> HttpResponse:
        found, page = self._found(capsule, chapter)
        keeper, now = _keeper(request), timezone.now()
        wanted = request.POST.get("question", "")
        question = next((q for q in page.questions if q.id == wanted), None)
        if question is None:
            mark_read(keeper=keeper, chapter=page, now=now)
            return redirect("learn-chapter", capsule, chapter)
        given = request.POST.getlist("given")
        try:
            answer(keeper=keeper, chapter=page, question=question, given=given, now=now)
        except RuleBroken as broken:
            return self._page(found, page, wanted, Refusal.of(broken))
        return redirect(f"{reverse('learn-chapter', args=[capsule, chapter])}#{question.id}")

    def _found(self, capsule: str, chapter: str) -> tuple[Capsule, Chapter]:
        found = _capsule_or_404(self.request, capsule)
        page = found.chapter(chapter)
        if page is None:
            raise Http404
        return found, page

    def _page(
        self, capsule: Capsule, chapter: Chapter, wanted: str = "", refusal: Refusal | None = None
    ) -> HttpResponse:
        states = _keeper(self.request).all()
        state = states.get((capsule.slug, chapter.slug), State())
        asked = [asked_of(q, state, refusal if q.id == wanted else None) for q in chapter.questions]
        before, after = capsule.around(chapter)
        context = {
            "capsule": capsule,
            "chapter": chapter,
            "blocks": self._blocks(chapter, asked),
            "state": state,
            "standing": standing(capsule, states),
            "before": before,
            "after": after,
        }
        status = UNPROCESSABLE if refusal else 200
        return render(self.request, "learning/chapter.html", context, status=status)

    def _blocks(self, chapter: Chapter, asked: list[Asked]) -> list[Shown]:
        texts = tuple(b.text for b in chapter.blocks if isinstance(b, Prose))
        prose = iter(html_of(texts, chapter.capsule))
        shown = []
        for block in chapter.blocks:
            match block:
                case Prose():
                    shown.append(Shown("prose", next(prose)))
                case FigureBlock(name=name):
                    shown.append(Shown("figure", figure(name), name))
                case LiveBlock(name=name, options=options):
                    shown.append(self._live(name, options))
                case QuizBlock(number=number):
                    shown.append(Shown("quiz", asked[number - 1], str(number)))
        return shown

    def _live(self, name: str, options: Mapping[str, str]) -> Shown:
        """Return a live part as it was asked; what was sent to another leaves it alone."""
        sent = self.request.GET
        if sent.getlist("part") != [name]:
            return Shown("live", live.show(name, {}, options), name)
        part = live.show(name, dict(sent.lists()), options)
        return Shown("live", part, name, f"?{sent.urlencode()}")


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
