import os
import signal
import threading
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from jobs import processes, startup

ASK_EVERY = 0.1  # seconds between questions whether the site answers
SLOW = 20.0  # seconds after which a person should look at the messages


class Command(BaseCommand):
    """Runs the whole site from one terminal."""

    help = "Run the site: web server, workers and sweeper, until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--workers", type=int, default=max(1, min(4, os.cpu_count() or 1)))
        parser.add_argument("--generators", type=int, default=1, help="Processes for the models.")
        parser.add_argument("--renderers", type=int, default=1, help="Processes that make sound.")
        parser.add_argument("--trainers", type=int, default=1, help="Processes that train models.")
        parser.add_argument("--no-web", action="store_true", help="Only the workers and sweeper.")

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        serve = not options["no_web"]
        try:
            self._check(host, port, serve=serve)
        except startup.CannotStart as error:
            raise CommandError(str(error)) from None
        connections.close_all()
        programs = _workers(workers, options)
        if serve:
            one_writer = connections["default"].vendor == "sqlite"
            programs.insert(0, processes.web(host, port, 1 if one_writer else workers))
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: stop.set())
        with processes.Supervisor(programs, self._say):
            if serve:
                self._announce(host, port, stop)
            stop.wait()
            self._say("Stopping.")

    def _check(self, host: str, port: int, *, serve: bool) -> None:
        startup.check_data_folder(settings.DATA_DIR)
        if serve:
            startup.check_port(host, port)
        startup.check_database()
        startup.check_migrations()
        if serve:
            startup.check_front_end()

    def _announce(self, host: str, port: int, stop: threading.Event) -> None:
        """Print the address once the site answers there."""
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        waited = 0.0
        while not stop.wait(ASK_EVERY):
            if _answers(f"{address}/healthz"):
                self._say(f"Counterpoint is running at {address}/ - Ctrl-C stops it.")
                return
            waited += ASK_EVERY
            if waited - ASK_EVERY < SLOW <= waited:
                self._say("The site does not answer yet; see the messages above.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _workers(count: int, options: dict[str, Any]) -> list[processes.Program]:
    """Return the programs behind the web server; any but the first may be left to others."""
    programs = [processes.worker(count), processes.sweeper()]
    for name, program in (
        ("generators", processes.generator),
        ("renderers", processes.renderer),
        ("trainers", processes.trainer),
    ):
        if options[name]:
            programs.append(program(options[name]))
    return programs


def _answers(url: str) -> bool:
    host = settings.ALLOWED_HOSTS[0].lstrip(".") if settings.ALLOWED_HOSTS else "localhost"
    request = urllib.request.Request(  # noqa: S310 - the address is this command's own
        url, headers={"Host": "localhost" if host == "*" else host, "X-Forwarded-Proto": "https"}
    )
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
