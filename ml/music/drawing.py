"""Piano rolls as numbers, ready for SVG. Pure, no database.

A piano roll draws every note of an ordinary piece exactly. A piece with very many notes is first
put on a grid, coarse enough that the drawing stays small whatever the file holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ml.music.boxes import Boxes, on_grid, path_of, signs_of
from ml.music.song import TICKS_PER_BEAT, Notes, Song, Track, seconds_at
from ml.words import _, many

COLORS = 8  # the classes track-1 … track-8 of the style sheets
MAX_BOXES = 4000  # rectangles of a whole roll; about 90 KB
MIN_GRID = 8
MANY_TRACKS = 16  # a large piece with more of them is drawn by color

GUTTER = 40.0  # left of the roll: names of octaves
HEADER = 20.0  # above the roll: numbers of bars
FOOTER = 6.0
PAGE_WIDTH = 1080.0  # the column that a short piece fills
MAX_WIDTH = 12_000.0
MIN_BEAT = 7.0  # px: below this a longer piece scrolls instead of shrinking
ROLL_HEIGHT = 300.0
DRUM_HEIGHT = 44.0
MIN_ROWS = 25  # two octaves, so that a narrow melody does not look like a staircase of slabs
MAX_MOMENTS = 300  # of the playhead's clock
MIN_BAR_LABEL = 44.0  # px between two numbered bars

MarkedAs = Literal["", "kept", "added", "new", "removed"]


@dataclass(frozen=True, slots=True)
class Shape:
    """One track's notes as the data of one SVG path. `color` is 1 to 8.

    In a drawing of changes every shape is marked: kept, added, part of a new track, or removed.
    What is not kept has a plus or minus in each box that has room for one.
    """

    name: str
    color: int
    n_notes: int
    path: str
    marked: MarkedAs = ""
    signs: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the grid at `at` px; `label` may be empty."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Moment:
    """The playhead is at `at` px when `seconds` have been played."""

    seconds: float
    at: float


@dataclass(frozen=True, slots=True)
class Roll:
    """A piano roll. Lengths are px of its own view box; `bar_beats` says where bars begin.

    `clock` says where the playhead is when: it moves evenly from each moment to the next.
    """

    width: float
    height: float
    left: float
    top: float
    bottom: float
    shapes: tuple[Shape, ...]
    bars: tuple[Mark, ...]
    octaves: tuple[Mark, ...]
    bar_beats: tuple[float, ...]
    summary: str
    clock: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rows:
    """Which row each pitch is drawn on, and how high rows are."""

    highest: int
    count: int
    height: float

    def y_of(self, pitch: int) -> float:
        return HEADER + (self.highest - pitch) * self.height


@dataclass(frozen=True, slots=True)
class Layer:
    """Notes that are drawn alike: of one track, in its color, marked as changed or not."""

    color: int
    track: Track
    marked: MarkedAs = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where ticks and pitches lie in a drawing: two drawings of one scale can be compared."""

    rows: _Rows
    room: float
    end_tick: int
    has_drums: bool

    @property
    def per_tick(self) -> float:
        """Px of a tick."""
        return self.room / self.end_tick

    @property
    def drums_at(self) -> float:
        """Where the strip of the drums begins."""
        return HEADER + self.rows.count * self.rows.height + FOOTER

    @property
    def bottom(self) -> float:
        """Where the lowest notes end."""
        return self.drums_at + (DRUM_HEIGHT if self.has_drums else -FOOTER)


def scale_of(*songs: Song) -> Scale:
    """Return the scale on which all of `songs` can be drawn."""
    beats = max(1.0, *(song.duration_beats for song in songs))
    return Scale(
        rows=_rows_of(songs),
        room=min(max(PAGE_WIDTH - GUTTER, beats * MIN_BEAT), MAX_WIDTH),
        end_tick=round(beats * TICKS_PER_BEAT),
        has_drums=any(t.is_drum and len(t.notes) for song in songs for t in song.tracks),
    )


def roll_of(song: Song) -> Roll:
    """Return the piano roll of a song, pitched tracks above and drums in a strip beneath."""
    return draw(song, layers_of(song), scale_of(song))


def draw(song: Song, layers: Sequence[Layer], scale: Scale) -> Roll:
    """Return a piano roll with the bars of `song` and the notes of `layers`."""
    layers = _few(layers)
    columns = _columns_for(scale.end_tick, [layer.track for layer in layers])
    return Roll(
        width=round(GUTTER + scale.room + 1, 1),
        height=round(scale.bottom + FOOTER, 1),
        left=GUTTER,
        top=HEADER,
        bottom=round(scale.bottom, 1),
        shapes=tuple(_shape(layer, scale, columns) for layer in layers),
        bars=_bars(song, scale.per_tick),
        octaves=_octaves(scale.rows),
        bar_beats=tuple((song.bar_starts / TICKS_PER_BEAT).tolist()),
        summary=summary_of(song),
        clock=_clock(song, scale.per_tick),
    )


