"""Questions about capsules, progress and the glossary."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db.models import Count

from learning.book import Capsule, Chapter, capsules
from learning.models import Attention, CapsuleSetting, Certificate, ChapterProgress
from learning.progress import Place, State
from learning.words import plain

EXCERPT = 160
TITLE_WEIGHT = 8


@dataclass(frozen=True, slots=True)
class Shelved:
    """A capsule as organizers arranged it."""

    capsule: Capsule
    position: int
    is_published: bool


def shelf(*, hidden: bool = False) -> list[Shelved]:
    """Return the capsules in their order; hidden ones only where asked for."""
    settings = {row.capsule: row for row in CapsuleSetting.objects.all()}
    rows = []
    for number, (slug, capsule) in enumerate(capsules().items(), start=1):
        row = settings.get(slug)
        rows.append(
            Shelved(capsule, row.position, row.is_published)
            if row
            else Shelved(capsule, number * 10, True)
        )
    rows.sort(key=lambda row: (row.position, row.capsule.title))
    return [row for row in rows if hidden or row.is_published]


def published(slug: str, *, hidden: bool = False) -> Capsule | None:
    """Return a capsule that visitors may read; hidden ones only where asked for."""
    return next((row.capsule for row in shelf(hidden=hidden) if row.capsule.slug == slug), None)


def capsule_for_technique(technique: str) -> Capsule | None:
    """Return the published capsule that explains a technique: accompany, edit or extend."""
    return next((row.capsule for row in shelf() if row.capsule.technique == technique), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody is in a capsule; `next` is the first chapter that is not done."""

    capsule: Capsule
    done: frozenset[str]
    begun: bool
    next: Chapter | None

    @property
    def n_done(self) -> int:
        """Number of chapters that are done."""
        return len(self.done)

    @property
    def share(self) -> float:
        """Share of the chapters that are done, 0 to 1."""
        return self.n_done / max(1, len(self.capsule.chapters))

    @property
    def finished(self) -> bool:
        """Whether every chapter is done."""
        return self.next is None


def standing(capsule: Capsule, states: dict[Place, State]) -> Standing:
    """Return how far somebody is in a capsule."""
    mine = {c.slug: states.get((capsule.slug, c.slug)) for c in capsule.chapters}
    done = frozenset(slug for slug, state in mine.items() if state and state.done_at)
    following = next((c for c in capsule.chapters if c.slug not in done), None)
    return Standing(capsule, done, any(mine.values()), following)


@dataclass(frozen=True, slots=True)
class Found:
    """A chapter that a search found: the text around the first word, split at the word."""

    capsule: Capsule
    chapter: Chapter
    before: str
    word: str
    after: str


def search(query: str, *, limit: int = 20) -> list[Found]:
    """Return the chapters that hold every word of a query, titles weighing more than text."""
    words = [word for word in re.findall(r"[\w-]+", query.lower()) if len(word) > 1]
    if not words:
        return []
    scored = list[tuple[int, int, Found]]()
    for row in shelf():
        for chapter in row.capsule.chapters:
            title = f"{row.capsule.title} {chapter.title}".lower()
            text = _text_of(row.capsule.slug, chapter.slug)
            counts = [TITLE_WEIGHT * title.count(w) + text.lower().count(w) for w in words]
            if all(counts):
                scored.append((-sum(counts), len(scored), _found(row.capsule, chapter, words[0])))
    return [found for *_, found in sorted(scored, key=lambda row: row[:2])[:limit]]


@cache
def _text_of(capsule: str, chapter: str) -> str:
    found = capsules()[capsule].chapter(chapter)
    return plain(found.text) if found else ""


def _found(capsule: Capsule, chapter: Chapter, word: str) -> Found:
    text = _text_of(capsule.slug, chapter.slug)
    at = text.lower().find(word)
    if at < 0:
        return Found(capsule, chapter, "", "", f"{text[:EXCERPT]}…")
    start = text.rfind(" ", 0, max(0, at - EXCERPT // 2)) + 1
    end = at + len(word)
    before = f"…{text[start:at]}" if start else text[:at]
    return Found(capsule, chapter, before, text[at:end], f"{text[end : end + EXCERPT]}…")


def attention_at(pk: UUID) -> Attention | None:
    """Return the attention over a melody that somebody brought, with its job."""
    return Attention.objects.select_related("job").filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class Completion:
    """How many signed-in people began, finished, and hold a certificate of a capsule."""

    row: Shelved
    began: int
    finished: int
    certificates: int
    chapters: tuple[tuple[Chapter, int], ...]


def completion() -> list[Completion]:
    """Return the figures of every capsule, hidden ones too, in their order."""
    done = ChapterProgress.objects.filter(done_at__isnull=False)
    per_chapter = {
        (row["capsule"], row["chapter"]): row["n"]
        for row in done.values("capsule", "chapter").annotate(n=Count("pk"))
    }
    per_person = Counter[str]()
    for row in done.values("capsule", "person").annotate(n=Count("pk")):
        capsule = capsules().get(row["capsule"])
        per_person[row["capsule"]] += bool(capsule and row["n"] >= len(capsule.chapters))
    began = _counted(ChapterProgress.objects.values("capsule").annotate(
        n=Count("person", distinct=True)))  # fmt: skip
    held = _counted(Certificate.objects.values("capsule").annotate(n=Count("pk")))
    return [
        Completion(
            row, began.get(row.capsule.slug, 0), per_person[row.capsule.slug],
            held.get(row.capsule.slug, 0),
            tuple((c, per_chapter.get((c.capsule, c.slug), 0)) for c in row.capsule.chapters),
        )
        for row in shelf(hidden=True)
    ]  # fmt: skip


def _counted(rows: object) -> dict[str, int]:
    return {row["capsule"]: row["n"] for row in rows}  # type: ignore[attr-defined]
