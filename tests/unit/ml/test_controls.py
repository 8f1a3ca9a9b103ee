"""The plotted measures tell Bach from what only looks like it; the course's do not."""

import json
from itertools import combinations

import numpy as np
import pytest

from ml.cli import main
from ml.data.grids import store
from ml.evaluation import controls
from ml.evaluation.controls import KINDS, control_measures, imitations, shipped_controls
from ml.evaluation.course_measures import course_figures
from ml.evaluation.window_measures import MEASURES, in_scale, window_figures, with_bands
from tests.unit.ml.gan_songs import grid_piece


def told_apart(found, one: str, other: str) -> list[str]:
    """Return the measures by which two kinds differ by more than Bach differs from itself."""
    names = []
    for name, row in found["measures"].items():
        a, b = row[one], row[other]
        band = found["held_out"][name]
        if a is None or b is None:
            if a is not b:
                names.append(name)
        elif abs(a - b) > 2 * (band["high"] - band["low"]):
            names.append(name)
    return names


@pytest.mark.parametrize(("one", "other"), list(combinations(KINDS, 2)))
def test_every_two_kinds_are_told_apart_by_a_measure(one, other):
    assert told_apart(shipped_controls(), one, other)


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_tells_bach_from_something(name):
    others = [kind for kind in KINDS if name in told_apart(shipped_controls(), "bach", kind)]

    assert others


def test_bach_lies_within_its_own_band():
    found = shipped_controls()

    for name, band in found["held_out"].items():
        assert band["low"] <= found["measures"][name]["bach"] <= band["high"], name


def test_the_measures_of_the_course_cannot_tell_bach_from_random_notes():
    course = shipped_controls()["course"]

    for name in ("pitch_histogram", "in_scale_rate", "empty_bar_rate"):
        assert course[name]["random"] == pytest.approx(course[name]["bach"], rel=0.002)
        assert course[name]["other_voices"] == course[name]["bach"]
    assert course["in_scale_rate"]["silence"] == pytest.approx(7 / 12, abs=1e-4)
    assert course["in_scale_rate"]["bach"] == pytest.approx(7 / 12, abs=1e-3)


def test_the_shipped_values_are_those_of_the_code(tmp_path):
    rows = [(side, grid_piece(f"{side}{n}", seed=n)) for side in ("valid", "test")
            for n in range(3)]  # fmt: skip
    store("chorale", rows, folder=tmp_path)

    found = control_measures(tmp_path)

    assert set(found) == set(shipped_controls())
    assert set(found["measures"]) == set(MEASURES)
    assert found["windows"] == 12
    json.dumps(found, allow_nan=False)


def test_silence_has_empty_bars_and_nothing_else_to_tell():
    figures = window_figures([np.full((64, 4), -1)] * 3)

    assert figures["empty_bars"] == 1.0
    assert all(np.isnan(v) for name, v in figures.items() if name != "empty_bars")


def test_the_scale_does_not_depend_on_the_key_or_the_octave():
    major = np.array([[60], [62], [64], [65], [67], [69], [71]])

    assert [in_scale(major + up) for up in range(12)] == [1.0] * 12
    assert in_scale(major + 12 * np.arange(7)[:, None] % 36) == 1.0


def test_the_band_holds_what_other_handfuls_of_the_same_music_read():
    dice = np.random.default_rng(1)
    music = [grid_piece(f"{n}", seed=n, steps=64).pitch.astype(int) for n in range(40)]

    found = with_bands(music)

    assert all(row["low"] <= row["value"] <= row["high"] for row in found.values())
    noise = window_figures([dice.integers(40, 80, (64, 4)) for _ in range(40)])
    assert noise["dissonant"] > found["dissonant"]["high"]


def test_the_course_counts_a_full_bar_as_1_and_silence_as_0():
    full, empty = np.full((64, 4), 60), np.full((64, 4), -1)

    assert course_figures([full])["empty_bar_rate"] == 1.0
    assert course_figures([empty])["empty_bar_rate"] == 0.0


def test_imitations_are_as_many_and_as_long(tmp_path):
    music = [grid_piece(f"{n}", seed=n, steps=64).pitch.astype(int) for n in range(7)]

    for found in imitations(music).values():
        assert [w.shape for w in found] == [(64, 4)] * 7


def test_the_command_prints_what_is_shipped(capsys):
    assert main(["controls"]) == 0
    assert "dissonant" in capsys.readouterr().out

    assert main(["controls", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == shipped_controls()


def test_the_command_says_what_to_do_without_chorales(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(controls, "SHIPPED", tmp_path / "controls.json")

    assert main(["controls", "--write"]) == 1

    assert "python -m ml data" in capsys.readouterr().err
