import subprocess
import sys

import pytest

from ml.training.presets import (
    KINDS,
    PRESETS,
    estimate,
    is_sampled,
    preset,
    sampled_iterations,
    speed_for,
    usual_speed,
)
from ml.training.probe import measure

TINY = {
    "gan": {"algorithm": "unet", "size": "tiny", "batch_size": 4, "critic_updates": 1},
    "ar_cnn": {"size": "tiny", "begin_from": "shipped"},
    "transformer": {"size": "tiny"},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", range(3))
def test_a_preset_takes_about_as_long_as_it_says(kind, number):
    found = PRESETS[kind][number]

    assert 0.7 < estimate(kind, found.settings) / 60 / found.minutes < 1.3


@pytest.mark.parametrize("algorithm", ["unet", "musegan"])
@pytest.mark.parametrize("size", ["small", "medium", "shipped"])
def test_more_of_anything_takes_longer(algorithm, size):
    settings = {**preset("gan", "quick").settings, "algorithm": algorithm, "size": size}

    for name in ("iterations", "batch_size", "critic_updates"):
        more = {**settings, name: 2 * settings[name]}
        assert estimate("gan", more) > 1.05 * estimate("gan", settings)


def test_a_measured_speed_is_believed():
    settings = preset("gan", "quick").settings

    assert estimate("gan", settings, 50.0) == pytest.approx(10, abs=10)
    assert estimate("gan", settings, 5.0) > 100


def test_the_speed_of_other_settings_is_in_proportion():
    quick, coffee = (preset("gan", name).settings for name in ("quick", "coffee"))
    twice = 2 * usual_speed("gan", quick)

    found = speed_for("gan", coffee, measured=twice, at=quick)

    assert found == pytest.approx(2 * usual_speed("gan", coffee))


@pytest.mark.parametrize("kind", KINDS)
def test_the_probe_measures_real_iterations(kind):
    speed = measure(kind, {**TINY[kind], "points_every": 10})

    assert 0.1 < speed < 10_000


def test_samples_are_taken_where_the_course_asks_for_them():
    assert sampled_iterations(500) == tuple(range(0, 501, 50))
    assert all(is_sampled(n) for n in (0, 50, 500, 950, 2000, 20_000, 25_000))
    assert not is_sampled(1050)
    assert len(sampled_iterations(30_000)) < 60


def test_presets_load_no_torch():
    code = "import sys, ml.training.presets; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
