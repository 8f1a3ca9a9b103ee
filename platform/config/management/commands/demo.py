"""The main job without a browser; see `config.demo.run`."""

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from config.demo.isolation import INSIDE, demo_environment
from config.demo.run import DemoFailed, DemoResult, run_demo
from config.env import environment
from jobs.processes import Supervisor, sweeper, worker

BAR = "{percentage:3.0f}% |{bar:20}| {desc}"


class Command(BaseCommand):
    """Runs a whole round on a database of its own and prints its board."""

    help = (
        "Open a round, hand in pieces good and bad, let real workers score them, print the board."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--json`."""
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, json: bool, **options: Any) -> None:
        """Run in a child process, whose settings point at the demo's own database and files."""
        if INSIDE in os.environ:
            self._run(as_json=json)
            return
        command = [sys.executable, sys.argv[0], "demo", *(["--json"] if json else [])]
        with (
            tempfile.TemporaryDirectory(prefix="counterpoint-demo-") as folder,
            demo_environment(folder) as values,
        ):
            code = subprocess.run(command, env=os.environ | values, check=False).returncode
        if code:
            raise SystemExit(code)

    def _run(self, *, as_json: bool) -> None:
        call_command("migrate", verbosity=0)
        cache = environment().data_dir.parent / "counterpoint-demo-cache"
        programs = [worker(processes=2), sweeper(every=0.5)]
        bar = tqdm(total=100, leave=False, file=sys.stderr, bar_format=BAR)
        with bar, Supervisor(programs, say=self.stderr.write):
            try:
                result = run_demo(cache=cache, report=lambda share, what: _show(bar, share, what))
            except DemoFailed as failure:
                raise CommandError(str(failure)) from failure
        self.stdout.write(json.dumps(result.as_dict(), indent=2) if as_json else table(result))


def _show(bar: "tqdm[Any]", share: float, what: str) -> None:
    bar.n = round(100 * share)
    bar.set_description_str(what)


def table(result: DemoResult) -> str:
    """Return the board and the refusals as text."""
    lines = [f"{settings.SITE_NAME}: {result.round}, {result.seconds:.1f} s", ""]
    lines.append(f"{'':>3} {'score':>5}  {'music':>5} {'own':>5} {'fit':>5}  piece")
    for entry in result.entries:
        parts = " ".join(f"{part['value']:5.1f}" for part in entry["parts"].values())
        lines.append(
            f"{entry['rank']:>3} {entry['score']:5.1f}  {parts}  "
            f"{entry['title']} ({entry['participant']})"
        )
        lines.append(f"{'':>31}{_weakest(entry['metrics'])}")
    lines += ["", "Not on the board:"]
    lines += [f"  {r['title']}: {r['code']}. {r['detail']}" for r in result.refused]
    jobs = result.jobs
    lines += ["", f"Jobs: {jobs['succeeded']} succeeded, {jobs['failed']} failed, "]
    lines[-1] += f"{jobs['attempts']} attempts."
    return "\n".join(lines)


def _weakest(metrics: dict[str, Any], count: int = 3) -> str:
    """Return the metrics that cost most, each with its value and the reference band."""
    costly = sorted(metrics.items(), key=lambda m: m[1]["weight"] * (m[1]["typicality"] - 1))
    told = [
        f"{name} {m['value']:.2f} (band {m['band'][0]:.2f} to {m['band'][1]:.2f})"
        for name, m in costly[:count]
        if m["typicality"] < 0.999
    ]
    return "; ".join(told) or "every metric within the reference band"
