"""What the web process weighs and what it does not load.

`python -m benchmarks.web` starts the web server embedded, asks for pages, and reads its memory.
"""

import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.report import show, summary, timed
from benchmarks.uploads import PORT, wait_for

PAGES = ("/", "/rounds/", "/rounds/open-stage/", "/api/v1/rounds/", "/healthz")
HEAVY = ("torch", "muspy", "music21", "pypianoroll", "matplotlib")


def main() -> None:
    """Measure start, pages and memory."""
    with tempfile.TemporaryDirectory() as folder:
        values = os.environ | {"COUNTERPOINT_DATA_DIR": folder}
        for command in (
            ["migrate", "--verbosity", "0"],
            ["collectstatic", "--no-input", "--verbosity", "0"],
            ["seed", "--quiet"],
        ):
            subprocess.run([sys.executable, "manage.py", *command], env=values, check=True)
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(PORT)]
        command += ["--workers", "1", "--blocking-threads", "4", "--log-level", "error"]
        site = subprocess.Popen([*command, "config.wsgi:application"], env=values)
        try:
            started = wait_for(lambda: _get("/healthz") > 0, 30)
            pages = {page: summary(timed(lambda p=page: _get(p), runs=50)) for page in PAGES}
            figures = {"start_s": round(started, 2), "pages": pages, **_memory(site.pid)}
        finally:
            site.terminate()
            site.wait(10)
    show("web", {**figures, "heavy_imports": _heavy_imports()})


def _get(path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=10) as response:
        return len(response.read())


def _memory(pid: int) -> dict[str, Any]:
    """Return the resident memory of the server and of its processes, in MB."""
    family = {pid, *_descendants(pid)}
    each = {p: _resident(p) for p in family}
    return {
        "rss_mb": {str(p): mb for p, mb in sorted(each.items())},
        "rss_max_mb": max(each.values()),
    }


def _descendants(pid: int) -> list[int]:
    children = [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*children, *(far for child in children for far in _descendants(child))]


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return round(kilobytes / 1024, 1)


def _heavy_imports() -> list[str]:
    """Return which of the heavy packages a process that serves pages has loaded (none)."""
    code = (
        "import config.wsgi, sys; from django.urls import get_resolver;"
        "get_resolver().url_patterns;"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


if __name__ == "__main__":
    main()
