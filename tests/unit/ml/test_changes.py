from hypothesis import given, settings
from hypothesis import strategies as st

from ml.music import Notes, Song, Track
from ml.music.changes import change_rolls

BEAT = 480


def track(rows, *, name="Melody", is_drum=False):
    pitch, start, duration = ([row[i] for row in rows] for i in range(3))
    return Track(name, 0, is_drum, Notes.tidy(pitch, start, duration, [80] * len(rows)))


def song(*tracks):
    return Song(tuple(tracks))


def counts(roll):
    found = {}
    for shape in roll.shapes:
        found[shape.marked] = found.get(shape.marked, 0) + shape.n_notes
    return found


TUNE = [(60, 0, BEAT), (64, BEAT, BEAT), (67, 2 * BEAT, BEAT)]


def test_what_is_gone_is_marked_before_and_what_is_new_after():
    edited = [TUNE[0], TUNE[2], (72, BEAT, BEAT), (74, 3 * BEAT, BEAT)]

    before, after = change_rolls(song(track(TUNE)), song(track(edited)))

    assert counts(before) == {"kept": 2, "removed": 1}
    assert counts(after) == {"kept": 2, "added": 2}


def test_a_moved_or_lengthened_note_is_removed_there_and_added_here():
    edited = [(60, 0, 2 * BEAT), TUNE[1], (67, 2 * BEAT + 120, BEAT)]

    before, after = change_rolls(song(track(TUNE)), song(track(edited)))

    assert counts(before)["removed"] == counts(after)["added"] == 2


def test_a_track_that_was_not_there_is_new_in_its_own_color():
    bass = track([(36, 0, 4 * BEAT)], name="Bass")

    before, after = change_rolls(song(track(TUNE)), song(track(TUNE), bass))

    assert counts(before) == {"kept": 3}
    assert [(s.name, s.marked, s.color) for s in after.shapes] == [
        ("Melody", "kept", 1),
        ("Bass", "new", 2),
    ]


def test_nothing_changed_marks_nothing():
    before, after = change_rolls(song(track(TUNE)), song(track(TUNE)))

    assert counts(before) == counts(after) == {"kept": 3}


def test_a_track_that_vanished_is_removed():
    before, after = change_rolls(song(track(TUNE), track(TUNE, name="Two")), song(track(TUNE)))

    assert counts(before) == {"kept": 3, "removed": 3}
    assert counts(after) == {"kept": 3}


def test_both_rolls_have_one_scale():
    longer = [*TUNE, (90, 40 * BEAT, BEAT)]

    before, after = change_rolls(song(track(TUNE)), song(track(longer)))

    assert (before.width, before.height) == (after.width, after.height)
    assert before.octaves == after.octaves
    assert before.shapes[0].path == after.shapes[0].path


def test_signs_are_a_plus_where_added_and_a_minus_where_removed():
    before, after = change_rolls(song(track(TUNE[:2])), song(track(TUNE[1:])))

    [removed] = [shape for shape in before.shapes if shape.marked == "removed"]
    [added] = [shape for shape in after.shapes if shape.marked == "added"]
    assert removed.signs.count("M") == 1
    assert "v" not in removed.signs
    assert "v" in added.signs
    assert all(not s.signs for s in (*before.shapes, *after.shapes) if s.marked == "kept")


def test_drums_are_compared_too():
    drums = [(36, 0, 120), (38, BEAT, 120)]

    before, after = change_rolls(
        song(track(drums, is_drum=True)), song(track(drums[:1], is_drum=True))
    )

    assert counts(before) == {"kept": 1, "removed": 1}
    assert counts(after) == {"kept": 1}


def test_a_song_that_lost_every_note_can_be_drawn():
    before, after = change_rolls(song(track(TUNE)), song(track([])))

    assert counts(before) == {"removed": 3}
    assert after.shapes == ()


def test_thousands_of_changes_stay_a_small_drawing():
    many = [(40 + n % 40, 60 * n, 50) for n in range(9000)]

    before, after = change_rolls(song(track(TUNE)), song(track([*TUNE, *many])))

    assert sum(len(s.path) + len(s.signs) for s in (*before.shapes, *after.shapes)) < 400_000
    assert counts(after)["added"] == 9000


rows = st.lists(
    st.tuples(st.integers(30, 90), st.integers(0, 30).map(lambda n: n * 120), st.just(120)),
    max_size=30,
    unique_by=lambda row: row[:2],
)


@given(was=rows, becomes=rows)
@settings(deadline=None, max_examples=60)
def test_kept_removed_and_added_are_all_notes_there_are(was, becomes):
    before, after = change_rolls(song(track(was)), song(track(becomes)))

    n_was, n_becomes = counts(before), counts(after)
    common = len(set(was) & set(becomes))
    assert n_was.get("kept", 0) == n_becomes.get("kept", 0) == common
    assert n_was.get("removed", 0) == len(was) - common
    assert n_becomes.get("added", 0) + n_becomes.get("new", 0) == len(becomes) - common
