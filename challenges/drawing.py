"""Piano rolls as numbers, ready for SVG. Pure, no database.

A piano roll draws every note of an ordinary piece exactly. A piece with very many notes is first
put on a grid, coarse enough that the drawing stays small whatever the file holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.music import TICKS_PER_BEAT, Notes, Song, Track

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
MIN_BAR_LABEL = 44.0  # px between two numbered bars

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Boxes:
    """Rectangles on a grid: rows from the top, starts and ends along it, shape (boxes,) each."""

    row: IntArray
    start: IntArray
    end: IntArray

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True)
class Shape:
    """One track's notes as the data of one SVG path. `color` is 1 to 8."""

    name: str
    color: int
    n_notes: int
    path: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the grid at `at` px; `label` may be empty."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Roll:
    """A piano roll. Lengths are px of its own view box; `bar_beats` says where bars begin."""

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


@dataclass(frozen=True, slots=True)
class _Rows:
    """Which row each pitch is drawn on, and how high rows are."""

    highest: int
    count: int
    height: float

    def y_of(self, pitch: int) -> float:
        return HEADER + (self.highest - pitch) * self.height


def roll_of(song: Song) -> Roll:
    """Return the piano roll of a song, pitched tracks above and drums in a strip beneath."""
    beats = max(song.duration_beats, 1.0)
    room = min(max(PAGE_WIDTH - GUTTER, beats * MIN_BEAT), MAX_WIDTH)
    per_tick = room / (beats * TICKS_PER_BEAT)
    rows = _rows_of(song)
    tracks = _drawn_tracks(song)
    has_drums = any(track.is_drum for _, track in tracks)
    bottom = HEADER + rows.count * rows.height
    low = bottom + (FOOTER + DRUM_HEIGHT if has_drums else 0)
    columns = _columns_for(song.end_tick, [track for _, track in tracks])
    shapes = tuple(
        Shape(
            name=track.name or f"Track {color}",
            color=color,
            n_notes=len(track.notes),
            path=_track_path(
                track,
                rows,
                per_tick,
                bottom + FOOTER,
                end_tick=song.end_tick,
                columns=columns,
            ),
        )
        for color, track in tracks
    )
    return Roll(
        width=round(GUTTER + room + 1, 1),
        height=round(low + FOOTER, 1),
        left=GUTTER,
        top=HEADER,
        bottom=round(low, 1),
        shapes=shapes,
        bars=_bars(song, per_tick),
        octaves=_octaves(rows),
        bar_beats=tuple((song.bar_starts / TICKS_PER_BEAT).tolist()),
        summary=summary_of(song),
    )


def summary_of(song: Song) -> str:
    """Return what a roll shows, in words."""
    low, high = song.pitch_range
    span = f", from {pitch_name(low)} to {pitch_name(high)}" if high else ""
    sounding = sum(1 for track in song.tracks if len(track.notes))
    return (
        f"{song.n_notes:,} note{'s'[: song.n_notes != 1]} in {sounding} "
        f"track{'s'[: sounding != 1]} over {song.n_bars} bar{'s'[: song.n_bars != 1]}{span}"
    )


def pitch_name(pitch: int) -> str:
    """Return a pitch as musicians write it.

    >>> pitch_name(60), pitch_name(70)
    ('C4', 'B♭4')
    """
    names = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
    return f"{names[pitch % 12]}{pitch // 12 - 1}"


def _rows_of(song: Song) -> _Rows:
    low, high = song.pitch_range
    missing = max(MIN_ROWS - (high - low + 1), 0)
    highest = min(high + (missing + 1) // 2 + 1, 127)
    lowest = max(low - missing // 2 - 1, 0)
    count = highest - lowest + 1
    return _Rows(highest, count, round(ROLL_HEIGHT / count, 3))


def _track_path(
    track: Track,
    rows: _Rows,
    per_tick: float,
    drums_at: float,
    *,
    end_tick: int,
    columns: int | None,
) -> str:
    notes = track.notes
    if track.is_drum:
        low, high = int(notes.pitch.min()), int(notes.pitch.max())
        height = min(DRUM_HEIGHT / (high - low + 1), 6.0)
        boxes, top = Boxes(high - notes.pitch, notes.start, notes.end), drums_at
    else:
        boxes, top = Boxes(rows.highest - notes.pitch, notes.start, notes.end), HEADER
        height = rows.height
    step = 1
    if columns is not None:
        step = -(-end_tick // columns)
        boxes = on_grid(boxes, step=step, columns=columns)
    gap = 0.6 if columns is None else 0.0
    return path_of(boxes, left=GUTTER, top=top, per_unit=per_tick * step, height=height, gap=gap)


def _drawn_tracks(song: Song) -> list[tuple[int, Track]]:
    """Return the tracks that sound with their colors, those of a color merged if there are many."""
    sounding = [
        (index % COLORS + 1, track) for index, track in enumerate(song.tracks) if len(track.notes)
    ]
    if song.n_notes <= MAX_BOXES or len(sounding) <= MANY_TRACKS:
        return sounding
    kinds = sorted({(track.is_drum, color) for color, track in sounding})
    return [
        (color, _merged(t for c, t in sounding if c == color and t.is_drum == is_drum))
        for is_drum, color in kinds
    ]


def _merged(tracks: Iterable[Track]) -> Track:
    together = list(tracks)
    name = together[0].name + (f" and {len(together) - 1} more" if len(together) > 1 else "")
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


def on_grid(boxes: Boxes, *, step: int, columns: int) -> Boxes:
    """Return the boxes on a grid of `columns` cells of `step` units, touching ones merged.

    A box covers every cell that it reaches into, so that nothing vanishes.
    """
    n_rows = int(boxes.row.max()) + 1
    change = np.zeros((n_rows, columns + 1), dtype=np.int32)
    first = np.minimum(boxes.start // step, columns - 1)
    last = np.minimum(np.maximum(-(-boxes.end // step), first + 1), columns)
    np.add.at(change, (boxes.row, first), 1)
    np.add.at(change, (boxes.row, last), -1)
    covered = np.cumsum(change, axis=1)[:, :-1] > 0  # (rows, columns)
    edges = np.diff(covered.astype(np.int8), axis=1, prepend=0, append=0)
    row, start = np.nonzero(edges == 1)
    _, end = np.nonzero(edges == -1)
    return Boxes(row, start, end)


def path_of(
    boxes: Boxes, *, left: float, top: float, per_unit: float, height: float, gap: float = 0.0
) -> str:
    """Return boxes as path data; `per_unit` and `height` are px, `gap` is left free at the end."""
    x = np.round(left + boxes.start * per_unit, 1)
    width = np.round(np.maximum((boxes.end - boxes.start) * per_unit - gap, 0.8), 1)
    y = np.round(top + boxes.row * height, 1)
    tall = f"{max(height - 0.5, 0.8):.2f}"
    return "".join(
        f"M{a:g} {b:g}h{w:g}v{tall}h-{w:g}z"
        for a, b, w in zip(x.tolist(), y.tolist(), width.tolist(), strict=True)
    )


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
