import pytest
from django.core.exceptions import ValidationError

from accounts.validators import (
    validate_handle_characters,
    validate_handle_free,
    validate_printable,
    validate_timezone,
)


@pytest.mark.parametrize("handle", ["ab", "anna-magdalena", "J_S_B", "4voices", "a" * 30])
def test_accepts_handles_that_stand_in_an_address(handle):
    validate_handle_characters(handle)


@pytest.mark.parametrize(
    "handle",
    ["", "a", "-dash", "_low", "two words", "ä", "a/b", "a.b", "a@b", "ab\n", "а" * 5, "a" * 31],
)
def test_refuses_handles_that_need_escaping_or_look_like_others(handle):
    with pytest.raises(ValidationError):
        validate_handle_characters(handle)


@pytest.mark.parametrize("handle", ["admin", "Me", "SUPPORT", "counterpoint"])
def test_keeps_the_sites_own_names(handle):
    with pytest.raises(ValidationError):
        validate_handle_free(handle)


@pytest.mark.parametrize("text", ["Dvořák", "坂本 龍一", "שלום", "a \u266d b"])
def test_accepts_names_of_any_script(text):
    validate_printable(text)


@pytest.mark.parametrize(
    "text", ["a\x00b", "line\nbreak", "a\u202egnp", "zero\u200bwidth", "\x1b[31m"]
)
def test_refuses_invisible_characters(text):
    with pytest.raises(ValidationError):
        validate_printable(text)


def test_knows_time_zones():
    validate_timezone("Europe/Paris")

    with pytest.raises(ValidationError):
        validate_timezone("../../etc/passwd")
