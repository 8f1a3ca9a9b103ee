"""Short tunes in the public domain, written out here, for the demo and the Studio.

A tune is text: bars between `|`, notes as name, accidental, octave and length in beats, such as
`C4:1`, `F#4:1/2`, `R:1` for a rest. The last ones are deliberately bad: off key, or dull.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ml.music import TICKS_PER_BEAT, KeySignature, Notes, Song, TempoChange, TimeSignature, Track

_CLASSES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SIGNS = {"#": 1, "b": -1}


@dataclass(frozen=True, slots=True)
class Melody:
    """A tune in one line: `meter` is (numerator, denominator), `sharps` the key signature."""

    title: str
    qpm: int
    meter: tuple[int, int]
    sharps: int
    text: str
    minor: bool = False


def sample_melodies() -> list[tuple[str, Song]]:
    """Return the titles and songs of all sample melodies, one piano track each."""
    return [(melody.title, to_song(melody)) for melody in MELODIES]


def to_song(melody: Melody) -> Song:
    """Return a written tune as a song.

    :raises ValueError: if a bar has not the length of the meter
    """
    numerator, denominator = melody.meter
    bar_ticks = numerator * 4 * TICKS_PER_BEAT // denominator
    pitch, start, duration = [], [], []
    now = 0
    for bar in melody.text.split("|"):
        begin = now
        for word in bar.split():
            note, ticks = _read_note(word)
            if note is not None:
                pitch.append(note)
                start.append(now)
                duration.append(ticks)
            now += ticks
        if now - begin != bar_ticks:
            raise ValueError(f"{melody.title}: the bar {bar!r} has not the length of the meter.")
    notes = Notes.tidy(pitch, start, duration, [80] * len(pitch))
    return Song(
        (Track("Melody", 0, False, notes),),
        (TempoChange(0, round(60e6 / melody.qpm)),),
        (TimeSignature(0, numerator, denominator),),
        (KeySignature(0, melody.sharps, melody.minor),),
    )


def _read_note(word: str) -> tuple[int | None, int]:
    """Return pitch (None: rest) and length in ticks.

    >>> _read_note("F#4:1/2")
    (66, 240)
    """
    name, _, length = word.partition(":")
    ticks = int(Fraction(length) * TICKS_PER_BEAT)
    if name == "R":
        return None, ticks
    sign = sum(_SIGNS[char] for char in name[1:-1])
    return 12 * (int(name[-1]) + 1) + _CLASSES[name[0]] + sign, ticks


_TWINKLE_A = "C4:1 C4:1 G4:1 G4:1 | A4:1 A4:1 G4:2 | F4:1 F4:1 E4:1 E4:1 | D4:1 D4:1 C4:2"
_TWINKLE_B = "G4:1 G4:1 F4:1 F4:1 | E4:1 E4:1 D4:2"
_ODE_A = (
    "E4:1 E4:1 F4:1 G4:1 | G4:1 F4:1 E4:1 D4:1 | C4:1 C4:1 D4:1 E4:1 | E4:3/2 D4:1/2 D4:2 | "
    "E4:1 E4:1 F4:1 G4:1 | G4:1 F4:1 E4:1 D4:1 | C4:1 C4:1 D4:1 E4:1 | D4:3/2 C4:1/2 C4:2"
)
_ODE_B = (
    "D4:1 D4:1 E4:1 C4:1 | D4:1 E4:1/2 F4:1/2 E4:1 C4:1 | D4:1 E4:1/2 F4:1/2 E4:1 D4:1 | "
    "C4:1 D4:1 G3:2 | E4:1 E4:1 F4:1 G4:1 | G4:1 F4:1 E4:1 D4:1 | C4:1 C4:1 D4:1 E4:1 | "
    "D4:3/2 C4:1/2 C4:2"
)
_OFF_KEY_ODE = (
    "E4:1 Eb4:1 F#4:1 G4:1 | G#4:1 F4:1 E4:1 C#4:1 | C4:1 B3:1 D4:1 F4:1 | E4:3/2 Db4:1/2 D4:2 | "
    "E4:1 F#4:1 F4:1 G#4:1 | G4:1 F#4:1 Eb4:1 D4:1 | C#4:1 C4:1 D4:1 E4:1 | Eb4:3/2 C4:1/2 C#4:2 | "
    "D4:1 Eb4:1 E4:1 C#4:1 | D4:1 F#4:1/2 F4:1/2 Eb4:1 C4:1 | D#4:1 E4:1/2 F#4:1/2 E4:1 D4:1 | "
    "C#4:1 D4:1 G#3:2 | E4:1 Eb4:1 F4:1 Ab4:1 | G4:1 F#4:1 E4:1 C#4:1 | C4:1 C#4:1 D4:1 F4:1 | "
    "D4:3/2 B3:1/2 C4:2"
)
_FRERE = (
    "C4:1 D4:1 E4:1 C4:1 | C4:1 D4:1 E4:1 C4:1 | E4:1 F4:1 G4:2 | E4:1 F4:1 G4:2 | "
    "G4:1/2 A4:1/2 G4:1/2 F4:1/2 E4:1 C4:1 | G4:1/2 A4:1/2 G4:1/2 F4:1/2 E4:1 C4:1 | "
    "C4:1 G3:1 C4:2 | C4:1 G3:1 C4:2"
)
_SCARBOROUGH = (
    "D4:2 D4:1 | A4:2 A4:1 | E4:3/2 F4:1/2 E4:1 | D4:3 | R:1 A4:1 C5:1 | D5:2 C5:1 | "
    "A4:1 B4:1 G4:1 | A4:3 | R:1 R:1 D5:1 | D5:2 D5:1 | C5:2 A4:1 | A4:1 G4:1 F4:1 | "
    "E4:1 C4:2 | D4:2 A4:1 | G4:2 F4:1 | E4:1 D4:1 C4:1 | D4:3"
)
_GREENSLEEVES_A = (
    "R:2 A4:1 | C5:2 D5:1 | E5:3/2 F5:1/2 E5:1 | D5:2 B4:1 | G4:3/2 A4:1/2 B4:1 | C5:2 A4:1 | "
    "A4:3/2 G#4:1/2 A4:1 | B4:2 G#4:1 | E4:2 A4:1 | C5:2 D5:1 | E5:3/2 F5:1/2 E5:1 | D5:2 B4:1 | "
    "G4:3/2 A4:1/2 B4:1 | C5:3/2 B4:1/2 A4:1 | G#4:3/2 F#4:1/2 G#4:1 | A4:3 | A4:3"
)
_GREENSLEEVES_B = (
    "G5:3 | G5:3/2 F#5:1/2 E5:1 | D5:2 B4:1 | G4:3/2 A4:1/2 B4:1 | C5:2 A4:1 | "
    "A4:3/2 G#4:1/2 A4:1 | B4:2 G#4:1 | E4:3 | G5:3 | G5:3/2 F#5:1/2 E5:1 | D5:2 B4:1 | "
    "G4:3/2 A4:1/2 B4:1 | C5:3/2 B4:1/2 A4:1 | G#4:3/2 F#4:1/2 G#4:1 | A4:3 | A4:3"
)
_AMAZING = (
    "R:2 D4:1 | G4:2 B4:1/2 G4:1/2 | B4:2 A4:1 | G4:2 E4:1 | D4:2 D4:1 | G4:2 B4:1/2 G4:1/2 | "
    "B4:2 A4:1 | D5:3 | D5:2 B4:1 | D5:3/2 B4:1/2 D5:1/2 B4:1/2 | G4:2 D4:1 | "
    "E4:3/2 G4:1/2 G4:1/2 E4:1/2 | D4:2 D4:1 | G4:2 B4:1/2 G4:1/2 | B4:2 A4:1 | G4:3"
)
_SAINTS = (
    "R:1 C4:1 E4:1 F4:1 | G4:4 | R:1 C4:1 E4:1 F4:1 | G4:4 | R:1 C4:1 E4:1 F4:1 | G4:2 E4:2 | "
    "C4:2 E4:2 | D4:4 | R:1 E4:1 E4:1 D4:1 | C4:3 C4:1 | E4:2 G4:2 | G4:1 F4:3 | "
    "R:1 F4:1 E4:1 F4:1 | G4:2 E4:2 | C4:2 D4:2 | C4:4"
)
_YANKEE = (
    "G4:1 G4:1 A4:1 B4:1 | G4:1 B4:1 A4:1 D4:1 | G4:1 G4:1 A4:1 B4:1 | G4:2 F#4:2 | "
    "G4:1 G4:1 A4:1 B4:1 | C5:1 B4:1 A4:1 G4:1 | F#4:1 D4:1 E4:1 F#4:1 | G4:2 G4:2 | "
    "E4:3/2 F#4:1/2 E4:1 D4:1 | E4:1 F#4:1 G4:2 | D4:3/2 E4:1/2 D4:1 C4:1 | B3:2 D4:2 | "
    "E4:3/2 F#4:1/2 E4:1 D4:1 | E4:1 F#4:1 G4:1 E4:1 | D4:1 G4:1 F#4:1 A4:1 | G4:2 G4:2"
)
_MINUET = (
    "D5:1 G4:1/2 A4:1/2 B4:1/2 C5:1/2 | D5:1 G4:1 G4:1 | E5:1 C5:1/2 D5:1/2 E5:1/2 F#5:1/2 | "
    "G5:1 G4:1 G4:1 | C5:1 D5:1/2 C5:1/2 B4:1/2 A4:1/2 | B4:1 C5:1/2 B4:1/2 A4:1/2 G4:1/2 | "
    "F#4:1 G4:1/2 A4:1/2 B4:1/2 G4:1/2 | B4:1 A4:2 | D5:1 G4:1/2 A4:1/2 B4:1/2 C5:1/2 | "
    "D5:1 G4:1 G4:1 | E5:1 C5:1/2 D5:1/2 E5:1/2 F#5:1/2 | G5:1 G4:1 G4:1 | "
    "C5:1 D5:1/2 C5:1/2 B4:1/2 A4:1/2 | B4:1 C5:1/2 B4:1/2 A4:1/2 G4:1/2 | "
    "A4:1 B4:1/2 A4:1/2 G4:1/2 F#4:1/2 | G4:3"
)
_OLD_HUNDREDTH = (
    "G4:2 G4:1 F#4:1 | E4:1 D4:1 G4:1 A4:1 | B4:2 B4:1 B4:1 | B4:1 A4:1 G4:1 C5:1 | "
    "B4:1 A4:1 G4:1 A4:1 | B4:1 A4:1 G4:1 E4:1 | F#4:1 G4:1 D5:1 B4:1 | G4:1 A4:1 C5:1 B4:1 | "
    "A4:1 G4:3"
)
_LONDON = (
    "G4:3/2 A4:1/2 G4:1 F4:1 | E4:1 F4:1 G4:2 | D4:1 E4:1 F4:2 | E4:1 F4:1 G4:2 | "
    "G4:3/2 A4:1/2 G4:1 F4:1 | E4:1 F4:1 G4:2 | D4:2 G4:2 | E4:1 C4:3"
)
_HOT_CROSS = (
    "E4:2 D4:2 | C4:4 | E4:2 D4:2 | C4:4 | C4:1 C4:1 C4:1 C4:1 | D4:1 D4:1 D4:1 D4:1 | "
    "E4:2 D4:2 | C4:4"
)

MELODIES = (
    Melody("Twinkle, Twinkle, Little Star", 110, (4, 4), 0,
           f"{_TWINKLE_A} | {_TWINKLE_B} | {_TWINKLE_B} | {_TWINKLE_A}"),
    Melody("Ode to Joy", 120, (4, 4), 0, f"{_ODE_A} | {_ODE_B}"),
    Melody("Ode to Joy, off key", 120, (4, 4), 0, _OFF_KEY_ODE),
    Melody("Frère Jacques", 120, (4, 4), 0, f"{_FRERE} | {_FRERE}"),
    Melody("Scarborough Fair", 110, (3, 4), 0, _SCARBOROUGH, minor=True),
    Melody("Greensleeves", 120, (3, 4), 0, f"{_GREENSLEEVES_A} | {_GREENSLEEVES_B}", minor=True),
    Melody("Amazing Grace", 90, (3, 4), 1, _AMAZING),
    Melody("When the Saints Go Marching In", 180, (4, 4), 0, _SAINTS),
    Melody("Yankee Doodle", 180, (4, 4), 1, _YANKEE),
    Melody("Minuet in G (Petzold)", 116, (3, 4), 1, _MINUET),
    Melody("Old Hundredth", 90, (4, 4), 1, _OLD_HUNDREDTH),
    Melody("London Bridge", 120, (4, 4), 0, f"{_LONDON} | {_LONDON}"),
    Melody("Hot Cross Buns", 120, (4, 4), 0, f"{_HOT_CROSS} | {_HOT_CROSS}"),
)  # fmt: skip
"""All sample melodies in the order in which they are offered."""
