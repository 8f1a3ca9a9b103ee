"""The music that live parts use, and small things that they share."""

from functools import cache
from itertools import groupby

import numpy as np

from learning.live.pieces import Asked, Choice
from ml.data.melodies import MELODIES, to_song
from ml.lessons import recording, song_of_rows
from ml.music import Notes, Song, Track
from ml.music.drawing import Roll, draw, layers_of, pitch_name, scale_of

BACH = "bach"


@cache
def tunes() -> dict[str, tuple[str, Song]]:
    """Return the built-in melodies by slug: title and song."""
    found = {}
    for melody in MELODIES:
        slug = "".join(c if c.isalnum() else "-" for c in melody.title.lower()).strip("-")
        found[slug.replace("--", "-")] = (melody.title, to_song(melody))
    return found


@cache
def bach() -> Song:
    """Return eight bars of a chorale that no model was trained on."""
    kept = recording("bach")
    return song_of_rows(kept["rows"], qpm=kept["qpm"])


def tune_choice(asked: Asked, *, name: str = "tune", default: str = "ode-to-joy") -> Choice:
    """Return the control that picks a melody."""
    value = asked.choice(name, list(tunes()), default)
    return Choice(name, "Melody", [(slug, title) for slug, (title, _) in tunes().items()], value)


def tune_of(choice: Choice) -> tuple[str, Song]:
    """Return title and song of the chosen melody."""
    return tunes()[choice.value]


def roll_of(song: Song) -> Roll:
    """Return the drawing of a song."""
    return draw(song, layers_of(song), scale_of(song))


def of_steps(notes: list[tuple[int, int, int]], step_ticks: int, name: str = "Melody") -> Song:
    """Return a song of one track from (first step, steps, pitch) rows."""
    if not notes:
        return Song((Track(name, 0, False, Notes.tidy([], [], [], [])),))
    start, length, pitch = zip(*notes, strict=True)
    ticks = ([step_ticks * s for s in start], [step_ticks * n for n in length])
    return Song((Track(name, 0, False, Notes.tidy(pitch, *ticks, [80] * len(notes))),))


def of_cells(cells: np.ndarray, lowest: int, step_ticks: int) -> Song:
    """Return a grid of booleans, (steps, pitches from `lowest`), as a song.

    Cells side by side on one pitch are one note.
    """
    notes = []
    for row in range(cells.shape[1]):
        sounding = cells[:, row].tolist()
        for on, run in groupby(range(len(sounding)), key=sounding.__getitem__):
            steps = list(run)
            if on:
                notes.append((steps[0], len(steps), lowest + row))
    return of_steps(notes, step_ticks)


def name_of(pitch: int | None) -> str:
    """Return a pitch's name, or "rest"."""
    return "rest" if pitch is None else pitch_name(pitch)


def percent(share: float) -> str:
    """Return a share as percent with one decimal below ten."""
    return f"{100 * share:.1f} %" if share < 0.0995 else f"{100 * share:.0f} %"
