"""Small drawings of data sets and of what measures hear."""

from collections.abc import Mapping, Sequence

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
