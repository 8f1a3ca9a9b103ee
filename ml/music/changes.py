"""What a technique changed, note by note, and the two piano rolls that show it. Pure."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest

import numpy as np
import numpy.typing as npt

from ml.music.drawing import COLORS, Layer, MarkedAs, Roll, draw, scale_of
from ml.music.song import Notes, Song, Track

Mask = npt.NDArray[np.bool_]


def change_rolls(before: Song, after: Song) -> tuple[Roll, Roll]:
    """Return the rolls of a song before and after a technique, on one scale.

    In the first the removed notes are marked, in the second the added ones and new tracks; a moved
    or lengthened note is removed there and added here. Tracks are compared by their place.
    """
    scale = scale_of(before, after)
    was: list[Layer] = []
    became: list[Layer] = []
    for index, (old, new) in enumerate(zip_longest(before.tracks, after.tracks)):
        color = index % COLORS + 1
        was += _layers(old, new, color, "removed")
        is_new = old is None or not len(old.notes)
        became += _layers(new, old, color, "new" if is_new else "added")
    return draw(before, was, scale), draw(after, became, scale)


def _layers(track: Track | None, other: Track | None, color: int, marked: MarkedAs) -> list[Layer]:
    """Return the notes that `other` has too as one layer, and the rest as a marked one."""
    if track is None:
        return []
    kept = _shared(track.notes, other.notes) if other else np.zeros(len(track.notes), dtype=bool)
    layers = (Layer(color, _part(track, kept), "kept"), Layer(color, _part(track, ~kept), marked))
    return [layer for layer in layers if len(layer.track.notes)]


def _shared(notes: Notes, others: Notes) -> Mask:
    """Return which notes stand among the others with the same start, pitch and duration."""
    left = Counter(_rows(others))
    found = np.zeros(len(notes), dtype=bool)
    for place, row in enumerate(_rows(notes)):
        if left[row]:
            left[row] -= 1
            found[place] = True
    return found


def _rows(notes: Notes) -> list[tuple[int, int, int]]:
    columns = (notes.start.tolist(), notes.pitch.tolist(), notes.duration.tolist())
    return list(zip(*columns, strict=True))


def _part(track: Track, chosen: Mask) -> Track:
    n = track.notes
    return track.with_notes(
        Notes(n.pitch[chosen], n.start[chosen], n.duration[chosen], n.velocity[chosen])
    )
