import numpy as np

from challenges.sketches import rank_history
from ml.music import Notes, Song, Track
from ml.music.thumbnail import MAX_BOXES, thumbnail_of


def a_track(pitches, *, step):
    starts = [index * step for index in range(len(pitches))]
    notes = Notes.tidy(pitches, starts, [step] * len(pitches), [80] * len(pitches))
    return Track("Voice", 0, False, notes)


def test_thumbnails_are_small_whatever_the_piece():
    random = np.random.default_rng(2)
    tracks = [a_track(random.integers(0, 128, 3000).tolist(), step=30) for _ in range(12)]

    shapes = thumbnail_of(Song(tuple(tracks)))

    assert 0 < sum(shape.path.count("M") for shape in shapes) <= MAX_BOXES
    assert sum(len(shape.path) for shape in shapes) < 6000


def test_a_song_without_notes_has_an_empty_thumbnail():
    assert thumbnail_of(Song(())) == ()


def test_the_first_place_is_drawn_at_the_top_and_the_last_at_the_bottom():
    history = rank_history([("May", 10, 10), ("June", 1, 10), ("July", 1, 1)])

    may, june, july = history.points
    assert may.y > june.y == july.y
    assert may.x < june.x < july.x
    assert history.lines[0] == (may.x, may.y, june.x, june.y)
