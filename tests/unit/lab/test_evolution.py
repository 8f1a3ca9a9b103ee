"""Samples of a training: songs, rolls on one scale, and three to compare."""

import pytest

from lab.evolution import evolution_of, three_of
from lab.pictures import playing_of

KEPT = {
    "melodies": [[[0, 0, 4, 60]], [[0, 0, 8, 72]]],
    "samples": [
        {"iteration": 0, "windows": [[[1, 0, 1, 40], [2, 3, 1, 90]], []]},
        {"iteration": 50, "windows": [[[3, 0, 4, 48]], [[3, 0, 4, 50]]]},
        {"iteration": 100, "windows": [[[3, 0, 4, 47]], [[3, 0, 4, 50]]]},
    ],
}


def url_of(iteration: int, melody: int) -> str:
    return f"/{iteration}/{melody}"


def test_a_song_holds_the_melody_and_what_was_added() -> None:
    song = evolution_of(KEPT).song(50, 0)

    assert [(t.name, t.notes.pitch.tolist()) for t in song.tracks] == [
        ("Soprano", [60]), ("Bass", [48]),
    ]  # fmt: skip


@pytest.mark.parametrize(("iteration", "melody"), [(1, 0), (50, 2), (50, -1)])
def test_what_was_not_sampled_has_no_song(iteration: int, melody: int) -> None:
    assert evolution_of(KEPT).song(iteration, melody) is None


def test_all_rolls_of_a_melody_have_one_scale() -> None:
    frames = evolution_of(KEPT).frames(0, room=480)

    assert [frame.n_added for frame in frames] == [2, 1, 1]
    assert len({(frame.roll.height, frame.roll.width) for frame in frames}) == 1
    assert len({frame.roll.octaves for frame in frames}) == 1


@pytest.mark.parametrize(
    ("there", "three"),
    [([], []), ([0], [0]), ([0, 50], [0, 50]), ([0, 50, 100, 200, 500, 950], [0, 500, 950])],
)
def test_three_are_the_first_the_middle_and_the_last(there: list[int], three: list[int]) -> None:
    assert three_of(there) == three


def test_what_is_asked_for_is_shown_and_what_is_not_there_is_the_last() -> None:
    evolution = evolution_of(KEPT)

    asked = playing_of(evolution, url_of, at=50, melody=1)
    odd = playing_of(evolution, url_of, at=51, melody=7)

    assert (asked.at, asked.melody, asked.current.midi_url) == (50, 1, "/50/1")
    assert (odd.at, odd.melody) == (100, 0)
    assert [shown.frame.iteration for shown in odd.sides] == [0, 50, 100]


def test_without_samples_there_is_nothing_to_play() -> None:
    empty = evolution_of({"melodies": [], "samples": []})

    assert playing_of(empty, url_of, at=None, melody=0) is None
