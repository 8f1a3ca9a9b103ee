"""Small drawings of pieces as numbers, ready for SVG. Pure, no database."""

from __future__ import annotations

from collections.abc import Sequence

from ml.music.boxes import Boxes, on_grid, path_of
from ml.music.drawing import COLORS, MIN_GRID, Shape
from ml.music.song import Song, Track

MAX_BOXES = 160
WIDTH, HEIGHT = 120.0, 36.0


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
