"""What a model plays at fixed moments of its training: songs, rolls on one scale, three to compare.

A sample is what one run made of the same few melodies at an iteration: for each melody a window of
rows `[voice, first step, steps, pitch]`, of which a step is a 16th note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ml.lessons import song_of_rows
from ml.music import Song
from ml.music.drawing import Roll, draw, layers_of, scale_of

NARROW = 480.0  # px for the music of one roll: three of them stand side by side
WIDE = 860.0

Rows = list[list[int]]


@dataclass(frozen=True, slots=True)
class Sample:
    """What a run made of its melodies at one iteration, the melodies not included."""

    iteration: int
    windows: Sequence[Rows]


@dataclass(frozen=True, slots=True)
class Frame:
    """One iteration of one melody: its roll, and how many notes were added to the melody."""

    iteration: int
    roll: Roll
    n_added: int


@dataclass(frozen=True, slots=True)
class Evolution:
    """All samples of a run on the same melodies, the earliest first."""

    melodies: Sequence[Rows]
    samples: Sequence[Sample]

    @property
    def iterations(self) -> list[int]:
        """When samples were taken."""
        return [sample.iteration for sample in self.samples]

    def song(self, iteration: int, melody: int) -> Song | None:
        """Return a melody with what was added to it at an iteration, or None if there is none."""
        found = next((s for s in self.samples if s.iteration == iteration), None)
        if found is None or not 0 <= melody < min(len(self.melodies), len(found.windows)):
            return None
        return song_of_rows([*self.melodies[melody], *found.windows[melody]])

    def frames(self, melody: int, *, room: float, only: Sequence[int] | None = None) -> list[Frame]:
        """Return the rolls of one melody at all iterations, or `only` some, on one scale.

        The music is `room` px wide.
        """
        songs = {s.iteration: self.song(s.iteration, melody) for s in self.samples}
        there = {at: song for at, song in songs.items() if song is not None and song.n_notes}
        if not there:
            return []
        scale = replace(scale_of(*there.values()), room=room)
        n_own = len(self.melodies[melody])
        return [
            Frame(at, draw(song, layers_of(song), scale), song.n_notes - n_own)
            for at, song in there.items()
            if only is None or at in only
        ]


def evolution_of(kept: Mapping[str, Any]) -> Evolution:
    """Return the evolution that a file of samples holds, as `ml.training` writes it."""
    samples = [Sample(int(s["iteration"]), s["windows"]) for s in kept["samples"]]
    return Evolution(kept["melodies"], samples)


def three_of(iterations: Sequence[int]) -> list[int]:
    """Return the first, the one nearest to the middle, and the last; fewer if there are fewer.

    >>> three_of([0, 50, 100, 200, 500, 950])
    [0, 500, 950]
    """
    if len(iterations) < 3:
        return list(iterations)
    middle = (iterations[0] + iterations[-1]) / 2
    between = min(iterations[1:-1], key=lambda i: abs(i - middle))
    return [iterations[0], between, iterations[-1]]
