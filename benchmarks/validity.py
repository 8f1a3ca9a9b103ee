"""Does the score tell music from junk? Prints JSON; read with `docs/metrics.md`.

    python benchmarks/validity.py [--pieces 60] [--cache var/corpus]

For every style, in its own reference and in the default: the scores of held-out pieces, the area
under the curve against each kind of junk, the mean score as more notes are perturbed, and how far
transposition and tempo move a score.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.junk import JUNK, perturbed
from ml.data.held_out import held_out_corpus
from ml.metrics import ANY, STYLES, Features, features, place_many
from ml.metrics.originality import originality
from ml.music import Song, TempoChange, read_canonical, transposed

SHARES = (0.05, 0.10, 0.20, 0.40, 0.80)
KINDS = ("pitch", "onset", "both", "any")


def main() -> None:
    """Measure all styles and print the figures."""
    options = _options()
    pieces = {style: _pieces(style, options.pieces, options.cache) for style in STYLES}
    report = {style: measure_style(style, songs) for style, songs in pieces.items()}
    report["auc_all"] = {
        reference: min(report[style][reference]["auc"] for style in STYLES)
        for reference in ("own", "any")
    }
    print(json.dumps(report, indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pieces", type=int, default=60)
    parser.add_argument("--cache", type=Path, default=Path("var/corpus"))
    return parser.parse_args()


def _pieces(style: str, count: int, cache: Path) -> list[Song]:
    """Return held-out pieces spread evenly over all lengths."""
    found = held_out_corpus(style, cache=cache)
    chosen = np.unique(np.linspace(0, len(found) - 1, min(count, len(found))).astype(int))
    return [read_canonical(found[i].played) for i in chosen]


def measure_style(style: str, songs: list[Song]) -> dict[str, Any]:
    """Return all figures of one style."""
    rng = np.random.default_rng(1)
    real = [features(song) for song in songs]
    junk = {name: [features(make(song, rng)) for song in songs[:40]] for name, make in JUNK.items()}
    if style == "dance":
        del junk["misaligned_voices"]  # one voice moved is still the tune
    falls = {
        kind: [[features(perturbed(s, share, kind, rng)) for s in songs] for share in SHARES]
        for kind in KINDS
    }
    found = {"pieces": len(songs)}
    for label, reference in (("own", style), ("any", ANY)):
        found[label] = _figures(real, junk, falls, reference)
    found["moves"] = {label: _moves(songs[:12], r) for label, r in (("own", style), ("any", ANY))}
    found["originality"] = _copies(songs[:40])
    return found


def _figures(
    real: list[Features],
    junk: dict[str, list[Features]],
    falls: dict[str, list[list[Features]]],
    style: str,
) -> dict[str, Any]:
    good = _scores(real, style)
    bad = {name: _scores(rows, style) for name, rows in junk.items()}
    return {
        "median": float(np.median(good)),
        "p10": round(float(np.quantile(good, 0.1)), 1),
        "min": float(good.min()),
        "auc": area(good, np.concatenate(list(bad.values()))),
        "junk": {n: [float(np.median(s)), area(good, s)] for n, s in bad.items()},
        "perturbed": {
            kind: [
                round(float(good.mean()), 1),
                *(round(float(_scores(r, style).mean()), 1) for r in rows),
            ]
            for kind, rows in falls.items()
        },
    }


def _scores(rows: list[Features], style: str) -> np.ndarray:
    return place_many([row.values for row in rows], style=style)


def area(good: np.ndarray, bad: np.ndarray) -> float:
    """Return the chance that a good piece scores above a bad one, ties counting half."""
    return round(float(((good[:, None] > bad) + 0.5 * (good[:, None] == bad)).mean()), 4)


def _moves(songs: list[Song], style: str) -> dict[str, float]:
    """Return the largest change of a score by transposition and by tempo, in points."""
    base = _scores([features(s) for s in songs], style)
    moved = [_scores([features(transposed(s, by)) for s in songs], style) for by in range(-6, 7)]
    paced = [_scores([features(_paced(s, f)) for s in songs], style) for f in (0.8, 1.2)]
    return {
        "transposition": round(max(float(np.abs(m - base).max()) for m in moved), 2),
        "tempo": round(max(float(np.abs(m - base).max()) for m in paced), 2),
    }


def _paced(song: Song, factor: float) -> Song:
    tempos = tuple(TempoChange(t.tick, round(t.us_per_beat / factor)) for t in song.tempos)
    return Song(song.tracks, tempos, song.time_signatures, song.key_signatures)


def _copies(songs: list[Song]) -> dict[str, Any]:
    """Return what held-out pieces share with the corpus, as the yardstick of originality."""
    found = [originality(song) for song in songs]
    return {
        name: [
            round(float(np.quantile([getattr(o, name) for o in found], q)), 3) for q in (0.5, 0.9)
        ]
        for name in ("share", "two_bar_share", "line_share")
    } | {"suspected": sum(o.is_suspected for o in found)}


if __name__ == "__main__":
    main()
