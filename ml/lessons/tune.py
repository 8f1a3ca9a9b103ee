"""A song as the lessons hand it to the Transformer: its first bars on the grid of 16ths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.lessons import VOICES, Row, song_of_rows
from ml.music import Song, TimeSignature
from ml.music.voices import STEPS_PER_BEAT, metre_of, spans, voices_of

LONGEST = 128
"""Steps: eight bars of 4/4."""

SHORTEST = 2 * STEPS_PER_BEAT

Shares = list[list[list[list[int]]]]
"""`shares[layer][head][asking]` lists how a head shares its attention among the beats up to
`asking`, in thousandths; the step that asks is the last 16th of its beat."""


@dataclass(frozen=True, slots=True)
class Tune:
    """Notes in up to four voices over `steps` 16ths, whole beats, and the metre they begin in."""

    rows: tuple[tuple[int, ...], ...]
    steps: int
    metre: tuple[int, int] = (4, 4)

    @property
    def beats(self) -> int:
        """Number of beats."""
        return self.steps // STEPS_PER_BEAT

    @property
    def song(self) -> Song:
        """The tune to be heard."""
        song = song_of_rows([list(row) for row in self.rows])
        return Song(song.tracks, song.tempos, (TimeSignature(0, *self.metre),))

    @property
    def bar_steps(self) -> int:
        """Length of a bar in steps."""
        return int(metre_of(self.song, 1)[2][0])

    def as_dict(self) -> dict[str, object]:
        """Return the tune as JSON has it."""
        return {"rows": [list(r) for r in self.rows], "steps": self.steps, "metre": [*self.metre]}

    @classmethod
    def from_dict(cls, kept: dict[str, object]) -> Tune:
        """Return the tune that `as_dict` gave."""
        rows: list[Row] = kept["rows"]  # type: ignore[assignment]
        metre: list[int] = kept["metre"]  # type: ignore[assignment]
        steps: int = kept["steps"]  # type: ignore[assignment]
        return cls(tuple(tuple(row) for row in rows), steps, (metre[0], metre[1]))


def tune_of(song: Song, *, longest: int = LONGEST) -> Tune | None:
    """Return a song's first bars; None where they hold no pitched note, or last under two beats."""
    voices = voices_of(song)
    n = min(-(-len(voices) // STEPS_PER_BEAT) * STEPS_PER_BEAT, longest)
    columns = spans(voices.pitch[:n], voices.strike[:n])
    rows = sorted(tuple(int(x) for x in row) for row in zip(*columns, strict=True))
    if not rows or n < SHORTEST:
        return None
    first = song.time_signatures[0] if song.time_signatures else TimeSignature(0, 4, 4)
    return Tune(tuple(rows), n, (first.numerator, first.denominator))


def grid_of(tune: Tune) -> tuple[np.ndarray, np.ndarray]:
    """Return sounding pitches (steps, 4), -1 for rests, and where notes begin."""
    pitch = np.full((tune.steps, len(VOICES)), -1, dtype=np.int64)
    strike = np.zeros(pitch.shape, dtype=np.bool_)
    for voice, start, length, note in tune.rows:
        pitch[start : start + length, voice] = note
        strike[start, voice] = True
    return pitch, strike
