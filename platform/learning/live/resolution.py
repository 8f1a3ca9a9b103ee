"""The same melody at several resolutions: what fits on the grid, and what is lost."""

from dataclasses import replace

import numpy as np

from learning.live.pieces import Asked, Choice, Code, Part, RollPiece, Sound, Stat, Stats, Words
from learning.live.tunes import name_of, percent, tune_choice, tune_of
from ml.music import TICKS_PER_BEAT, Notes, Song
from ml.music.drawing import roll_of
from ml.music.roll import piano_roll

RESOLUTIONS = ("1", "2", "4", "12")
SHOWN = 8


def show(asked: Asked) -> Part:
    """Return a melody as an array at the resolution that was chosen."""
    tune = tune_choice(asked)
    title, song = tune_of(tune)
    value = asked.choice("resolution", RESOLUTIONS, "4")
    labels = {"1": "beats", "2": "eighths", "4": "sixteenths", "12": "twelfths of a beat"}
    choice = Choice("resolution", "Time step", [(r, labels[r]) for r in RESOLUTIONS], value)
    roll = piano_roll(song, resolution=int(value))
    off = _off_grid(song, int(value))
    return Part(
        "From notes to an array",
        "Choose a melody and how fine the time steps are.",
        [tune, choice],
        [
            Words(f"{title} becomes an array of shape ({len(roll)}, 128): {len(roll)} time steps "
                  f"of 128 pitches. {_lost(off, song)}"),
            Stats([
                Stat("Cells", f"{roll.size:,}"),
                Stat("Cells that are on", f"{int(roll.sum()):,}", percent(float(roll.mean()))),
                Stat("Notes off the grid", str(off)),
            ]),
            Code("The first steps: which pitches are on", _excerpt(roll)),
            RollPiece(roll_of(song), title, song),
            Sound("The same, rounded to the time steps", rounded(song, int(value))),
        ],
    )  # fmt: skip


def _off_grid(song: Song, resolution: int) -> int:
    step = TICKS_PER_BEAT // resolution
    notes = song.tracks[0].notes
    return int(((notes.start % step != 0) | (notes.end % step != 0)).sum())


def rounded(song: Song, resolution: int) -> Song:
    """Return the melody as the array holds it: every note moved to the nearest steps."""
    step = TICKS_PER_BEAT // resolution
    notes = song.tracks[0].notes
    start = (notes.start + step // 2) // step * step
    end = np.maximum((notes.end + step // 2) // step * step, start + step)
    moved = Notes.tidy(notes.pitch, start, end - start, notes.velocity)
    return Song((replace(song.tracks[0], notes=moved),), song.tempos, song.time_signatures)


def _lost(off: int, song: Song) -> str:
    if not off:
        return "Every note begins and ends on the grid: nothing is lost."
    return f"{off} of {song.n_notes} notes begin or end between two steps and are rounded."


def _excerpt(roll: object) -> str:
    lines = []
    for step, row in enumerate(list(roll)[:SHOWN]):  # type: ignore[call-overload]
        on = [int(p) for p in row.nonzero()[0]]
        names = ", ".join(f"{p} ({name_of(p)})" for p in on) or "none: a rest"
        lines.append(f"step {step}: {names}")
    return "\n".join([*lines, "…"])
