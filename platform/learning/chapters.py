"""A chapter of a capsule: reading it, its live parts with their music, its questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from accounts.errors import RuleBroken
from accounts.pages import Refusal, plays_instruments
from jobs.selectors import progress
from learning import live, own_music
from learning.attending import request_attention
from learning.book import Capsule, Chapter, FigureBlock, LiveBlock, Prose, QuizBlock
from learning.errors import NoMelody
from learning.figures import figure
from learning.live.own import drawn_song, grid_of
from learning.live.pieces import Grid
from learning.progress import State
from learning.quizzing import Asked, asked_of
from learning.selectors import attention_at, standing
from learning.services import answer, mark_read
from learning.views import capsule_or_404, keeper_for
from learning.words import html_of
from ml.music import MidiRefused, Song, read_midi

SOUND_AGE = 3600  # seconds for which a browser keeps a piece's music


@require_safe
@cache_control(max_age=SOUND_AGE, private=True)
def sound(
    request: HttpRequest, capsule: str, chapter: str, part: str, number: int
) -> HttpResponse:  # fmt: skip
    """Send the music of one piece of a live part, for the same values as its page."""
    page = capsule_or_404(request, capsule).chapter(chapter)
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

    `query` is what a live part was asked with, as an address has it; `own` is there where it
    reads melodies that visitors bring.
    """

    kind: str
    content: Any
    name: str = ""
    query: str = ""
    own: "Own | None" = None


@dataclass(frozen=True, slots=True)
class Own:
    """How a visitor may bring a melody to a live part: pieces that they keep, a grid to paint."""

    pieces: Sequence[own_music.OwnPiece]
    grid: Grid
    refusal: Refusal | None


@method_decorator(plays_instruments, name="dispatch")
class ChapterPage(View):
    """One chapter: reading it, asking its live parts, answering its questions."""

    def get(self, request: HttpRequest, capsule: str, chapter: str) -> HttpResponse:
        return self._page(*self._found(capsule, chapter))

    def post(self, request: HttpRequest, capsule: str, chapter: str) -> HttpResponse:
        found, page = self._found(capsule, chapter)
        keeper, now = keeper_for(request), timezone.now()
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
        found = capsule_or_404(self.request, capsule)
        page = found.chapter(chapter)
        if page is None:
            raise Http404
        return found, page

    def _page(
        self, capsule: Capsule, chapter: Chapter, wanted: str = "", refusal: Refusal | None = None
    ) -> HttpResponse:
        """Show the chapter; `wanted` is the question or live part that refused something."""
        self.wanted, self.refusal = wanted, refusal
        states = keeper_for(self.request).all()
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
        status = refusal.status if refusal else 200
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
        is_asked = sent.getlist("part") == [name]
        part = live.show(name, dict(sent.lists()) if is_asked else {}, options)
        query = f"?{sent.urlencode()}" if is_asked else ""
        return Shown("live", part, name, query, self._own(name) if part.brings_own else None)

    def _own(self, name: str) -> Own:
        pieces = own_music.shelf().pieces(self.request)
        painted = grid_of(live.Asked(dict(self.request.POST.lists()), {}))
        return Own(pieces, painted, self.refusal if self.wanted == name else None)


class BringMelody(ChapterPage):
    """Take a melody to a live part that reads them, and show there how that goes."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("learn-chapter", kwargs["capsule"], kwargs["chapter"])

    def post(  # type: ignore[override]
        self, request: HttpRequest, capsule: str, chapter: str, part: str
    ) -> HttpResponse:
        found, page = self._found(capsule, chapter)
        _require_reading(page, part)
        try:
            song = _brought(request)
            asker = own_music.shelf().asker(request)
            attention = request_attention(song=song, asker=asker, now=timezone.now())
        except (RuleBroken, MidiRefused) as broken:
            return self._page(found, page, part, Refusal.of(broken))
        address = reverse("learn-chapter", args=[capsule, chapter])
        return redirect(f"{address}?part={part}&melody={attention.pk}#live-{part}")


def _require_reading(page: Chapter, part: str) -> None:
    """Let nobody bring a melody to a part that is not there, or reads none."""
    if page.live(part) is None or not live.show(part, {}, {}).brings_own:
        raise Http404


def _brought(request: HttpRequest) -> Song:
    """Return the piece that was chosen, uploaded or painted.

    :raises MidiRefused: if the file is none that we can read
    :raises NoMelody: if nothing was brought
    """
    if "piece" in request.POST:
        song = own_music.shelf().song(request, request.POST["piece"])
        if song is None:
            raise NoMelody(_("This piece is not among yours any more. Choose another one."))
        return song
    upload = request.FILES.get("midi")
    if isinstance(upload, UploadedFile):
        return read_midi(upload.read())
    if "painted" in request.POST:
        return drawn_song(live.Asked(dict(request.POST.lists()), {}))
    raise NoMelody(_("Choose one of your pieces, choose a MIDI file, or paint two bars."))


@require_safe
@never_cache
def melody_status(
    request: HttpRequest, capsule: str, chapter: str, part: str, pk: UUID
) -> HttpResponse:  # fmt: skip
    """Show how the reading of a melody is going, for the page that asks again and again."""
    page = capsule_or_404(request, capsule).chapter(chapter)
    attention = attention_at(pk)
    if page is None or page.live(part) is None or attention is None:
        raise Http404
    path = reverse("learn-chapter", args=[capsule, chapter])
    context = {"attention": attention, "name": part, "path": path}
    if not attention.is_over:
        context["job"] = progress(attention.job, timezone.now())
    return render(request, "learning/_reading.html", context)
