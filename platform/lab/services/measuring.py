"""Having workers measure how fast they train, so that estimates are this site's own."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from jobs.services import enqueue
from jobs.states import Priority
from lab.kinds import MEASURE
from lab.models import DataSet, Speed
from lab.presets import presets, shape_of
from lab.recipes import as_dict, parse
from lab.wording import Kind

FRESH = timedelta(days=30)


def measure_stale_speeds(now: datetime) -> None:
    """Queue the measuring of each preset whose speed nobody measured lately; the sweeper calls it.

    Not where nobody keeps music to train on. A job of a month is queued once, whatever became of
    it.
    """
    if not settings.LAB_MEASURES or not DataSet.objects.exists():
        return
    fresh = Speed.objects.filter(measured_at__gt=now - FRESH).values_list("shape", flat=True)
    known = set(fresh)
    for kind in Kind:
        for preset in presets(kind):
            chosen = preset.parsed(kind)
            shape = shape_of(kind, chosen)
            if shape not in known:
                enqueue(
                    kind=MEASURE,
                    payload={"kind": kind.value, "settings": as_dict(chosen)},
                    subject=f"speed:{shape}"[:120],
                    priority=Priority.LOW,
                    dedupe_key=f"measure {shape} {now:%Y-%m}",
                    now=now,
                )


def record_speed(
    *, machine: str, kind: str, chosen: Mapping[str, Any], per_second: float, now: datetime
) -> None:
    """Store how fast a machine trains with settings, for the estimates of the next runs."""
    Speed.objects.update_or_create(
        machine=machine[:80],
        shape=shape_of(kind, parse(kind, chosen)),
        defaults={"iterations_per_second": per_second, "measured_at": now},
    )
