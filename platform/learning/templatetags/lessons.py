"""Template filters of the lessons: `{% load lessons %}`."""

from django import template
from django.utils.safestring import SafeString

from learning.words import inline

register = template.Library()


@register.filter
def inline_markdown(text: str) -> SafeString:
    """Return one line of Markdown as HTML; text is escaped, raw HTML is off."""
    return inline(text)
