"""How long runs take: by what was measured for the release, then by what workers measure here."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.models import Job
from jobs.states import State
from lab.models import Speed
from lab.presets import presets, shape_of
from lab.recipes import parse
from lab.selectors.estimates import estimate
from lab.services.data_sets import create_from_style
from lab.services.measuring import FRESH, measure_stale_speeds, record_speed
from lab.wording import Kind
from tests.lab import NOW, TINY, train_everything

pytestmark = pytest.mark.django_db


def test_a_speed_that_was_measured_here_makes_the_estimate() -> None:
    settings = parse("gan", TINY["gan"] | {"iterations": 1000})
    assert estimate("gan", settings).is_measured is False

    record_speed(machine="a", kind="gan", chosen=TINY["gan"], per_second=10, now=NOW)
    likely = estimate("gan", settings)

    assert likely.is_measured
    assert 100 <= likely.seconds <= 110  # and a little to begin with


def test_twice_the_iterations_take_twice_the_time() -> None:
    record_speed(machine="a", kind="gan", chosen=TINY["gan"], per_second=1, now=NOW)

    short, long = (
        estimate("gan", parse("gan", TINY["gan"] | {"iterations": n})) for n in (1000, 2000)
    )

    assert long.seconds - short.seconds == pytest.approx(1000)


@pytest.fixture
def measuring(settings, participant) -> None:
    """A site on which somebody keeps music to train on."""
    settings.LAB_MEASURES = True
    create_from_style(owner=participant, style="chorale", name="", now=NOW)


def test_nothing_is_measured_where_nobody_trains(settings) -> None:
    settings.LAB_MEASURES = True

    measure_stale_speeds(NOW)

    assert not Job.objects.exists()


def test_every_preset_is_measured_once_a_month(measuring) -> None:
    measure_stale_speeds(NOW)
    measure_stale_speeds(NOW + timedelta(hours=1))
    assert Job.objects.filter(kind="measure").count() == 9

    for kind in Kind:
        for preset in presets(kind):
            values = preset.settings
            record_speed(machine="a", kind=kind, chosen=values, per_second=1, now=NOW)
    measure_stale_speeds(NOW + FRESH / 2)
    assert Job.objects.count() == 9
    measure_stale_speeds(NOW + FRESH)
    assert Job.objects.count() == 18


def test_a_worker_measures_by_real_iterations(measuring, monkeypatch) -> None:
    tiny = parse("gan", TINY["gan"])
    monkeypatch.setattr(
        "lab.services.measuring.presets",
        lambda kind: presets(kind)[:1] if kind == Kind.GAN else (),
    )
    monkeypatch.setattr("lab.presets.Preset.parsed", lambda *_: tiny)
    measure_stale_speeds(timezone.now())

    train_everything()

    assert Job.objects.get().state == State.SUCCEEDED, Job.objects.get().error_detail
    speed = Speed.objects.get()
    assert speed.shape == shape_of("gan", tiny)
    assert speed.iterations_per_second > 0.1
