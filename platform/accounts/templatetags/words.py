"""Template filters for sentences that were made in English: `{% load words %}`."""

import re

from django import template

from accounts import words

register = template.Library()

UNNAMED = re.compile(r"Track \d+")


@register.filter
def translated(sentence: object) -> str:
    """Return what a worker stored, or what `ml` says, in the viewer's language."""
    return words.translated(sentence)


@register.filter
def track_name(name: str) -> str:
    """Return a track's name: what `ml` calls one without a name in the viewer's language."""
    return words.translated(name) if UNNAMED.fullmatch(name) else name


@register.filter
def within(label: object) -> str:
    """Return a label as it stands inside a sentence."""
    return words.within(label)
