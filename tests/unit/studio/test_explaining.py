import pytest

from ml.music import Notes, Song, TimeSignature, Track
from studio.explaining import event_lines, in_runs, parameters_in_words, place_of

BEAT = 480


def song(*, beats=16, numerator=4):
    notes = Notes.tidy([60] * beats, [BEAT * n for n in range(beats)], [BEAT] * beats, [80] * beats)
    track = Track("Melody", 0, False, notes)
    return Song((track,), time_signatures=(TimeSignature(0, numerator, 4),))


def note(pitch, start, duration=BEAT):
    return {"start": start, "pitch": pitch, "duration": duration, "velocity": 80}


def event(kind, before=None, after=None, **more):
    row = {"kind": kind, "track": 0, "before": before, "after": after}
    return row | {"log_odds": 1.25, "iteration": 3} | more


@pytest.mark.parametrize(
    ("tick", "place"),
    [
        (0, "bar 1, beat 1"),
        (4 * BEAT, "bar 2, beat 1"),
        (6 * BEAT + 240, "bar 2, beat 3.5"),
        (16 * BEAT, "bar 5, beat 1"),  # behind the end, bars go on
        (22 * BEAT + 120, "bar 6, beat 3.25"),
    ],
)
def test_places_are_told_in_bars_and_beats(tick, place):
    assert place_of(song(), tick) == place


def test_bars_follow_the_time_signature():
    assert place_of(song(numerator=3), 4 * BEAT) == "bar 2, beat 2"


def test_a_song_without_notes_has_beats_alone():
    assert place_of(Song(()), 960) == "beat 3"


def test_an_added_note_is_told_with_sign_and_word():
    [line] = event_lines([event("add", after=note(61, BEAT))], song())

    assert (line.number, line.sign, line.word) == (1, "+", "Added")
    assert (line.note, line.place, line.track) == ("C♯4", "bar 1, beat 2", "Melody")
    assert (line.log_odds, line.iteration) == (1.25, 3)


def test_a_removed_note_is_told_where_it_was():
    [line] = event_lines([event("remove", before=note(60, 0))], song(), first=41)

    assert (line.number, line.sign, line.word) == (41, "−", "Removed")
    assert line.place == "bar 1, beat 1"


def test_a_moved_note_is_told_with_both_ends():
    rows = [
        event("move", before=note(60, 0), after=note(62, 0)),
        event("move", before=note(60, 0), after=note(60, BEAT)),
    ]

    pitched, shifted = event_lines(rows, song())

    assert (pitched.note, pitched.place) == ("C4 to D4", "bar 1, beat 1")
    assert (shifted.note, shifted.place) == ("C4 to C4", "bar 1, beat 1 to bar 1, beat 2")


def test_a_track_without_a_name_has_a_number():
    [line] = event_lines([event("add", after=note(60, 0), track=5)], song())

    assert line.track == "Track 6"


def test_parameters_are_told_as_people_read_them():
    values = {
        "sampling_technique": "top_k",
        "extension_duration": 30.0,
        "maximum_rest": None,
        "key_lock": True,
    }

    assert parameters_in_words("extend", values) == [
        ("Sampling technique", "top-k"),
        ("Extension duration", "30 seconds"),
        ("Maximum rest", "no limit"),
        ("Key lock", "yes"),
    ]
    locked = parameters_in_words("edit", {"locked_bars": [1, 2, 4], "locked_notes": []})
    assert locked == [("Locked bars", "1-2, 4"), ("Locked notes", "none")]


@pytest.mark.parametrize(
    ("numbers", "text"), [([], ""), ([5], "5"), ([1, 2, 3], "1-3"), ([1, 3, 4, 9], "1, 3-4, 9")]
)
def test_runs_are_drawn_together(numbers, text):
    assert in_runs(numbers) == text
