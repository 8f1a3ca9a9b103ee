"""Every word for people has its German; `make messages` collects what is missing here."""

import re

import pytest
from babel.messages.catalog import Catalog

from config import catalogs

# A place may be written differently, such as a date's, but must be there.
PLACES = re.compile(r"%\((\w+)\)[sd]|\{(\w+)[^{}]*\}")


@pytest.fixture(scope="module")
def source() -> Catalog:
    return catalogs.collect()


@pytest.fixture(scope="module")
def german() -> Catalog:
    return catalogs.read("de")


def ids(catalog: Catalog) -> set[str | tuple[str, ...]]:
    return {message.id for message in catalog if message.id}


def test_the_source_is_searched(source):
    known = ids(source)

    assert "How to take part" in known  # a template
    assert "The round is paused." in known  # Python
    assert "Staying in key" in known  # `ml`, which knows no gettext
    assert ("{n} bar", "{n} bars") in known


def test_every_message_of_the_source_is_in_the_catalog(source, german):
    assert ids(source) - ids(german) == set()


def test_the_catalog_holds_nothing_that_left_the_source(source, german):
    assert ids(german) - ids(source) == set()


def test_every_message_is_translated_and_none_is_a_guess(german):
    assert [message.id for message in catalogs.missing(german)] == []


def test_translations_keep_the_places_of_the_source(german):
    torn = [
        (message.id, translation)
        for message in german
        if message.id
        for one, translation in pairs(message.id, message.string)
        if places(one) != places(translation)
    ]

    assert torn == []


def pairs(one, translation) -> list[tuple[str, str]]:
    """Return each form with its translation; both forms of a plural have the same places."""
    if isinstance(one, str):
        return [(one, translation)]
    return [(one[-1], words) for words in translation]


def places(words: str) -> set[str]:
    return {first or second for first, second in PLACES.findall(words)}


def test_a_built_catalog_is_newer_than_its_words():
    catalogs.build()

    assert catalogs.is_built()
