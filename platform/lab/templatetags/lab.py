"""Filters of the Lab's pages: `{% load lab %}`."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lab.forms import CHOICES, PART_NAMES
from lab.models import DataFile, DataSet
from lab.recipes import describe
from lab.shapes import draw_ranges
from ml.music.drawing import pitch_name

register = template.Library()


@register.filter
def pitch(number: int) -> str:
    """Return a pitch as musicians write it."""
    return pitch_name(number)


@register.filter
def pitch_span(limits: list[int]) -> str:
    """Return a range of pitches in words."""
    return _("{low} to {high}").format(low=pitch_name(limits[0]), high=pitch_name(limits[1]))


@register.filter
def part_name(part: str) -> str:
    """Return what one of the four parts is called."""
    return str(PART_NAMES.get(part, part))


@register.filter
def minutes(seconds: float | None) -> str:
    """Return a stretch of work, such as "under a minute", "12 minutes" or "3 h 20 min"."""
    if seconds is None:
        return _("not known yet")
    if seconds < 60:
        return _("under a minute")
    whole = round(seconds / 60)
    if whole < 120:
        return ngettext("{n} minute", "{n} minutes", whole).format(n=whole)
    hours, rest = divmod(whole, 60)
    if rest == 0:
        return ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=rest)


@register.filter
def mapping_of(file: DataFile) -> str:
    """Return which tracks of a file are its four parts."""
    chosen = file.report.get("parts") or []
    names = [str(n + 1) if n is not None else "–" for n in chosen]
    if not any(n is not None for n in chosen):
        return _("none")
    return _("tracks {tracks}").format(tracks=" ".join(names))


@register.filter
def settings_of(values: dict[str, Any], kind: str) -> list[tuple[str, str]]:
    """Return the settings of a run as people read them."""
    shown = []
    for parameter in describe(kind):
        value = values.get(parameter.name)
        text = CHOICES.get(value, value) if isinstance(value, str) else value
        shown.append((str(parameter.label), f"{text:,}" if isinstance(text, int) else f"{text}"))
    return shown


@register.simple_tag
def ranges_figure(data_set: DataSet) -> SafeString | str:
    """Draw in which pitches the four parts of a data set lie."""
    return draw_ranges(data_set.survey.get("ranges") or {})


@register.simple_tag
def sides(pieces: int | None, phrases: int | None) -> str:
    """Return how much lies on one side of a data set."""
    n, m = pieces or 0, phrases or 0
    return ", ".join(
        (
            ngettext("{n} piece", "{n} pieces", n).format(n=f"{n:,}"),
            ngettext("{m} phrase", "{m} phrases", m).format(m=f"{m:,}"),
        )
    )
