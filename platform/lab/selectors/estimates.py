"""How long a run is likely to take here."""

from dataclasses import dataclass

from django.db.models import Avg

from lab.models import Speed
from lab.presets import shape_of
from lab.recipes import Settings, as_dict
from ml.training import presets


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds of training on one core; None where nobody has measured anything like it.

    `is_measured` tells whether this site's own workers measured these very settings; otherwise it
    is what was measured for the release. A run also waits while others have their turns.
    """

    seconds: float | None
    iterations_per_second: float | None
    is_measured: bool = False


def estimate(kind: str, settings: Settings) -> Estimate:
    """Return how long a run with these settings is likely to train."""
    speeds = Speed.objects.filter(shape=shape_of(kind, settings))
    here = speeds.aggregate(mean=Avg("iterations_per_second"))["mean"]
    speed = here or _usual(kind, settings)
    if speed is None:
        return Estimate(None, None)
    return Estimate(presets.estimate(kind, as_dict(settings), speed), speed, here is not None)


def _usual(kind: str, settings: Settings) -> float | None:
    try:
        return presets.usual_speed(kind, as_dict(settings))
    except KeyError:  # sizes for tests are in no table
        return None
