"""Sentences that were made in English, in the viewer's language.

What a worker stored and what `ml` says is English. Such a sentence comes from the source, where its
pattern is marked, so the catalog knows it: exactly, or with places for values. What it does not
know, people's own words above all, stays as it is.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, cast

from babel.messages.mofile import read_mo
from django.conf import settings
from django.utils.translation import get_language, gettext, to_locale

PLACE = re.compile(r"\{(\w+)[^{}]*\}")
SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z“])")
VALUE = r"(?:(?![.!?] [A-Z“]).)*?"  # no value goes over the end of a sentence
FEWEST_LETTERS = 4  # of a pattern's own: less recognizes anything
SOURCE = "en"


class Pattern(NamedTuple):
    """How a sentence of the source looks once its values are filled in, and its translation."""

    looks: re.Pattern[str]
    translation: str


def within(label: object) -> str:
    """Return a label as it stands inside a sentence: elsewhere than in English, as it is."""
    return str(label).lower() if get_language() in (SOURCE, None) else str(label)


def translated(sentence: object) -> str:
    """Return what the source says in the viewer's language; what it does not know, unchanged."""
    language = get_language() or SOURCE
    text = str(sentence)
    return text if language == SOURCE or not text.strip() else _translated(language, text)


@lru_cache(maxsize=4096)
def _translated(language: str, text: str) -> str:
    bare = text.strip()
    found = gettext(bare)
    if found == bare:
        found = _filled_in(language, bare)
    if found == bare:
        parts = SENTENCE_END.split(bare)
        found = " ".join(_translated(language, part) for part in parts) if parts[1:] else bare
    return text.replace(bare, found)


def _filled_in(language: str, text: str) -> str:
    for pattern in _patterns(language):
        match = pattern.looks.fullmatch(text)
        if match:
            return _with_values(pattern.translation, match, text)
    return text


def _with_values(translation: str, match: re.Match[str], text: str) -> str:
    # What stands in quotation marks is somebody's title, not a word of the source.
    values = {
        name: value if text[: match.start(name)].endswith("“") else translated(value)
        for name, value in match.groupdict().items()
    }
    return PLACE.sub(lambda place: values[place[1]], translation)


@lru_cache(maxsize=8)
def _patterns(language: str) -> list[Pattern]:
    """Return the patterns of a language's catalog, those with most words of their own first."""
    pairs = [pair for pair in _catalog(language) if PLACE.search(pair[0])]
    pairs.sort(key=lambda pair: len(PLACE.sub("", pair[0])), reverse=True)
    return [
        Pattern(_looks(source), translation)
        for source, translation in pairs
        if len(re.findall(r"[a-z]", PLACE.sub("", source))) >= FEWEST_LETTERS
    ]


def _catalog(language: str) -> list[tuple[str, str]]:
    """Return source and translation of each message; of a plural, each form of two."""
    path = Path(settings.LOCALE_PATHS[0], to_locale(language), "LC_MESSAGES", "django.mo")
    if not path.exists():
        return []
    with path.open("rb") as file:
        messages = [message for message in read_mo(file) if message.id]
    pairs = []
    for message in messages:
        if isinstance(message.id, str):
            pairs.append((message.id, str(message.string)))
        else:
            pairs += zip(message.id, cast(tuple[str, ...], message.string), strict=False)
    return pairs


def _looks(source: str) -> re.Pattern[str]:
    parts = PLACE.split(source)
    seen: set[str] = set()
    looks = re.escape(parts[0])
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        looks += f"(?P={name})" if name in seen else f"(?P<{name}>{VALUE})"
        looks += re.escape(text)
        seen.add(name)
    return re.compile(looks, re.DOTALL)
