"""What a live part is made of: controls to set, and pieces to show."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.safestring import SafeString

from jobs.models import Job
from ml.music import Song
from ml.music.drawing import Roll


class Asked:
    """A form's values and the lesson's options; every value comes back valid."""

    def __init__(self, values: Mapping[str, list[str]], options: Mapping[str, str]) -> None:
        self._values, self.options = values, options
        self.sent = bool(values)

    def number(self, name: str, default: float, low: float, high: float) -> float:
        """Return a number within bounds."""
        try:
            value = float(self._first(name, str(default)))
        except ValueError:
            return default
        return min(max(value, low), high) if math.isfinite(value) else default

    def count(self, name: str, default: int, low: int, high: int) -> int:
        """Return a whole number within bounds."""
        return round(self.number(name, default, low, high))

    def choice(self, name: str, choices: Sequence[str], default: str) -> str:
        """Return one of the choices."""
        value = self._first(name, default)
        return value if value in choices else default

    def text(self, name: str) -> str:
        """Return what was sent, as it is; empty if nothing was."""
        return self._first(name, "")

    def cells(self, name: str) -> frozenset[tuple[int, int]]:
        """Return the cells of a grid that are on, sent as `step-row`."""
        found = set()
        for value in self._values.get(name, [])[:400]:
            step, dash, row = value.partition("-")
            if dash and step.isdecimal() and row.isdecimal() and len(value) < 8:
                found.add((int(step), int(row)))
        return frozenset(found)

    def has(self, name: str) -> bool:
        """Tell whether a value was sent."""
        return name in self._values

    def _first(self, name: str, default: str) -> str:
        values = self._values.get(name) or [default]
        return values[0]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several: (value, label) each."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str
    kind: ClassVar[str] = "choice"


@dataclass(frozen=True, slots=True)
class Slider:
    """A number on a scale; `shown` is the number with its unit."""

    name: str
    label: str
    value: float
    low: float
    high: float
    step: float = 1
    shown: str = ""
    kind: ClassVar[str] = "slider"


@dataclass(frozen=True, slots=True)
class Button:
    """A button that sends a value of its own along."""

    name: str
    value: str
    label: str
    kind: ClassVar[str] = "button"


@dataclass(frozen=True, slots=True)
class Cell:
    """A checkbox of a painted grid."""

    value: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A piano roll of checkboxes: rows from high to low, each (label, cells)."""

    name: str
    label: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    kind: ClassVar[str] = "grid"


Control = Choice | Slider | Button | Grid


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence, in Markdown."""

    text: str
    kind: ClassVar[str] = "words"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with its caption."""

    svg: SafeString
    caption: str = ""
    kind: ClassVar[str] = "picture"


@dataclass(frozen=True, slots=True)
class RollPiece:
    """A piano roll of a song, which can be heard."""

    roll: Roll
    name: str
    song: Song
    kind: ClassVar[str] = "roll"


@dataclass(frozen=True, slots=True)
class Sound:
    """A song that is heard and not drawn."""

    name: str
    song: Song
    kind: ClassVar[str] = "sound"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text; columns but the first are numbers where `numeric`."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: bool = True
    kind: ClassVar[str] = "table"


@dataclass(frozen=True, slots=True)
class Code:
    """Text that keeps its columns, such as an array."""

    label: str
    text: str
    kind: ClassVar[str] = "code"


@dataclass(frozen=True, slots=True)
class Stat:
    """A number with its name."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stats:
    """Numbers side by side."""

    stats: Sequence[Stat]
    kind: ClassVar[str] = "stats"


@dataclass(frozen=True, slots=True)
class BandPiece:
    """A value beside the band of a style, as entries show it."""

    title: str
    note: str
    value: float
    low: float
    high: float
    minimum: float
    maximum: float
    kind: ClassVar[str] = "band"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work for this part that a worker has not done yet; the page asks how it is going."""

    key: str
    job: Job
    kind: ClassVar[str] = "waiting"


Piece = Words | Picture | RollPiece | Sound | Table | Code | Stats | BandPiece | Waiting


@dataclass(frozen=True, slots=True)
class Part:
    """A live part as it stands. Its first piece is a sentence, read out when it changes.

    With `brings_own`, visitors may bring a melody of their own to it.
    """

    title: str
    task: str
    controls: Sequence[Control]
    pieces: Sequence[Piece]
    button: str = "Show"
    presets: Sequence[Button] = field(default=())
    brings_own: bool = False

    @property
    def rest(self) -> Sequence[Piece]:
        """The pieces after the first."""
        return self.pieces[1:]
