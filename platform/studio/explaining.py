"""Edit events and parameters in words, for the pages. Pure, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.words import translated
from ml.music import TICKS_PER_BEAT, Song
from ml.music.drawing import pitch_name
from ml.techniques import describe

KINDS = {
    "add": ("+", gettext_lazy("Added")),
    "remove": ("−", gettext_lazy("Removed")),
    "move": ("→", gettext_lazy("Moved")),
}


@dataclass(frozen=True, slots=True)
class EventLine:
    """One edit in words. `kind` is add, remove or move; `sign` and `word` say it twice."""

    number: int
    kind: str
    sign: str
    word: str
    note: str
    place: str
    track: str
    log_odds: float
    iteration: int


def event_lines(
    events: Iterable[Mapping[str, Any]], song: Song, *, first: int = 1
) -> list[EventLine]:
    """Return edit events of `song` in words, numbered from `first`."""
    return [_line(number, event, song) for number, event in enumerate(events, start=first)]


def _line(number: int, event: Mapping[str, Any], song: Song) -> EventLine:
    before, after = event["before"], event["after"]
    there = before or after
    sign, word = KINDS[event["kind"]]
    note, place = pitch_name(there["pitch"]), place_of(song, there["start"])
    if before and after:
        note = _("{before} to {after}").format(before=note, after=pitch_name(after["pitch"]))
        if after["start"] != before["start"]:
            place = _("{before} to {after}").format(
                before=place, after=place_of(song, after["start"])
            )
    return EventLine(
        number=number,
        kind=event["kind"],
        sign=sign,
        word=str(word),
        note=note,
        place=place,
        track=_track_name(song, event["track"]),
        log_odds=event["log_odds"],
        iteration=event["iteration"],
    )


def _track_name(song: Song, index: int) -> str:
    name = song.tracks[index].name if index < len(song.tracks) else ""
    return name or _("Track {number}").format(number=index + 1)


def place_of(song: Song, tick: int) -> str:
    """Return where a tick lies as musicians say it; behind the end, bars go on as they were."""
    starts = song.bar_starts
    if not len(starts):
        return _("beat {beat:g}").format(beat=tick / TICKS_PER_BEAT + 1)
    bar = int(np.searchsorted(starts, tick, side="right")) - 1
    into, length = tick - int(starts[bar]), song.time_signatures[-1].bar_ticks
    beyond = into // length if bar == len(starts) - 1 else 0
    beat = (into - beyond * length) / TICKS_PER_BEAT + 1
    return _("bar {bar}, beat {beat:g}").format(bar=bar + beyond + 1, beat=round(beat, 2))


def parameters_in_words(technique: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the label and value of each parameter as people read them."""
    return [
        (translated(parameter.label), _value(values[parameter.name], translated(parameter.unit)))
        for parameter in describe(technique)
        if parameter.name in values
    ]


def _value(value: Any, unit: str) -> str:
    if value is None:
        return _("no limit")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return in_runs(value) or _("none")
    text = f"{value:g}" if isinstance(value, float) else str(value).replace("_", "-")
    return f"{text} {unit}".strip()


def in_runs(numbers: Iterable[int]) -> str:
    """Return rising whole numbers with runs drawn together.

    >>> in_runs([1, 2, 3, 7, 9, 10])
    '1-3, 7, 9-10'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
