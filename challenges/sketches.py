"""Small drawings as numbers: thumbnails of pieces and ranks over time. Pure, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from challenges.drawing import COLORS, MIN_GRID, Boxes, Shape, on_grid, path_of
from ml.music import Song, Track

MAX_BOXES = 160
WIDTH, HEIGHT = 120.0, 36.0

RANK_STEP, RANK_HEIGHT = 110.0, 150.0  # px from round to round
RANK_MARGIN, RANK_TOP, RANK_FOOT = 56.0, 30.0, 44.0


def thumbnail_of(song: Song) -> tuple[Shape, ...]:
    """Return a song as one small path per color, at most 160 boxes in all."""
    pitched = [track for track in song.tracks if len(track.notes) and not track.is_drum]
    tracks = pitched or [track for track in song.tracks if len(track.notes)]
    columns = int(WIDTH)
    shapes = _thumb_shapes(tracks, columns)
    while sum(count for _, count, _ in shapes) > MAX_BOXES and columns > MIN_GRID:
        columns //= 2
        shapes = _thumb_shapes(tracks, columns)
    if sum(count for _, count, _ in shapes) > MAX_BOXES:
        shapes = _thumb_shapes(tracks[:1], columns)
    return tuple(Shape("", color, count, path) for color, count, path in shapes)


def _thumb_shapes(tracks: Sequence[Track], columns: int) -> list[tuple[int, int, str]]:
    if not tracks:
        return []
    high = max(int(track.notes.pitch.max()) for track in tracks)
    low = min(int(track.notes.pitch.min()) for track in tracks)
    end = max(int(track.notes.end.max()) for track in tracks)
    n_rows = min(high - low + 1, int(HEIGHT / 2) - 2)
    height = (HEIGHT - 4) / max(n_rows, 10)
    top = (HEIGHT - n_rows * height) / 2
    shapes = []
    for index, track in enumerate(tracks[:COLORS]):
        row = (high - track.notes.pitch) * n_rows // (high - low + 1)
        boxes = on_grid(
            Boxes(row, track.notes.start, track.notes.end),
            step=-(-end // columns),
            columns=columns,
        )
        path = path_of(boxes, left=0, top=top, per_unit=WIDTH / columns, height=height)
        shapes.append((index + 1, len(boxes), path))
    return shapes


@dataclass(frozen=True, slots=True)
class RankPoint:
    """A rank in one round, as a dot with its number."""

    x: float
    y: float
    rank: int
    of: int
    label: str


@dataclass(frozen=True, slots=True)
class RankHistory:
    """A person's ranks over time: dots, the lines between them, and the size of the drawing."""

    width: float
    height: float
    points: tuple[RankPoint, ...]
    lines: tuple[tuple[float, float, float, float], ...]


def rank_history(results: Sequence[tuple[str, int, int]]) -> RankHistory:
    """Return ranks as dots from left to right; `results` are (label, rank, entries), oldest first.

    The height shows the share of entries left behind: first place at the top, last at the bottom.
    """
    room = RANK_HEIGHT - RANK_TOP - RANK_FOOT
    points = tuple(
        RankPoint(
            x=RANK_MARGIN + index * RANK_STEP,
            y=round(RANK_TOP + room * (rank - 1) / max(of - 1, 1), 1),
            rank=rank,
            of=of,
            label=label,
        )
        for index, (label, rank, of) in enumerate(results)
    )
    lines = tuple((a.x, a.y, b.x, b.y) for a, b in pairwise(points))
    width = 2 * RANK_MARGIN + RANK_STEP * max(len(results) - 1, 0)
    return RankHistory(width, RANK_HEIGHT, points, lines)
