"""The glossary, and Markdown as safe HTML in which its words are linked. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

GLOSSARY = Path(__file__).parent / "content" / "glossary.yaml"
ADDRESS = "/learn/glossary/"

_markdown = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
_markdown.disable("image")


@dataclass(frozen=True, slots=True)
class Term:
    """A word with its meaning. `forms` are the ways it is written; `course`: one of the 14.

    A `local` term is linked in its own capsule only: elsewhere it is an ordinary word.
    """

    slug: str
    name: str
    means: str
    forms: tuple[str, ...]
    course: bool = False
    capsule: str = ""
    local: bool = False


@cache
def glossary() -> dict[str, Term]:
    """Return all terms by slug, in alphabetical order."""
    rows = yaml.safe_load(GLOSSARY.read_text(encoding="utf-8"))
    terms = [_term(row) for row in rows]
    return {term.slug: term for term in sorted(terms, key=lambda term: term.name.lower())}


def _term(row: dict[str, object]) -> Term:
    name = str(row["term"])
    also = row.get("also", [])
    forms = (name, *(str(form) for form in also)) if isinstance(also, list) else (name,)
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return Term(
        slug, name, str(row["means"]), forms, bool(row.get("course")),
        str(row.get("capsule", "")), bool(row.get("local")),
    )  # fmt: skip


@cache
def _forms() -> dict[str, str]:
    return {form.lower(): term.slug for term in glossary().values() for form in term.forms}


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_forms(), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


@lru_cache(maxsize=256)
def html_of(texts: tuple[str, ...], capsule: str) -> tuple[SafeString, ...]:
    """Return a chapter's stretches of Markdown as HTML, each term linked where it first occurs."""
    linked = {t.slug for t in glossary().values() if t.local and t.capsule != capsule}
    return tuple(_rendered(text, linked) for text in texts)


@lru_cache(maxsize=512)
def inline(text: str) -> SafeString:
    """Return one line of Markdown as HTML without a paragraph around it."""
    html: SafeString = mark_safe(_markdown.renderInline(text))  # noqa: S308 - raw HTML is off
    return html


def plain(text: str) -> str:
    """Return Markdown as plain text, for the search."""
    tokens = _markdown.parse(text)
    return " ".join(
        "".join(" " if "break" in child.type else child.content for child in token.children or [])
        for token in tokens
        if token.type == "inline"
    )


def _rendered(text: str, linked: set[str]) -> SafeString:
    tokens = _markdown.parse(text)
    in_heading = False
    for token in tokens:
        in_heading = (in_heading or token.type == "heading_open") and token.type != "heading_close"
        if token.type == "inline" and not in_heading and token.children:
            token.children = list(_with_links(token.children, linked))
    html: str = _markdown.renderer.render(tokens, _markdown.options, {})
    html = html.replace("<pre>", '<pre role="region" aria-label="Command" tabindex="0">')
    scrolling = '<div class="table-scroll" role="region" aria-label="Table" tabindex="0">'
    html = html.replace("<table>", f'{scrolling}<table class="table">')
    closed: SafeString = mark_safe(html.replace("</table>", "</table></div>"))  # noqa: S308 - as above
    return closed


def _with_links(children: list[Token], linked: set[str]) -> Iterator[Token]:
    depth = 0
    for child in children:
        depth += child.type == "link_open"
        depth -= child.type == "link_close"
        if child.type == "text" and not depth:
            yield from _pieces(child.content, linked)
        else:
            yield child


def _pieces(text: str, linked: set[str]) -> Iterator[Token]:
    at = 0
    for found in _pattern().finditer(text):
        slug = _forms()[found[1].lower()]
        if slug in linked:
            continue
        linked.add(slug)
        yield _text(text[at : found.start()])
        yield Token("link_open", "a", 1, {"href": f"{ADDRESS}#{slug}", "class": "term"})
        yield _text(found[1])
        yield Token("link_close", "a", -1)
        at = found.end()
    yield _text(text[at:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