def _clock(song: Song, per_tick: float) -> tuple[Moment, ...]:
    """Return the moments at which the playhead changes its pace; some of them if there are many."""
    ticks = [t.tick for t in song.tempos if t.tick < song.end_tick]
    step = max(1, -(-len(ticks) // MAX_MOMENTS))
    return tuple(
        Moment(round(seconds_at(song.tempos, tick), 3), round(GUTTER + tick * per_tick, 2))
        for tick in (*ticks[::step], song.end_tick)
    )


def summary_of(song: Song) -> str:
    """Return what a roll shows, in words."""
    low, high = song.pitch_range
    shown = (
        _("{notes} in {tracks} over {bars}, from {low} to {high}")
        if high
        else _("{notes} in {tracks} over {bars}")
    )
    return shown.format(
        notes=many("{n:,} note", "{n:,} notes", song.n_notes),
        tracks=many("{n} track", "{n} tracks", sum(1 for t in song.tracks if len(t.notes))),
        bars=many("{n} bar", "{n} bars", song.n_bars),
        low=pitch_name(low),
        high=pitch_name(high),
    )


def pitch_name(pitch: int) -> str:
    """Return a pitch as musicians write it.

    >>> pitch_name(60), pitch_name(70)
    ('C4', 'B♭4')
    """
    names = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
    return f"{names[pitch % 12]}{pitch // 12 - 1}"


def _rows_of(songs: Sequence[Song]) -> _Rows:
    ranges = [song.pitch_range for song in songs if song.pitch_range != (0, 0)] or [(0, 0)]
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    missing = max(MIN_ROWS - (high - low + 1), 0)
    highest = min(high + (missing + 1) // 2 + 1, 127)
    lowest = max(low - missing // 2 - 1, 0)
    count = highest - lowest + 1
    return _Rows(highest, count, round(ROLL_HEIGHT / count, 3))


def _shape(layer: Layer, scale: Scale, columns: int | None) -> Shape:
    notes = layer.track.notes
    if layer.track.is_drum:
        low, high = int(notes.pitch.min()), int(notes.pitch.max())
        height = min(DRUM_HEIGHT / (high - low + 1), 6.0)
        boxes, top = Boxes(high - notes.pitch, notes.start, notes.end), scale.drums_at
    else:
        boxes, top = Boxes(scale.rows.highest - notes.pitch, notes.start, notes.end), HEADER
        height = scale.rows.height
    step, gap = 1, 0.6
    if columns is not None:
        step, gap = -(-scale.end_tick // columns), 0.0
        boxes = on_grid(boxes, step=step, columns=columns)
    per_unit, plus = scale.per_tick * step, layer.marked != "removed"
    return Shape(
        name=layer.track.name or _("Track {number}").format(number=layer.color),
        color=layer.color,
        n_notes=len(notes),
        path=path_of(boxes, left=GUTTER, top=top, per_unit=per_unit, height=height, gap=gap),
        marked=layer.marked,
        signs=signs_of(boxes, left=GUTTER, top=top, per_unit=per_unit, height=height, plus=plus)
        if layer.marked not in ("", "kept")
        else "",
    )


def layers_of(song: Song) -> list[Layer]:
    """Return the tracks that sound, each with its color."""
    return [
        Layer(index % COLORS + 1, track)
        for index, track in enumerate(song.tracks)
        if len(track.notes)
    ]


def _few(layers: Sequence[Layer]) -> Sequence[Layer]:
    """Return the layers, those that look alike merged if there are many with very many notes."""
    n_notes = sum(len(layer.track.notes) for layer in layers)
    if n_notes <= MAX_BOXES or len(layers) <= MANY_TRACKS:
        return layers
    looks = sorted({(layer.track.is_drum, layer.marked, layer.color) for layer in layers})
    return [
        Layer(
            color,
            _merged(
                layer.track
                for layer in layers
                if (layer.track.is_drum, layer.marked, layer.color) == (is_drum, marked, color)
            ),
            marked,
        )
        for is_drum, marked, color in looks
    ]


def _merged(tracks: Iterable[Track]) -> Track:
    together = list(tracks)
    name = together[0].name
    if len(together) > 1:
        name = _("{name} and {n} more").format(name=name, n=len(together) - 1)
    columns = (
        np.concatenate([getattr(track.notes, field) for track in together])
        for field in ("pitch", "start", "duration", "velocity")
    )
    return Track(name.strip(), together[0].program, together[0].is_drum, Notes.tidy(*columns))


def _columns_for(end_tick: int, tracks: Sequence[Track]) -> int | None:
    """Return how many columns keep the roll small; None where every note can be drawn."""
    if sum(len(track.notes) for track in tracks) <= MAX_BOXES:
        return None
    columns = 2048
    while columns > MIN_GRID and _count_on_grid(end_tick, tracks, columns) > MAX_BOXES:
        columns //= 2
    return columns


def _count_on_grid(end_tick: int, tracks: Sequence[Track], columns: int) -> int:
    step = -(-end_tick // columns)
    return sum(len(on_grid(_boxes_by_pitch(t), step=step, columns=columns)) for t in tracks)


def _boxes_by_pitch(track: Track) -> Boxes:
    return Boxes(127 - track.notes.pitch, track.notes.start, track.notes.end)


def _bars(song: Song, per_tick: float) -> tuple[Mark, ...]:
    """Return bar lines, numbered as often as there is room; a crowd of lines is thinned out."""
    places = [GUTTER + int(tick) * per_tick for tick in song.bar_starts]
    if not places:
        return ()
    spacing = max((places[-1] - places[0]) / max(len(places) - 1, 1), 0.01)
    every = _round_step(MIN_BAR_LABEL / spacing)
    lines = _round_step(6 / spacing)
    return tuple(
        Mark(round(x, 1), str(number) if (number - 1) % every == 0 else "")
        for number, x in enumerate(places, start=1)
        if (number - 1) % lines == 0
    )


def _round_step(at_least: float) -> int:
    """Return the smallest of 1, 2, 4, 8, … that is not below `at_least`."""
    step = 1
    while step < at_least:
        step *= 2
    return step


def _octaves(rows: _Rows) -> tuple[Mark, ...]:
    lowest = rows.highest - rows.count + 1
    return tuple(
        Mark(round(rows.y_of(pitch) + rows.height, 1), pitch_name(pitch))
        for pitch in range(-(-lowest // 12) * 12, rows.highest + 1, 12)
    )
