"""What the plotted measures say of Bach and of what only looks like it, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lab.evolution import Rows
from lab.measures import MUSICAL, Text
from lab.shapes import Dot, draw_dots
from ml.evaluation.controls import shipped_controls
from ml.lessons import recording, song_of_rows
from ml.music import Song

BACH = "bach"
KINDS: Mapping[str, Text] = {
    BACH: gettext_lazy("Bach, held out"),
    "other_voices": gettext_lazy("Voices of different pieces"),
    "shuffled_steps": gettext_lazy("Bach, steps shuffled"),
    "silence": gettext_lazy("Silence"),
    "random": gettext_lazy("Random notes"),
}
COURSE: Mapping[str, Text] = {
    "empty_bar_rate": gettext_lazy("Empty bar rate"),
    "pitch_histogram": gettext_lazy("Pitch histogram distance"),
    "in_scale_rate": gettext_lazy("In-scale rate"),
}
HEARD = (BACH, "shuffled_steps", "random", "silence")
STEPS = 64  # four bars
SEED = 0


@dataclass(frozen=True, slots=True)
class Told:
    """One measure on all kinds of music: its drawing, its values, and which of them it tells."""

    name: str
    title: str
    says: str
    svg: SafeString
    values: tuple[str, ...]
    apart: tuple[str, ...]
    alike: tuple[str, ...]


@cache
def kinds() -> tuple[str, ...]:
    """Return the kinds of music in their order."""
    return tuple(kind for kind in shipped_controls()["kinds"] if kind in KINDS)


def told_apart() -> list[Told]:
    """Return every plotted measure with the kinds of music that it tells from Bach."""
    measures = shipped_controls()["measures"]
    return [_told(name, measures[name]) for name in MUSICAL if name in measures]


def _told(name: str, values: Mapping[str, float | None]) -> Told:
    measure, band = MUSICAL[name], shipped_controls()["held_out"][name]
    others = [kind for kind in kinds() if kind != BACH]
    apart = [kind for kind in others if is_apart(values[kind], band)]
    dots = [Dot(str(KINDS[kind]), values[kind], kind == BACH) for kind in kinds()]
    return Told(
        name,
        str(measure.title),
        str(measure.says),
        draw_dots(dots, (band["low"], band["high"]), str(measure.title), measure.digits),
        tuple(_number(values[kind], measure.digits) for kind in kinds()),
        tuple(str(KINDS[kind]) for kind in apart),
        tuple(str(KINDS[kind]) for kind in others if kind not in apart),
    )


def is_apart(value: float | None, band: Mapping[str, float]) -> bool:
    """Return whether a value lies clearly outside of a band; one that cannot be told does.

    >>> is_apart(0.5, {"low": 0.1, "high": 0.2}), is_apart(0.21, {"low": 0.1, "high": 0.2})
    (True, False)
    """
    room = band["high"] - band["low"]
    return value is None or not band["low"] - room <= value <= band["high"] + room


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def missed() -> list[tuple[str, tuple[str, ...]]]:
    """Return the measures of the well-known course with their values by kind."""
    course = shipped_controls()["course"]
    return [
        (str(title), tuple(_number(course[name][kind], 4) for kind in kinds()))
        for name, title in COURSE.items()
    ]


def untold() -> list[str]:
    """Return the kinds of music that no measure tells from Bach: there should be none."""
    found = {title for told in told_apart() for title in told.apart}
    return [str(KINDS[kind]) for kind in kinds() if kind != BACH and str(KINDS[kind]) not in found]


@cache
def heard(kind: str) -> Song | None:
    """Return four bars to hear of a kind of music, or None for silence.

    :raises KeyError: if there is nothing of that kind to hear
    """
    if kind not in HEARD:
        raise KeyError(kind)
    rows: Rows = [row for row in recording("bach")["rows"] if row[1] + row[2] <= STEPS]
    if kind == BACH:
        return song_of_rows(rows)
    if kind == "silence":
        return None
    dice, grid = np.random.default_rng(SEED), _grid(rows)
    if kind == "random":
        low, high = int(grid[grid >= 0].min()), int(grid.max())
        grid = dice.integers(low, high + 1, grid.shape)
    else:
        grid = dice.permutation(grid)
    return song_of_rows(
        [[v, s, 1, int(grid[s, v])] for v in range(4) for s in range(STEPS) if grid[s, v] >= 0]
    )


def _grid(rows: Rows) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    grid = np.full((STEPS, 4), -1, dtype=np.int64)
    for voice, start, steps, pitch in rows:
        grid[start : start + steps, voice] = pitch
    return grid


def sentence() -> str:
    """Return in a sentence what the page shows."""
    left = untold()
    if left:
        return _("These measures do not tell {kinds} from Bach.").format(kinds=", ".join(left))
    return _("Each of the four imitations is told from Bach by at least one measure, and by most.")
