"""How long a run is likely to take here."""

from dataclasses import dataclass

from django.db.models import Avg

from lab.models import Speed
from lab.presets import shape_of
from lab.recipes import Settings


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds of training, from speeds that this site's workers measured; None before the first.

    A run also waits while others have their turns.
    """

    seconds: float | None
    iterations_per_second: float | None


def estimate(kind: str, settings: Settings) -> Estimate:
    """Return how long a run with these settings is likely to train."""
    speeds = Speed.objects.filter(shape=shape_of(kind, settings))
    speed = speeds.aggregate(mean=Avg("iterations_per_second"))["mean"]
    return Estimate(settings.iterations / speed if speed else None, speed)
