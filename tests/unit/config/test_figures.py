"""The geometry behind score bars and plots."""

import itertools

import pytest

from config.templatetags import figures


def test_segments_fill_the_bar_when_every_point_is_won() -> None:
    parts = [
        {"label": "Musical", "points": 65, "maximum": 65},
        {"label": "Originality", "points": 35, "maximum": 35},
    ]

    first, second = figures.segments(parts)

    assert (first.x, first.width) == (0, 65)
    assert second.x + second.width == pytest.approx(100)


def test_segments_leave_lost_points_empty_and_never_overlap() -> None:
    parts = [{"label": str(n), "points": 10.0, "maximum": 20.0} for n in range(7)]

    drawn = figures.segments(parts)

    assert sum(part.width for part in drawn) == pytest.approx(50, abs=0.01)
    for before, after in itertools.pairwise(drawn):
        assert after.x == pytest.approx(before.x + before.width, abs=0.01)
    assert [part.color for part in drawn] == [1, 2, 3, 4, 5, 6, 1]


def test_segments_of_nothing_are_no_error() -> None:
    assert figures.segments([]) == []
    assert figures.segments([{"label": "x", "points": 0, "maximum": 0}])[0].width == 0


def test_histogram_bars_reach_the_top_only_at_the_highest_count() -> None:
    bars = figures.histogram_bars([1, 4, 2])

    assert [bar.y for bar in bars].count(figures.PLOT_TOP) == 1
    assert all(bar.y + bar.height == figures.PLOT_BASE for bar in bars)
    assert bars[-1].x + bars[-1].width < figures.PLOT_WIDTH


def test_histogram_of_an_empty_corpus_is_flat() -> None:
    assert [bar.height for bar in figures.histogram_bars([0, 0])] == [0, 0]
    assert figures.histogram_bars([]) == []


@pytest.mark.parametrize(("value", "x"), [(0, 0), (5, 160), (10, 320), (-3, 0), (99, 320)])
def test_position_stays_on_the_scale(value: float, x: float) -> None:
    assert figures.position(value, 0, 10) == x


@pytest.mark.parametrize(
    ("value", "expected"), [(1, "below"), (2, "inside"), (4, "inside"), (4.01, "above")]
)
def test_place_counts_both_ends_of_the_band_as_inside(value: float, expected: str) -> None:
    assert figures.place(value, 2, 4) == expected


def test_spark_points_run_left_to_right_and_higher_is_higher() -> None:
    points = figures.spark_points([10, 90, 50], 0, 100)

    xs = [x for x, _ in points]
    assert xs == sorted(xs)
    assert points[1][1] < points[2][1] < points[0][1]


def test_zone_label_is_the_city() -> None:
    assert figures.zone_label("America/Argentina/Buenos_Aires") == "Buenos Aires"
    assert figures.zone_label("UTC") == "UTC"
