import json
import math

import numpy as np
import pytest

from ml.evaluation.figures import as_table, figure, finite


@pytest.mark.parametrize(
    ("value", "reached"),
    [(0.5, "missed"), (0.42, "must"), (0.381, "must"), (0.38, "aim"), (0.3, "record"),
     (math.nan, "missed"), (None, "missed"), (True, "missed")],
)  # fmt: skip
def test_a_figure_reaches_the_best_level_that_it_meets(value, reached):
    assert figure(value, "Nats.", must=0.42, aim=0.38, record=0.335)["reached"] == reached


def test_more_is_better_where_the_figure_says_so():
    assert figure(0.98, "Area.", must=0.97, aim=0.985, higher_is_better=True)["reached"] == "must"


def test_a_range_is_met_from_end_to_end():
    assert [figure(v, "Points.", must=(-3, 3))["reached"] for v in (-3, 0, 3, 3.1)] == [
        "must", "must", "must", "missed",
    ]  # fmt: skip


def test_nothing_is_reached_where_nothing_is_asked_for():
    row = figure([0.1, 0.2], "Beside the data's own.")

    assert (row["reached"], row["target"]) == (None, {})


def test_arrays_and_gaps_become_json():
    row = finite({"a": np.array([1.0, np.nan]), "b": np.float32(0.5), "c": (math.inf, True)})

    assert json.loads(json.dumps(row, allow_nan=False)) == {
        "a": [1.0, None], "b": 0.5, "c": [None, True],
    }  # fmt: skip


def test_the_table_shows_value_targets_verdict_and_definition():
    rows = {
        "nats": figure(0.3912, "Mean over cells.", must=0.42, aim=0.38),
        "empty_bars": figure([0.01, 0.02], "By voice.", must=(-3, 3)),
    }

    table = as_table(rows)

    assert "nats: 0.3912 (must <= 0.42, aim <= 0.38)  -> must" in table
    assert "empty_bars: 0.01, 0.02 (must -3 to 3)  -> missed" in table
    assert "Mean over cells." in table
