"""Small drawings of data sets and of what measures hear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lab.forms import PART_NAMES
from learning.drawing import Pen
from ml.music.drawing import pitch_name

WIDTH, ROW, LEFT, RIGHT = 420.0, 34.0, 110.0, 16.0
LOWEST, HIGHEST = 24, 96  # three octaves around middle C either way


def draw_ranges(ranges: Mapping[str, Sequence[int]]) -> SafeString | str:
    """Return the pitches in which each part lies as bars over one axis; empty without parts."""
    there = [(part, ranges[part]) for part in PART_NAMES if part in ranges]
    if not there:
        return ""
    pen = Pen(WIDTH, ROW * len(there) + 34, _range_words(there))
    bottom = ROW * len(there) + 8
    for octave in range(LOWEST, HIGHEST + 1, 12):
        pen.line((_x(octave), 4), (_x(octave), bottom), "fig__grid")
        pen.text(_x(octave), bottom + 14, pitch_name(octave), "fig__tick")
    for row, (part, (low, high)) in enumerate(there):
        y = ROW * row + 10
        pen.text(LEFT - 12, y + 9, str(PART_NAMES[part]), "fig__tick", "end")
        pen.rect(_x(low), y, max(_x(high + 1) - _x(low), 3), 18, f"fig__voice-{row + 1}")
    return pen.svg()


def _x(pitch: float) -> float:
    share = (min(max(pitch, LOWEST), HIGHEST + 1) - LOWEST) / (HIGHEST + 1 - LOWEST)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _range_words(there: Sequence[tuple[str, Sequence[int]]]) -> str:
    parts = [
        _("{part} from {low} to {high}").format(
            part=PART_NAMES[part], low=pitch_name(low), high=pitch_name(high)
        )
        for part, (low, high) in there
    ]
    return _("Pitch ranges: {parts}.").format(parts="; ".join(parts))


@dataclass(frozen=True, slots=True)
class Dot:
    """A value in a row of its own; None where it cannot be told."""

    name: str
    value: float | None
    is_real: bool


DOT_LEFT, DOT_ROW = 176.0, 26.0


def draw_dots(
    dots: Sequence[Dot], band: tuple[float, float], title: str, digits: int
) -> SafeString:
    """Return values below each other on one axis, the band of real music across all of them."""
    known = [dot.value for dot in dots if dot.value is not None]
    low, high = min(*known, band[0]), max(*known, band[1])
    room = 0.06 * ((high - low) or 1.0)
    scale = (low - room, high + room)
    pen = Pen(WIDTH, DOT_ROW * len(dots) + 14, _dot_words(dots, title, digits))
    left, right = _at(band[0], scale), _at(band[1], scale)
    pen.rect(left, 2, max(right - left, 2), DOT_ROW * len(dots) + 8, "band__zone")
    for row, dot in enumerate(dots):
        y = DOT_ROW * row + 18
        pen.text(DOT_LEFT - 12, y, dot.name, "fig__tick", "end")
        pen.line((DOT_LEFT, y), (WIDTH - RIGHT, y), "fig__grid")
        if dot.value is None:
            pen.text(DOT_LEFT + 4, y - 8, _("cannot be told"), "fig__tick", "start")
            continue
        x = _at(dot.value, scale)
        pen.circle(x, y, 5, "fig__real-dot" if dot.is_real else "fig__curve-end")
        side = "end" if x > WIDTH - 70 else "start"
        pen.text(
            x + (-9 if side == "end" else 9), y - 8, f"{dot.value:.{digits}f}", "fig__tick", side
        )
    return pen.svg()


def _at(value: float, scale: tuple[float, float]) -> float:
    share = (value - scale[0]) / (scale[1] - scale[0])
    return DOT_LEFT + share * (WIDTH - DOT_LEFT - RIGHT)


def _dot_words(dots: Sequence[Dot], title: str, digits: int) -> str:
    parts = [
        f"{dot.name}: {_('cannot be told') if dot.value is None else f'{dot.value:.{digits}f}'}"
        for dot in dots
    ]
    return f"{title}. {'; '.join(parts)}."
