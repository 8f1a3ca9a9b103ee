"""The lessons as they are written: capsules, their chapters, and what a chapter is made of.

A capsule is a folder of `content/`: `capsule.md` introduces it, `01-name.md` and so on are its
chapters. Each file begins with front matter between two lines `---`. A chapter's body is Markdown
with three things of its own, each on lines of its own: `::figure NAME`, `::live NAME key=value`,
and a fenced block `quiz` in YAML (see `learning.quiz`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from learning.quiz import Question, question_from

CONTENT = Path(__file__).parent / "content"
WORDS_PER_MINUTE = 200
LIVE_MINUTES = 1.5
QUESTION_MINUTES = 0.5

_DIRECTIVE = re.compile(r"^::(figure|live) ([a-z-]+)((?: [a-z_]+=\S+)*)$")
_WORD = re.compile(r"[A-Za-z0-9][\w'’-]*")


class BadContent(Exception):
    """A lesson is not written as it must be; the message names the file."""


@dataclass(frozen=True, slots=True)
class Prose:
    """A stretch of Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A picture drawn by `learning.figures`."""

    name: str


@dataclass(frozen=True, slots=True)
class LiveBlock:
    """A part that runs, from `learning.live`, with what its lesson sets."""

    name: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QuizBlock:
    """A question; `number` counts from 1 within its chapter."""

    number: int
    question: Question


Block = Prose | FigureBlock | LiveBlock | QuizBlock


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page of a capsule; `number` counts from 1."""

    capsule: str
    slug: str
    number: int
    title: str
    blocks: tuple[Block, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """The chapter's questions in their order."""
        return tuple(b.question for b in self.blocks if isinstance(b, QuizBlock))

    def live(self, name: str) -> LiveBlock | None:
        """Return the chapter's live part of that name."""
        return next((b for b in self.blocks if isinstance(b, LiveBlock) and b.name == name), None)

    @property
    def text(self) -> str:
        """The chapter's Markdown without figures, live parts and questions."""
        return "\n\n".join(b.text for b in self.blocks if isinstance(b, Prose))

    @property
    def exact_minutes(self) -> float:
        """Reading and doing time, live parts and questions included."""
        live = sum(isinstance(b, LiveBlock) for b in self.blocks)
        words = len(_WORD.findall(self.text)) / WORDS_PER_MINUTE
        return words + LIVE_MINUTES * live + QUESTION_MINUTES * len(self.questions)

    @property
    def minutes(self) -> int:
        """Time in whole minutes, at least one."""
        return max(1, round(self.exact_minutes))


@dataclass(frozen=True, slots=True)
class Capsule:
    """A short course; `technique` is the technique of the Studio that it explains, or empty."""

    slug: str
    title: str
    summary: str
    technique: str
    intro: str
    chapters: tuple[Chapter, ...]

    @property
    def minutes(self) -> int:
        """Time for all chapters, in whole minutes."""
        return round(sum(chapter.exact_minutes for chapter in self.chapters))

    @property
    def n_live(self) -> int:
        """Number of live parts."""
        return sum(isinstance(b, LiveBlock) for c in self.chapters for b in c.blocks)

    def chapter(self, slug: str) -> Chapter | None:
        """Return a chapter by its slug."""
        return next((c for c in self.chapters if c.slug == slug), None)

    def around(self, chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
        """Return the chapters before and after one."""
        at = chapter.number - 1
        later = self.chapters[at + 1] if at + 1 < len(self.chapters) else None
        return (self.chapters[at - 1] if at else None), later


@cache
def capsules() -> dict[str, Capsule]:
    """Return all capsules by slug, in the order in which they were written to be read.

    :raises BadContent: if a file is not as it must be
    """
    found = [_capsule(path) for path in CONTENT.iterdir() if (path / "capsule.md").exists()]
    return {capsule.slug: capsule for _, capsule in sorted(found, key=lambda pair: pair[0])}


def _capsule(folder: Path) -> tuple[int, Capsule]:
    about, intro = _read(folder / "capsule.md", {"title", "summary", "order"}, {"technique"})
    chapters = tuple(
        _chapter(folder.name, number, path)
        for number, path in enumerate(sorted(folder.glob("[0-9][0-9]-*.md")), start=1)
    )
    capsule = Capsule(
        folder.name, about["title"], about["summary"], about.get("technique", ""), intro, chapters
    )
    return int(about["order"]), capsule


def _chapter(capsule: str, number: int, path: Path) -> Chapter:
    about, body = _read(path, {"title"}, set())
    try:
        blocks = tuple(_numbered(_blocks(body)))
    except (ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise BadContent(f"{path}: {error}") from error
    return Chapter(capsule, path.stem[3:], number, about["title"], blocks)


def _read(path: Path, needed: set[str], optional: set[str]) -> tuple[dict[str, Any], str]:
    """Return a file's front matter and body."""
    parts = path.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise BadContent(f"{path}: it must begin with front matter between two lines ---")
    about = yaml.safe_load(parts[1])
    if not isinstance(about, dict) or not needed <= set(about) <= needed | optional:
        raise BadContent(f"{path}: the front matter must have {sorted(needed)}")
    return about, parts[2].strip()


def _blocks(body: str) -> Iterator[Block | Question]:
    lines: list[str] = []
    in_quiz = False
    for line in [*body.splitlines(), "::end"]:
        found = None if in_quiz else _DIRECTIVE.match(line)
        edge = found or line == "::end" or line == "```quiz" or (in_quiz and line == "```")
        if not edge:
            lines.append(line)
            continue
        text = "\n".join(lines).strip()
        if in_quiz:
            yield question_from(yaml.safe_load(text))
        elif text:
            yield Prose(text)
        lines, in_quiz = [], line == "```quiz"
        if found:
            yield _directive(found)


def _directive(found: re.Match[str]) -> Block:
    kind, name, rest = found.groups()
    options = dict(pair.split("=", 1) for pair in rest.split())
    return FigureBlock(name) if kind == "figure" else LiveBlock(name, options)


def _numbered(blocks: Iterator[Block | Question]) -> Iterator[Block]:
    number = 0
    for block in blocks:
        if isinstance(block, Question):
            number += 1
            yield QuizBlock(number, block)
        else:
            yield block
