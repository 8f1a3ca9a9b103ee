import math

import pytest

from challenges.errors import InvalidScoringConfig
from challenges.scoring import (
    COMMON_SHARE,
    COPIED_SHARE,
    RULES,
    Part,
    PieceFacts,
    fit_value,
    originality_value,
    parts_as_json,
    require_style,
    rule_named,
    total_tenths,
)
from ml.metrics import STYLES

FULL = {"music": 100.0, "originality": 100.0, "fit": 100.0}
EVEN = {"music": 1.0, "originality": 1.0, "fit": 1.0}


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_fills_in_weights_that_add_up_to_one(name: str):
    weights = rule_named(name).validate({"music": 5})

    assert math.isclose(sum(weights.values()), 1)
    assert set(weights) == {"music", "originality", "fit"}


@pytest.mark.parametrize("name", sorted(RULES))
@pytest.mark.parametrize(
    "config",
    [
        {"luck": 1},
        {"music": -1},
        {"music": "a lot"},
        {"music": math.nan},
        {"music": math.inf},
        {"music": None},
        {"music": True},
        {"music": 1e308, "fit": 1e308},
        {"music": 0, "originality": 0, "fit": 0},
    ],
)
def test_a_rule_refuses_a_configuration_that_makes_no_sense(name: str, config: dict[str, object]):
    with pytest.raises(InvalidScoringConfig):
        rule_named(name).validate(config)


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_perfect_piece_has_all_points_and_a_void_one_next_to_none(name: str):
    rule = rule_named(name)
    weights = rule.validate({})

    assert math.isclose(rule.combine(FULL, weights), 100)
    assert rule.combine(dict.fromkeys(FULL, 0.0), weights) <= 1.001


def test_balanced_does_not_let_one_part_buy_off_another():
    copied = FULL | {"originality": 0.0}
    balanced, added = rule_named("balanced"), rule_named("sum")

    assert balanced.combine(copied, balanced.validate(EVEN)) == pytest.approx(100 * 0.01 ** (1 / 3))
    assert added.combine(copied, added.validate(EVEN)) == pytest.approx(200 / 3)


def test_an_unknown_rule_or_style_is_refused_with_the_known_ones():
    with pytest.raises(InvalidScoringConfig, match="balanced, sum"):
        rule_named("unheard")
    with pytest.raises(InvalidScoringConfig, match=STYLES[0]):
        require_style("unheard")
    require_style("")
    require_style(STYLES[0])


@pytest.mark.parametrize(
    ("total", "tenths"), [(0, 0), (99.96, 1000), (73.44, 734), (-1, 0), (250, 1000)]
)
def test_a_total_is_whole_tenths_from_0_to_1000(total: float, tenths: int):
    assert total_tenths(total) == tenths


@pytest.mark.parametrize(
    ("share", "value"),
    [
        (0, 100),
        (COMMON_SHARE, 100),
        ((COMMON_SHARE + COPIED_SHARE) / 2, 50),
        (COPIED_SHARE, 0),
        (1, 0),
    ],
)
def test_originality_falls_from_what_all_share_to_a_copy(share: float, value: float):
    assert originality_value(share) == pytest.approx(value)


def fit(
    seconds: float = 60, n_tracks: int = 2, used: tuple[str, ...] = ()
) -> tuple[float, list[str]]:
    return fit_value(
        PieceFacts(seconds, n_tracks, frozenset(used)),
        seconds=(30, 120),
        tracks=(2, 4),
        techniques=frozenset({"edit", "extend"}),
    )


def test_a_piece_within_the_rules_fits_wholly():
    assert fit(used=("edit", "extend", "accompany")) == (100, [])
    assert fit(30, 4, ("edit", "extend"))[0] == 100
    assert fit(120, 2, ("edit", "extend"))[0] == 100


@pytest.mark.parametrize(
    ("piece", "value", "said"),
    [
        ({"seconds": 240}, 50, "4:00"),
        ({"seconds": 15}, 50, "0:15"),
        ({"n_tracks": 1}, 50, "1"),
        ({"n_tracks": 8}, 50, "8"),
        ({"used": ("edit",)}, 50, "extend"),
        ({"used": ()}, 0, "edit, extend"),
    ],
)
def test_each_thing_amiss_costs_its_share_and_is_said(
    piece: dict[str, object], value: float, said: str
):
    found, reasons = fit(**({"used": ("edit", "extend")} | piece))

    assert found == pytest.approx(value)
    assert len(reasons) == 1
    assert said in reasons[0]


def test_shares_of_several_things_amiss_multiply():
    value, reasons = fit(240, 8, ("edit",))

    assert value == pytest.approx(12.5)
    assert len(reasons) == 3


def test_parts_are_stored_with_their_reasons():
    assert parts_as_json({"fit": Part(50.0, 0.1, ["Too long."])}) == {
        "fit": {"value": 50.0, "weight": 0.1, "reasons": ["Too long."]}
    }
