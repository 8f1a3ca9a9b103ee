"""What a model plays to the same held-out music, over the iterations of its training."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ml.training.checkpoint import write_text

N_SHOWN = 3

Rows = list[list[int]]
"""Notes as `[voice, first step, steps, pitch]`."""


@dataclass
class Samples:
    """The samples of a run, kept in a file.

    Written as `{"melodies": […], "samples": [{"iteration", "windows": […]}, …]}`: `melodies` are
    what the model is given, a list of rows for each window, and `windows` what it adds. Voice 0 is
    the melody, 3 the bass.
    """

    file: Path
    seen: list[dict[str, Any]] = field(default_factory=list)
    melodies: list[Rows] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return what the file holds, as JSON values."""
        return {"steps_per_beat": 4, "melodies": self.melodies, "samples": self.seen}

    def restore(self, values: Mapping[str, Any]) -> None:
        """Go on from what `as_dict` returned, and write the file."""
        self.melodies, self.seen = values["melodies"], values["samples"]
        self._write()

    def has(self, iteration: int) -> bool:
        """Tell whether the last sample is of this iteration."""
        return bool(self.seen) and bool(self.seen[-1]["iteration"] == iteration)

    def add(
        self, iteration: int, melodies: Sequence[Rows], windows: Sequence[Rows]
    ) -> dict[str, Any]:
        """Add a sample, write the file, and return what is new in it."""
        sample: dict[str, Any] = {"iteration": iteration, "windows": list(windows)}
        self.seen.append(sample)
        if not self.melodies:
            self.melodies = list(melodies)
            sample = {"steps_per_beat": 4, "melodies": self.melodies, **sample}
        self._write()
        return sample

    def _write(self) -> None:
        write_text(self.file, json.dumps(self.as_dict(), separators=(",", ":")))
