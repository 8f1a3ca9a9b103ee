"""What the Studio keeps with a composition that a MIDI file cannot hold. Pure, no database."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

MAX_BYTES = 8 * 1024
MAX_TRACKS = 64
MAX_BAR = 100_000
MAX_TICK = 2**30
SLUG = re.compile(r"[-\w]{1,60}", re.ASCII)


def project_problems(value: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each thing that is wrong with a composition's settings.

    `muted` and `soloed` are tracks counted from 0, `locked_bars` bars counted from 1,
    `locked_notes` triples of track, start in ticks and pitch, `round` the slug of the round that
    the piece is meant for. Each may be left out.
    """
    size = len(json.dumps(value, separators=(",", ":")).encode())
    if size > MAX_BYTES:
        return [
            _("The settings take {size} bytes; at most {max_bytes} are kept.").format(
                size=size, max_bytes=MAX_BYTES
            )
        ]
    unknown = sorted(set(value) - set(CHECKS))
    problems = [
        _("There is no setting called “{name}”.").format(name=name[:40]) for name in unknown
    ]
    for name, (is_right, meaning) in CHECKS.items():
        if name in value and not is_right(value[name]):
            problems.append(_("“{name}” is {meaning}.").format(name=name, meaning=meaning))
    return problems


def _within(value: Any, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def _list_of(is_right: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(is_right(one) for one in value)


def _is_track(value: Any) -> bool:
    return _within(value, 0, MAX_TRACKS - 1)


def _is_bar(value: Any) -> bool:
    return _within(value, 1, MAX_BAR)


def _is_note(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 3:
        return False
    track, start, pitch = value
    return _is_track(track) and _within(start, 0, MAX_TICK) and _within(pitch, 0, 127)


def _is_slug(value: Any) -> bool:
    return isinstance(value, str) and SLUG.fullmatch(value) is not None


CHECKS: dict[str, tuple[Callable[[Any], bool], StrOrPromise]] = {
    "muted": (_list_of(_is_track), gettext_lazy("a list of tracks, counted from 0")),
    "soloed": (_list_of(_is_track), gettext_lazy("a list of tracks, counted from 0")),
    "locked_bars": (_list_of(_is_bar), gettext_lazy("a list of bars, counted from 1")),
    "locked_notes": (_list_of(_is_note), gettext_lazy("a list of [track, start, pitch]")),
    "round": (_is_slug, gettext_lazy("the slug of a round")),
}
