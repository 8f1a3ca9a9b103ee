"""How fast scoring is, against MusPy in the same run. Prints JSON; one core.

    OMP_NUM_THREADS=1 python benchmarks/scoring.py

The file: four voices, 60 seconds, about 1,000 notes, written here (every voice from a seeded walk).
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml.metrics import STYLES, features, place, place_many, score
from ml.metrics.common import common_metrics
from ml.metrics.originality import originality
from ml.music import Notes, Song, Track, read_canonical, read_midi

RIGHT_IN_MUSPY = (
    "pitch_entropy",
    "pitch_class_entropy",
    "scale_consistency",
    "polyphony",
    "polyphony_rate",
)


def typical_file() -> bytes:
    """Return a canonical file of 4 tracks, 120 beats (60 s) and about 960 notes."""
    rng = np.random.default_rng(3)
    scale = np.array([o * 12 + c for o in range(3, 7) for c in (0, 2, 4, 5, 7, 9, 11)])
    tracks = []
    for voice in range(4):
        lengths = rng.choice([120, 240, 240, 240, 360], 400)
        start = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        start = start[start < 120 * 480]
        count = len(start)
        place = np.abs((np.cumsum(rng.integers(-2, 3, count)) + 14) % 28 - 14) + voice
        duration = np.diff(start, append=120 * 480)
        notes = Notes.tidy(scale[place], start, duration, rng.integers(50, 110, count))
        tracks.append(Track(f"Voice {voice + 1}", 0, False, notes))
    return Song(tuple(tracks)).to_midi()


def milliseconds(action: Callable[[], object], *, times: int) -> float:
    """Return the median time of an action in milliseconds, after one run to warm up."""
    action()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        taken.append(time.perf_counter() - began)
    return 1000 * statistics.median(taken)


def muspy_values(path: Path) -> dict[str, float]:
    """Return the seven values by MusPy, from the file on."""
    import muspy

    music = muspy.read_midi(path)
    return {
        "pitch_entropy": muspy.pitch_entropy(music),
        "pitch_class_entropy": muspy.pitch_class_entropy(music),
        "scale_consistency": muspy.scale_consistency(music),
        "polyphony": muspy.polyphony(music),
        "polyphony_rate": muspy.polyphony_rate(music),
        "empty_beat_rate": muspy.empty_beat_rate(music),
        "groove_consistency": muspy.groove_consistency(music, 1920),
    }


def cold_start_seconds(path: Path) -> float:
    """Return the time of a new process from its start to its first score, imports included."""
    code = (
        "import sys, pathlib; from ml.music import read_canonical; from ml.metrics import score\n"
        "from ml.metrics.originality import originality\n"
        "song = read_canonical(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "score(song); originality(song)"
    )
    root = Path(__file__).resolve().parents[1]
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code, str(path)], check=True, cwd=root)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def whole_score(midi: bytes) -> None:
    """Parse, score with bands, and look up originality."""
    song = read_canonical(midi)
    score(song)
    originality(song)


def measure(midi: bytes, path: Path) -> dict[str, Any]:
    """Return all figures."""
    song = read_canonical(midi)
    ours, theirs = common_metrics(song), muspy_values(path)
    found = features(song)
    seven = milliseconds(lambda: common_metrics(read_canonical(midi)), times=300)
    muspy_seven = milliseconds(lambda: muspy_values(path), times=20)
    rows = [found.values] * 5000
    return {
        "notes": song.n_notes,
        "seconds_of_music": round(song.duration_seconds, 1),
        "seven_metrics_ms": round(seven, 3),
        "seven_metrics_muspy_ms": round(muspy_seven, 1),
        "seven_metrics_ratio": round(muspy_seven / seven, 1),
        "largest_difference_where_muspy_is_right": max(
            abs(ours[name] - theirs[name]) for name in RIGHT_IN_MUSPY
        ),
        "gate_ms": round(milliseconds(lambda: read_midi(midi), times=100), 2),
        "features_ms": round(milliseconds(lambda: features(song), times=100), 2),
        "place_ms": round(milliseconds(lambda: place(found), times=100), 2),
        "originality_ms": round(milliseconds(lambda: originality(song), times=100), 2),
        "whole_score_ms": round(milliseconds(lambda: whole_score(midi), times=100), 2),
        "placed_per_second": {
            style: round(5e6 / milliseconds(partial(place_many, rows, style=style), times=5))
            for style in (STYLES[0], "any")
        },
        "cold_start_s": round(cold_start_seconds(path), 2),
    }


def main() -> None:
    """Measure and print."""
    warnings.simplefilter("ignore")
    midi = typical_file()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "typical.mid"
        path.write_bytes(midi)
        print(json.dumps(measure(midi, path), indent=1))


if __name__ == "__main__":
    main()
