"""When to stop: what curves of known shapes are told."""

import math

import pytest

from lab.advice import advise, distances, progress_of
from lab.pictures import said_of

BAND = {"dissonant": (0.09, 0.12), "eighths": (0.94, 0.96)}


def series(shape) -> list[tuple[float, float]]:
    return [(n * 50.0, shape(n)) for n in range(20)]


@pytest.mark.parametrize(
    ("shape", "verdict"),
    [
        (lambda n: 10.0 - n / 2, "better"),
        (lambda n: math.exp(-n), "level"),
        (lambda n: (n - 8) ** 2, "worse"),
        (lambda n: 0.0, "level"),
    ],
)
def test_a_shape_has_its_verdict(shape, verdict: str) -> None:
    assert advise(series(shape)).verdict == verdict


def test_few_points_are_too_few() -> None:
    assert advise(series(lambda n: -n)[:5]).verdict == "early"


def test_the_best_iteration_is_named() -> None:
    advice = advise(series(lambda n: (n - 8) ** 2))

    assert advice.best == 400
    assert "At iteration 400" in said_of(advice, "gan").text


def test_within_the_band_there_is_no_distance() -> None:
    points = [{"iteration": 1, "dissonant": 0.4, "eighths": 0.1},
              {"iteration": 2, "dissonant": 0.1, "eighths": 0.95}]  # fmt: skip

    assert distances(points, BAND) == [(1.0, 1.0), (2.0, 0.0)]


def test_points_without_a_measure_are_left_out() -> None:
    points = [{"iteration": 1, "ce": 2.0}, {"iteration": 2, "dissonant": 0.1, "eighths": 0.95}]

    assert distances(points, BAND) == [(2.0, 0.0)]
    assert distances(points, {}) == []


def test_a_gan_is_judged_by_its_music_and_the_others_by_what_they_never_saw() -> None:
    points = [{"iteration": 1, "train": 9.0, "valid": 2.0, "dissonant": 0.1, "eighths": 0.95}]

    assert progress_of(points, "gan", BAND) == [(1.0, 0.0)]
    assert progress_of(points, "ar_cnn", BAND) == [(1.0, 2.0)]


@pytest.mark.parametrize("kind", ["gan", "ar_cnn", "transformer"])
def test_every_verdict_has_words_for_every_kind(kind: str) -> None:
    shapes = [lambda n: -n, lambda n: 0.0, lambda n: (n - 8) ** 2]
    said = [said_of(advise(series(shape)), kind) for shape in shapes]

    assert len({one.title for one in said}) == 3
    assert all("{" not in one.text for one in said)
