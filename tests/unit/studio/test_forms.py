from uuid import uuid4

import pytest

from ml.techniques import TECHNIQUES, describe, parse
from studio.forms import GenerateForm
from studio.models import MAX_SEED


def form(technique, **typed):
    data = {f"{technique}-{name}": value for name, value in typed.items()}
    return GenerateForm(technique, data | {f"{technique}-key": str(uuid4())})


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_the_form_asks_for_every_parameter_in_order_and_then_for_the_seed(technique):
    names = list(GenerateForm(technique).fields)

    assert names == [*(p.name for p in describe(technique)), "seed", "key"]


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_numbers_carry_their_range_for_the_browser(technique):
    fields = GenerateForm(technique).fields

    for parameter in describe(technique):
        if parameter.kind in {"integer", "number"}:
            attrs = fields[parameter.name].widget.attrs
            assert (attrs["min"], attrs["max"]) == (parameter.minimum, parameter.maximum)


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_an_empty_form_wishes_the_defaults(technique):
    filled = form(technique)
    choices = {p.name: p.default for p in describe(technique) if p.kind == "choice"}
    filled = form(technique, **choices)

    assert filled.is_valid(), filled.errors
    assert parse(technique, filled.wish().parameters) == parse(technique, {})
    assert filled.wish().seed is None


def test_a_value_out_of_range_is_told_beside_its_field():
    wrong = form("edit", creative_risk="7", maximum_notes_to_add="many")

    assert not wrong.is_valid()
    assert set(wrong.errors) == {"creative_risk", "maximum_notes_to_add"}
    assert wrong.errors["creative_risk"] == ["Creative risk is a number from 0.5 to 6."]


@pytest.mark.parametrize("seed", ["0", "12", str(MAX_SEED)])
def test_a_seed_is_taken(seed):
    filled = form("edit", seed=seed)

    assert filled.is_valid()
    assert filled.wish().seed == int(seed)


@pytest.mark.parametrize("seed", ["-1", "1.5", "x", str(MAX_SEED + 1), "9" * 400, "١"])
def test_what_is_no_seed_is_refused(seed):
    assert list(form("edit", seed=seed).errors) == ["seed"]


def test_an_unticked_box_is_false_and_a_ticked_one_true():
    choices = {p.name: p.default for p in describe("extend") if p.kind == "choice"}

    off, on = form("extend", **choices), form("extend", key_lock="on", **choices)
    assert off.is_valid()
    assert on.is_valid()
    assert not parse("extend", off.wish().parameters).key_lock
    assert parse("extend", on.wish().parameters).key_lock
