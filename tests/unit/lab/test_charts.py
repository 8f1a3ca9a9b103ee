"""Curves: what is drawn, what is said of it, and what the table beside it holds."""

import re
from itertools import pairwise

import pytest

from lab.charts import MAX_DRAWN, MAX_ROWS, Line, Plot, figure, joined_at, losses, musical, thinned
from lab.measures import LOSSES, MUSICAL

GAN = [
    {"iteration": 10, "ce": 3.0, "dissonant": 0.4},
    {"iteration": 20, "ce": 2.0, "critic_loss": 0.1, "dissonant": 0.3},
    {"iteration": 30, "ce": 1.5, "critic_loss": -0.5, "generator_loss": 2.5, "dissonant": 0.12},
]


def test_both_networks_of_a_gan_have_a_curve_each() -> None:
    names = [figure.name for figure in losses(GAN, "gan")]

    assert names == ["ce", "generator_loss", "critic_loss"]


def test_the_moment_at_which_the_critic_joins_in_is_marked_where_there_is_something_after_it() -> (
    None
):
    points = [*GAN, {"iteration": 40, "ce": 1.4, "critic_loss": -0.6, "generator_loss": 2.6}]

    ce, *_others = losses(points, "gan")

    assert joined_at(points) == 30
    assert "the critic joins in" in ce.svg
    assert "the critic joins in" not in losses(GAN[:2], "gan")[0].svg


@pytest.mark.parametrize("held_out", ["valid", "valid_chorale", "valid_quartet"])
def test_training_and_held_out_loss_share_their_axes(held_out: str) -> None:
    points = [{"iteration": n, "train": 2.0 / n, held_out: 2.2 / n} for n in (1, 2, 3)]

    [drawn] = losses(points, "transformer")

    assert drawn.head == ("Iteration", "Training", "Held out")
    assert drawn.rows[0] == ("1", "2.000", "2.200")
    assert drawn.svg.count('class="fig__curve') >= 2


@pytest.mark.parametrize("kind", LOSSES)
def test_no_points_are_no_curves(kind: str) -> None:
    assert losses([], kind) == []
    assert musical([], {}) == []


def test_a_measure_shows_the_band_of_held_out_music_in_the_drawing_and_in_words() -> None:
    [drawn] = musical(GAN, {"dissonant": (0.09, 0.12)})

    assert 'class="band__zone"' in drawn.svg
    assert "Held-out music: 0.09 to 0.12." in drawn.svg
    assert "from 0.40 to 0.12" in drawn.svg


def test_without_a_reference_there_is_no_band() -> None:
    [drawn] = musical(GAN, {})

    assert "band__zone" not in drawn.svg
    assert "Held-out music" not in drawn.svg


def test_the_band_is_inside_of_the_picture_even_where_the_curve_never_goes() -> None:
    [drawn] = musical(GAN, {"dissonant": (0.9, 0.95)})

    zone = re.search(r'band__zone" x="\S+" y="(\S+)" width="\S+" height="(\S+)"', drawn.svg)
    y, height = zone.groups()
    assert float(y) > 28
    assert float(height) > 1


def test_a_single_point_is_drawn() -> None:
    figures = losses(GAN[:1], "gan")

    assert "fig__curve-end" in figures[0].svg
    assert '"nan"' not in figures[0].svg


def test_one_spike_does_not_flatten_a_long_curve() -> None:
    points = [{"iteration": n, "critic_loss": -1.0 - n / 100} for n in range(100)]
    points[40]["critic_loss"] = 5000.0

    [drawn] = losses(points, "gan")

    heights = [float(y) for y in re.findall(r'class="fig__tick" x="46" y="(\S+)"', drawn.svg)]
    assert len(heights) > 2
    assert "5000" not in re.sub(r'aria-label="[^"]*"', "", drawn.svg)


def test_thinning_keeps_both_ends_and_the_order() -> None:
    points = [(float(n), float(n % 7)) for n in range(5000)]

    kept = thinned(points)

    assert len(kept) <= MAX_DRAWN + 1
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert all(a[0] < b[0] for a, b in pairwise(kept))


def test_a_long_curve_has_a_short_table_with_its_last_point() -> None:
    points = [{"iteration": n, "train": 1.0, "valid": 1.0} for n in range(1, 1001)]

    [drawn] = losses(points, "ar_cnn")

    assert len(drawn.rows) <= MAX_ROWS + 1
    assert drawn.rows[-1][0] == "1,000"


def test_a_name_cannot_speak_html() -> None:
    plot = Plot(MUSICAL["eighths"], [Line("<script>", [(0, 1), (1, 2)])])

    assert "<script>" not in figure(plot).svg
