"""What a piece made from other people's pieces may be licensed as."""

import pytest

from challenges.licences import allowed_licences, why_not
from challenges.models.entry import Licence


def sources(*licences: str) -> list[dict[str, str]]:
    return [{"title": f"Piece {name}", "licence": name} for name in licences]


def test_a_piece_of_one_s_own_may_be_licensed_in_any_way():
    assert allowed_licences([]) == list(Licence)


@pytest.mark.parametrize(
    ("licences", "offered"),
    [
        ([Licence.CC0], list(Licence)),
        ([Licence.CC_BY], [Licence.CC_BY, Licence.CC_BY_SA, Licence.ALL_RIGHTS]),
        ([Licence.CC_BY_SA], [Licence.CC_BY_SA]),
        ([Licence.CC_BY, Licence.CC_BY_SA, Licence.CC0], [Licence.CC_BY_SA]),
    ],
)
def test_the_strictest_source_decides(licences: list[str], offered: list[str]):
    assert allowed_licences(sources(*licences)) == offered


def test_a_refusal_names_the_piece_that_asks_for_it():
    reason = why_not(Licence.CC_BY, sources(Licence.CC_BY, Licence.CC_BY_SA))

    assert "Piece cc-by-sa-4.0" in reason
    assert why_not(Licence.CC_BY_SA, sources(Licence.CC_BY_SA)) == ""
    assert "credit" in why_not(Licence.CC0, sources(Licence.CC_BY))
