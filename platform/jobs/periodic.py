"""Things that repeat. The sweeper runs them; two sweepers run each of them once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import IntegrityError, transaction

from jobs.models import PeriodicRun

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Periodic:
    """Something to run about `every` so often. `run` gets the time of the run."""

    name: str
    every: timedelta
    run: Callable[[datetime], None]


_registered: dict[str, Periodic] = {}


def register(name: str, every: timedelta, run: Callable[[datetime], None]) -> None:
    """Have `run` called about `every` so often; registering a name again replaces it."""
    _registered[name] = Periodic(name, every, run)


def take_turn(name: str, every: timedelta, now: datetime) -> bool:
    """Return whether `name` is due, and if so count it as run: of several callers one gets True."""
    if PeriodicRun.objects.filter(name=name, ran_at__lte=now - every).update(ran_at=now):
        return True
    if PeriodicRun.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            PeriodicRun.objects.create(name=name, ran_at=now)
    except IntegrityError:
        return False
    return True


def run_due(now: datetime) -> list[str]:
    """Run what is due and return its names; one that fails is logged and waits for its turn."""
    ran = []
    for item in list(_registered.values()):
        if not take_turn(item.name, item.every, now):
            continue
        try:
            item.run(now)
        except Exception:  # one broken routine must not stop the others, nor the sweeper
            log.exception("periodic_failed", name=item.name)
        else:
            ran.append(item.name)
    return ran
