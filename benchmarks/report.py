"""What the benchmarks share: figures of a sample, the machine, and printing."""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any


def summary(seconds: Iterable[float]) -> dict[str, float]:
    """Return median, 99th percentile and maximum of some durations, in milliseconds."""
    ordered = sorted(1000 * value for value in seconds)
    return {
        "median_ms": round(statistics.median(ordered), 3),
        "p99_ms": round(ordered[min(int(0.99 * len(ordered)), len(ordered) - 1)], 3),
        "max_ms": round(ordered[-1], 3),
        "runs": len(ordered),
    }


def timed(work: Callable[[], object], *, runs: int, warmup: int = 3) -> list[float]:
    """Return how long each of `runs` calls took, in seconds of wall time."""
    for _ in range(warmup):
        work()
    durations = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        durations.append(time.perf_counter() - began)
    return durations


def machine() -> dict[str, Any]:
    """Return what the figures depend on besides the code."""
    return {"cores": os.cpu_count(), "python": sys.version.split()[0], "platform": sys.platform}


def show(name: str, figures: dict[str, Any]) -> None:
    """Print a benchmark's figures as one JSON object."""
    print(json.dumps({"benchmark": name, "machine": machine(), **figures}, indent=2))
