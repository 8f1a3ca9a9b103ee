import os
import signal
import threading
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connections

from jobs.clock import database_now
from jobs.sweeper import sweep

LONGEST_PAUSE = 15.0

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    """Runs the sweeper until it is told to stop."""

    help = "Keep jobs moving: recover lost ones, ring for unheard ones, run what is periodic."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=2.0, help="Seconds between sweeps.")
        parser.add_argument("--once", action="store_true", help="Sweep once and end.")

    def handle(self, *args: Any, every: float, once: bool, **options: Any) -> None:
        stop = threading.Event()
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
        parent = os.getppid()
        pause = every
        while not stop.is_set():
            pause = self._sweep(every, pause)
            if once or os.getppid() != parent:  # whoever started this process is gone
                return
            stop.wait(pause)

    def _sweep(self, every: float, pause: float) -> float:
        """Sweep and return how long to rest: longer and longer while the database is away."""
        try:
            swept = sweep(database_now())
        except Error as error:
            log.warning("database_unreachable", error=str(error).strip())
            connections.close_all()
            return min(2 * pause, LONGEST_PAUSE)
        if swept:
            log.info("swept", lost=swept.lost, woken=swept.woken, rung=swept.rung)
        return every
