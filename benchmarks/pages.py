"""What pages make a browser load, and what Lighthouse says of their accessibility.

`python -m benchmarks.pages` adds up the scripts of the built front end, gzipped, as the pages load
them before anybody does anything; with `--lighthouse` it also starts a site with the demo and has
Lighthouse (by npx, which fetches it) rate landing, round, entry and Studio.
"""

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.report import show
from benchmarks.uploads import PORT, wait_for

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "platform" / "frontend" / "dist"
LIGHTHOUSE = "lighthouse@13.5.0"
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
BUDGETS = {"site": 30, "studio": 80}  # kB of scripts


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lighthouse", action="store_true")
    options = parser.parse_args()
    figures: dict[str, Any] = {"scripts": scripts()}
    if options.lighthouse:
        figures["accessibility"] = accessibility()
    show("pages", figures)


def scripts() -> dict[str, Any]:
    """Return kilobytes of script, gzipped, that each kind of page loads at once and later."""
    manifest = json.loads((DIST / "manifest.json").read_text())
    site = _needed(manifest, "src/main.ts")
    studio = site | _needed(manifest, "src/studio/main.ts")
    htmx = {row["file"] for row in manifest.values() if "htmx" in row["file"]}
    return {
        "site_kb": _kilobytes(site),
        "site_that_polls_kb": _kilobytes(site | htmx),
        "lesson_kb": _kilobytes(site | htmx | _needed(manifest, "src/listen/cp-listen.ts")),
        "studio_kb": _kilobytes(studio),
        "budget_kb": BUDGETS,
    }


def _needed(manifest: dict[str, dict[str, Any]], entry: str) -> set[str]:
    """Return the files of an entry and of all that it imports before it runs."""
    row = manifest[entry]
    return {row["file"]}.union(*(_needed(manifest, name) for name in row.get("imports", [])))


def _kilobytes(files: set[str]) -> float:
    sizes = [len(gzip.compress((DIST / file).read_bytes(), 9)) for file in files]
    return round(sum(sizes) / 1000, 1)


def accessibility() -> dict[str, int]:
    """Return Lighthouse's accessibility score, 0 to 100, of four pages of a site of our own."""
    with tempfile.TemporaryDirectory() as folder:
        values = os.environ | {"COUNTERPOINT_DATA_DIR": folder}
        for command in (["migrate", "--verbosity", "0"], ["seed", "--quiet"]):
            subprocess.run([sys.executable, "manage.py", *command], env=values, check=True)
        command = [sys.executable, "manage.py", "up", "--port", str(PORT)]
        with (Path(folder) / "log").open("w") as log:
            site = subprocess.Popen(command, env=values, stdout=log, stderr=log)
        try:
            wait_for(lambda: bool(_get("/healthz")), 60)
            board = _get("/rounds/open-stage/")
            entry = re.search(r"/entries/[0-9a-f-]{36}/", _get("/") + board)
            pages = {"landing": "/", "round": "/rounds/open-stage/", "studio": "/studio/new/"}
            if entry:
                pages["entry"] = entry.group()
            return {name: _rated(address, folder) for name, address in pages.items()}
        finally:
            site.terminate()
            site.wait(20)


def _rated(address: str, folder: str) -> int:
    report = Path(folder) / "report.json"
    url = f"http://127.0.0.1:{PORT}{address}"
    command = ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json"]
    command += [f"--output-path={report}", "--only-categories=accessibility"]
    subprocess.run([*command, f"--chrome-flags={FLAGS}"], check=True, stdout=subprocess.DEVNULL)
    return round(100 * json.loads(report.read_text())["categories"]["accessibility"]["score"])


def _get(path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=10) as response:
        text: str = response.read().decode()
        return text


if __name__ == "__main__":
    main()
