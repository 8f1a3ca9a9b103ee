"""What the lessons show of the models: recordings of real runs, and a judge small enough to watch.

`python -m ml lessons` makes the recordings (`ml.lessons.record`); reading them loads no torch.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from ml.music import TICKS_PER_BEAT, Notes, Song, TempoChange, Track

FOLDER = Path(__file__).parent / "recorded"
STEP_TICKS = TICKS_PER_BEAT // 4
VOICES = ("Soprano", "Alto", "Tenor", "Bass")

Row = list[int]
"""A note as (voice 0-3, first step, steps, pitch); a step is a 16th note."""

__all__ = ["FOLDER", "STEP_TICKS", "VOICES", "Row", "recording", "song_of_rows"]


@cache
def recording(name: str) -> Any:
    """Return the recording `name`: `bach`, `next_notes`, `attention`, `edit_run` or `judge`.

    The answer is shared; nobody may write to it.

    :raises FileNotFoundError: if there is no such recording
    """
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def song_of_rows(rows: list[Row], *, qpm: float = 100.0) -> Song:
    """Return rows as a song of up to four piano tracks, one for each voice that has notes."""
    tracks = []
    for voice, name in enumerate(VOICES):
        own = [row[1:] for row in rows if row[0] == voice]
        if own:
            start, length, pitch = zip(*own, strict=True)
            ticks = ([STEP_TICKS * s for s in start], [STEP_TICKS * n for n in length])
            notes = Notes.tidy(pitch, *ticks, [80] * len(own))
            tracks.append(Track(name, 0, False, notes))
    return Song(tuple(tracks), (TempoChange(0, round(60e6 / qpm)),))
