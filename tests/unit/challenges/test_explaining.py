import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenges.explaining import (
    bars_of,
    groups_of,
    histogram,
    metric_line,
    part_lines,
    scale_for,
    suggestions,
)


def a_part(value, weight):
    return {"value": value, "weight": weight, "reasons": []}


def a_metric(value, band=(0.4, 0.6), typicality=1.0, weight=0.5, group="melody"):
    return {
        "value": value,
        "band": list(band),
        "typicality": typicality,
        "weight": weight,
        "group": group,
    }


def test_the_points_of_the_parts_add_up_to_the_total():
    parts = {"fit": a_part(100, 0.1), "music": a_part(20, 0.7), "originality": a_part(50, 0.2)}

    lines = part_lines(parts, 25.0)

    assert [line.name for line in lines] == ["music", "originality", "fit"]
    assert sum(line.points for line in lines) == pytest.approx(25.0)
    assert [line.maximum for line in lines] == pytest.approx([70, 20, 10])


def test_a_score_of_nothing_has_no_points():
    [line] = part_lines({"music": a_part(0, 1.0)}, 0.0)

    assert line.points == 0


def test_a_histogram_spreads_each_share_between_its_quantiles():
    counts = histogram([0, 1, 1, 4], low=0, high=4, bins=4)

    assert counts == pytest.approx([1 / 3, 1 / 3 + 1 / 9, 1 / 9, 1 / 9])


@given(
    st.lists(st.floats(-50, 50), min_size=2, max_size=33),
    st.integers(1, 40),
)
def test_a_histogram_over_the_whole_scale_holds_every_piece(values, bins):
    quantiles = sorted(values)
    scale = scale_for(quantiles)

    counts = histogram(quantiles, low=scale.low, high=scale.high, bins=bins)

    assert sum(counts) == pytest.approx(1)
    assert min(counts) >= 0


def test_a_histogram_without_quantiles_is_empty():
    assert histogram([], low=0, high=1, bins=3) == [0, 0, 0]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9))
def test_a_scale_has_room_at_both_ends(values):
    scale = scale_for(values)

    assert scale.low <= min(values)
    assert scale.high > max(values)


def test_a_scale_ends_at_the_most_that_there_can_be():
    assert scale_for([90, 100], most=100).high == 100
    assert scale_for([0, 10]).low == 0


def test_a_share_is_told_in_percent_and_with_advice():
    line = metric_line("step_share", a_metric(0.2, typicality=0.1), [0.3, 0.5, 0.7])

    assert (line.value, line.low, line.high) == pytest.approx((20, 40, 60))
    assert line.unit == "%"
    assert line.place == "below"
    assert line.advice == "Fill leaps with notes in between."
    assert line.loss == pytest.approx(45)


def test_inside_the_band_there_is_nothing_to_advise():
    line = metric_line("line_range", a_metric(0.5), [0.3, 0.7])

    assert (line.place, line.advice, line.loss) == ("inside", "", 0)


def test_a_metric_of_another_version_is_shown_by_its_name():
    line = metric_line("swing_feel", a_metric(0.1, typicality=0.2), [])

    assert (line.title, line.advice) == ("Swing feel", "")


def test_suggestions_come_by_what_they_cost_and_leave_out_what_does_not_count():
    metrics = {
        "step_share": a_metric(0.1, typicality=0.5, weight=0.1),
        "groove": a_metric(0.1, typicality=0.5, weight=0.4, group="rhythm"),
        "leap_share": a_metric(0.5),
        "polyphony_rate": a_metric(0.1, typicality=0.0, weight=0.0, group="texture"),
    }

    groups = groups_of(metrics, {}, {"melody": 0.5})

    assert [(group.title, group.mark) for group in groups] == [("Melody", 50), ("Rhythm", None)]
    assert [group.n_amiss for group in groups] == [1, 1]
    assert [line.name for line in suggestions(groups)] == ["groove", "step_share"]


@pytest.mark.parametrize(
    ("passages", "bars"),
    [
        ([(0, 4)], ["bar 1"]),
        ([(2, 6)], ["bars 1–2"]),
        ([(8, 12), (0, 4)], ["bar 1", "bar 3"]),
        ([(4, 8), (0, 4)], ["bars 1–2"]),
        ([(0, 12), (1, 2)], ["bars 1–3"]),
        ([], []),
    ],
)
def test_passages_are_told_in_bars(passages, bars):
    spans = [{"start": start, "end": end} for start, end in passages]

    assert [str(span) for span in bars_of(spans, [0, 4, 8])] == bars
