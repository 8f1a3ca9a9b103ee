import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.music import TICKS_PER_BEAT, Notes, Song, Track
from ml.music.boxes import Boxes, on_grid, path_of
from ml.music.drawing import pitch_name, roll_of, summary_of


def a_track(pitches, *, step=TICKS_PER_BEAT, length=TICKS_PER_BEAT, name="Voice", is_drum=False):
    starts = [index * step for index in range(len(pitches))]
    notes = Notes.tidy(pitches, starts, [length] * len(pitches), [80] * len(pitches))
    return Track(name, 0, is_drum, notes)


def a_song(*tracks):
    return Song(tuple(tracks))


def boxes_in(roll):
    return sum(shape.path.count("M") for shape in roll.shapes)


def test_every_note_of_an_ordinary_piece_is_one_box():
    roll = roll_of(a_song(a_track([60, 64, 67, 72]), a_track([48, 43], name="Bass")))

    assert [shape.path.count("M") for shape in roll.shapes] == [4, 2]
    assert [shape.name for shape in roll.shapes] == ["Voice", "Bass"]
    assert [shape.color for shape in roll.shapes] == [1, 2]


def test_all_boxes_lie_inside_the_drawing():
    roll = roll_of(a_song(a_track([0, 127, 60]), a_track([36, 81], is_drum=True)))

    for shape in roll.shapes:
        for x, y, w, h in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h", shape.path):
            assert roll.left - 0.1 <= float(x)
            assert float(x) + float(w) <= roll.width + 0.2
            assert roll.top - 0.1 <= float(y)
            assert float(y) + float(h) <= roll.height + 0.2


def test_higher_pitches_are_drawn_higher():
    roll = roll_of(a_song(a_track([60, 72])))

    heights = [float(y) for y in re.findall(r"M[\d.]+ ([\d.]+)h", roll.shapes[0].path)]

    assert heights[0] > heights[1]


def test_fifty_thousand_notes_in_many_tracks_stay_a_small_drawing():
    random = np.random.default_rng(1)
    tracks = []
    for index in range(64):
        pitch, start = random.integers(0, 128, 780), random.integers(0, 480 * 2000, 780)
        notes = Notes.tidy(pitch, start, np.full(780, 200), np.full(780, 80))
        tracks.append(Track(f"Track {index}", 0, index == 9, notes))

    roll = roll_of(Song(tuple(tracks)))

    assert boxes_in(roll) <= 8192
    assert sum(len(shape.path) for shape in roll.shapes) < 250_000
    assert {shape.color for shape in roll.shapes} == set(range(1, 9))


def test_a_crowded_track_keeps_its_outline():
    roll = roll_of(a_song(a_track([60] * 5000, step=120, length=120)))

    [shape] = roll.shapes
    assert shape.path.count("M") == 1
    assert shape.n_notes == 5000


def test_bars_are_numbered_from_one_and_thinned_where_there_is_no_room():
    short = roll_of(a_song(a_track([60] * 16)))
    long = roll_of(a_song(a_track([60] * 4000)))

    assert [mark.label for mark in short.bars] == ["1", "2", "3", "4"]
    labelled = [mark for mark in long.bars if mark.label]
    assert all(b.at - a.at >= 40 for a, b in pairwise(labelled))


def test_a_song_with_drums_alone_can_be_drawn():
    roll = roll_of(a_song(a_track([36, 38, 42], is_drum=True)))

    assert boxes_in(roll) == 3
    assert "from" not in roll.summary


def test_the_summary_counts_in_words():
    song = a_song(a_track([60, 64, 67, 72]))

    assert summary_of(song) == "4 notes in 1 track over 1 bar, from C4 to C5"


@pytest.mark.parametrize(("pitch", "name"), [(0, "C-1"), (60, "C4"), (61, "C♯4"), (127, "G9")])
def test_names_pitches(pitch, name):
    assert pitch_name(pitch) == name


def test_touching_boxes_of_a_row_become_one_on_the_grid():
    boxes = Boxes(np.array([0, 0, 2]), np.array([0, 4, 0]), np.array([4, 8, 1]))

    merged = on_grid(boxes, step=4, columns=4)

    assert merged.row.tolist() == [0, 2]
    assert merged.start.tolist() == [0, 0]
    assert merged.end.tolist() == [2, 1]


@given(
    notes=st.lists(
        st.tuples(st.integers(0, 127), st.integers(0, 5000), st.integers(1, 900)),
        min_size=1,
        max_size=40,
    ),
    columns=st.sampled_from([8, 64, 512]),
)
@settings(deadline=None)
def test_no_note_vanishes_from_the_grid(notes, columns):
    row, start, length = (np.array(column) for column in zip(*notes, strict=True))
    boxes = Boxes(row, start, start + length)
    step = -(-int(boxes.end.max()) // columns)

    merged = on_grid(boxes, step=step, columns=columns)

    spans = zip(merged.row, merged.start, merged.end, strict=True)
    cells = {(r, c) for r, first, last in spans for c in range(first, last)}
    begins = zip(row, start, strict=True)
    assert {(r, min(s // step, columns - 1)) for r, s in begins} <= cells
    assert merged.end.max() <= columns


def test_a_path_has_no_width_of_zero():
    boxes = Boxes(np.array([0]), np.array([10]), np.array([11]))

    assert path_of(boxes, left=0, top=0, per_unit=0.01, height=3, gap=0.6) == (
        "M0.1 0h0.8v2.50h-0.8z"
    )
