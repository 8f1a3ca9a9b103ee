"""Template tags and filters of the public pages: `{% load music %}`."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache

from django import template
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from challenges import wording
from challenges.models.entry import Licence
from ml.music.drawing import Shape

register = template.Library()

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable("image")
LONGEST_SENTENCE = 160
DEEPEST = 6
BELOW = 2  # a brief stands under a page's h1 and a section's h2


@register.filter
def markdown(text: str) -> SafeString:
    """Return Markdown as HTML: no raw HTML, no pictures, headings below the page's own."""
    return _rendered(text)


@lru_cache(maxsize=256)
def _rendered(text: str) -> SafeString:
    tokens = [_lowered(token) for token in _markdown.parse(text)]
    html: str = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(html)  # noqa: S308 - the renderer escapes all text, and raw HTML is off


def _lowered(token: Token) -> Token:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(int(token.tag[1]) + BELOW, DEEPEST)}"
    return token


@register.filter
def first_sentence(text: str) -> str:
    """Return the first sentence of a Markdown text as plain text."""
    inline = next((token for token in _markdown.parse(text) if token.type == "inline"), None)
    children = (inline and inline.children) or []
    plain = "".join(" " if "break" in child.type else child.content for child in children)
    sentence, dot, _ = plain.partition(". ")
    return Truncator(sentence + dot.strip()).chars(LONGEST_SENTENCE)


@register.filter
def clock(seconds: float) -> str:
    """Return a length of music as 1:12."""
    return wording.clock(seconds)


@register.filter
def span(length: timedelta | None) -> str:
    """Return a waiting time for people; nothing where it is unknown."""
    return "" if length is None else wording.span(length)


@register.filter
def licence_label(value: str) -> str:
    """Return a licence as people read it."""
    return str(Licence(value).label)


@register.filter
def share_percent(share: float) -> str:
    """Return a share of 0-1 as percent, never rounding something down to nothing."""
    return _("under 1 %") if 0 < share < 0.005 else f"{share:.0%}".replace("%", " %")


@register.inclusion_tag("entries/_thumb.html")
def thumb(shapes: Sequence[Shape]) -> Mapping[str, object]:
    """Draw a small piano roll."""
    return {"shapes": shapes}


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: str | None) -> str:
    """Return this page's query string with some values changed, or left out when empty."""
    values: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        values.pop(name, None)
        if value:
            values[name] = value
    return f"?{values.urlencode()}" if values else context["request"].path
