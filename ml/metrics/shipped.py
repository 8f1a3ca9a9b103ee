"""The reference that is shipped: bands, quantiles and tables of each style, read when needed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ml.metrics import grammar, raw
from ml.metrics.likelihood import decoder_version
from ml.metrics.material import Floats
from ml.metrics.plan import PLANS

FOLDER = Path(__file__).parent / "reference"
STYLES = ("chorale", "madrigal", "quartet", "dance")
"""Styles with a reference of their own."""

ANY = "any"
"""The default: a piece is placed in the style that it fits best."""

_N_SHOWN = 33  # quantiles kept per metric


@dataclass(frozen=True, slots=True)
class StyleReference:
    """What the pieces of a style look like; arrays follow the order of `PLANS`.

    `low` and `high` bound the bands, `width` is the distance that lowers a mark, `weight` is
    relative inside a group (0: the style says nothing about this metric), `quantiles` has shape
    (metrics, 33).
    """

    style: str
    n_pieces: int
    low: Floats
    high: Floats
    width: Floats
    weight: Floats
    quantiles: Floats

    def bands(self) -> dict[str, tuple[float, float]]:
        """Return the band of each metric by name."""
        return {
            name: (float(low), float(high))
            for name, low, high in zip(PLANS, self.low, self.high, strict=True)
        }

    @classmethod
    def from_values(
        cls, style: str, values: list[dict[str, float]], *, silent: frozenset[str] = frozenset()
    ) -> StyleReference:
        """Return the reference made of the raw values of its pieces, by metric name.

        Metrics may come from different pieces: each is taken from the rows that have it. Those in
        `silent` are measured and have no weight.
        """
        columns = [np.array([row[name] for row in values if name in row]) for name in PLANS]
        plans = PLANS.values()
        low, high = (
            np.array([np.quantile(c, q) for c, q in zip(columns, quantiles, strict=True)])
            for quantiles in ([p.low for p in plans], [p.high for p in plans])
        )
        narrowest, widest = (
            np.array([getattr(p, n) for p in plans]) for n in ("narrowest", "widest")
        )
        always = np.array([p.always for p in plans])
        spread = np.array([np.ptp(np.quantile(c, [0.05, 0.95])) for c in columns])
        speaks = np.array([name not in silent for name in PLANS])
        return cls(
            style,
            len(columns[0]),
            low,
            high,
            np.clip(high - low, narrowest, widest),
            np.where(((spread > narrowest / 10) | always) & speaks, [p.weight for p in plans], 0.0),
            np.array([np.quantile(c, np.linspace(0, 1, _N_SHOWN)) for c in columns]),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the reference as JSON can hold it, in five digits."""
        rows = zip(PLANS, self.low, self.high, self.width, self.weight, self.quantiles, strict=True)
        metrics = {
            name: {
                "band": [round(float(low), 5), round(float(high), 5)],
                "width": round(float(width), 5),
                "weight": float(weight),
                "quantiles": [round(float(q), 5) for q in quantiles],
            }
            for name, low, high, width, weight, quantiles in rows
        }
        return {"style": self.style, "pieces": self.n_pieces, "metrics": metrics}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> StyleReference:
        """Return the reference that `as_dict` wrote."""
        rows = [data["metrics"][name] for name in PLANS]
        bands = np.array([row["band"] for row in rows])
        return cls(
            data["style"],
            data["pieces"],
            bands[:, 0],
            bands[:, 1],
            np.array([row["width"] for row in rows]),
            np.array([row["weight"] for row in rows]),
            np.array([row["quantiles"] for row in rows]),
        )


@cache
def reference_for(style: str) -> StyleReference:
    """Return the shipped reference of a style.

    :raises KeyError: if there is no such style
    """
    if style not in STYLES:
        raise KeyError(f"There is no style {style!r}; there are {', '.join(STYLES)}.")
    return StyleReference.from_dict(json.loads((FOLDER / f"{style}.json").read_text()))


@cache
def shipped_tables() -> dict[str, grammar.Tables]:
    """Return the surprise tables of all styles, made from the shipped counts."""
    with np.load(FOLDER / "tables.npz", allow_pickle=False) as stored:
        return {style: _unpack(stored, style) for style in STYLES}


def pack_counts(style: str, counts: dict[str, Floats], kinds: np.ndarray) -> dict[str, np.ndarray]:
    """Return counts and chord kinds as the arrays that `tables.npz` stores for a style."""
    arrays = {f"{style}.kinds": kinds.astype(np.uint8)}
    for name, count in counts.items():
        cells = np.flatnonzero(count)
        arrays[f"{style}.{name}.cells"] = cells.astype(np.uint32)
        arrays[f"{style}.{name}.counts"] = count[cells].astype(np.uint32)
    return arrays


def _unpack(stored: Any, style: str) -> grammar.Tables:
    counts = {}
    for name, (n_contexts, n_outcomes) in grammar.SIZES.items():
        count = np.zeros(n_contexts * n_outcomes)
        count[stored[f"{style}.{name}.cells"]] = stored[f"{style}.{name}.counts"]
        counts[name] = count
    return grammar.tables_from(counts, stored[f"{style}.kinds"].astype(np.int64))


@cache
def features_version() -> str:
    """Return the version of the raw values: the code's, the surprise tables' and the decoder's."""
    digest = hashlib.sha256((FOLDER / "tables.npz").read_bytes()).hexdigest()
    return f"{raw.CODE_VERSION}.{digest[:8]}.{decoder_version()}"


@cache
def score_version() -> str:
    """Return the version of the score: the raw values' and a hash of bands and weights."""
    digest = hashlib.sha256()
    for style in STYLES:
        digest.update((FOLDER / f"{style}.json").read_bytes())
    digest.update((Path(__file__).parent / "plan.py").read_bytes())
    return f"{features_version()}-{digest.hexdigest()[:8]}"
