"""`python -m benchmarks`: run every benchmark and print one JSON object of all figures."""

import json
import subprocess
import sys
from typing import Any

NAMES = (
    "scoring",
    "validity",
    "worker",
    "web",
    "leaderboard",
    "rescoring",
    "uploads",
    "generation",
    "generations",
    "rendering",
)


def main() -> int:
    """Run each benchmark in a process of its own, so that none warms up another."""
    chosen = sys.argv[1:] or NAMES
    figures = {name: _run(name) for name in chosen}
    print(json.dumps(figures, indent=2))
    return 0 if all("error" not in figure for figure in figures.values()) else 1


def _run(name: str) -> dict[str, Any]:
    print(f"Measuring: {name} …", file=sys.stderr)
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1:] or ["no output"]}
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


if __name__ == "__main__":
    raise SystemExit(main())
