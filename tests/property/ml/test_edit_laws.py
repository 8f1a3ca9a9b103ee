"""Laws of `edit`, for songs and parameters of any kind: caps, locks and replay hold exactly."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ml.models.ar_cnn import Editor, edit
from ml.music import Notes, Song, TempoChange, TimeSignature, Track
from ml.techniques import EditParameters, GenerationRefused, replay
from tests.unit.ml.ar_cnn_songs import rows, tiny_editor

calm = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

note_rows = st.lists(
    st.tuples(
        st.integers(0, 127), st.integers(0, 12_000), st.integers(1, 3_000), st.integers(1, 127)
    ),
    min_size=1, max_size=40,
)  # fmt: skip
tracks = st.builds(
    lambda found, is_drum: Track(
        "T", 5, is_drum, Notes.tidy(*np.array(found, dtype=np.int64).reshape(-1, 4).T), 33, 90
    ),
    note_rows,
    st.booleans(),
)
songs = st.builds(
    lambda found, tempos, sign: Song(
        tuple(found),
        tuple(TempoChange(tick, us) for tick, us in sorted({0: 500_000, **tempos}.items())),
        (TimeSignature(0, *sign),),
    ),
    st.lists(tracks, min_size=1, max_size=6),
    st.dictionaries(st.integers(0, 20_000), st.integers(150_000, 6_000_000), max_size=3),
    st.sampled_from([(4, 4), (3, 4), (6, 8), (7, 8), (5, 4), (2, 2), (1, 16), (12, 8), (33, 32)]),
)
wishes = st.builds(
    EditParameters,
    sampling_iterations=st.integers(0, 8),
    maximum_notes_to_remove=st.floats(0, 100),
    maximum_notes_to_add=st.integers(0, 20),
    creative_risk=st.floats(0.5, 6),
    locked_bars=st.lists(st.integers(1, 9), max_size=4).map(lambda b: tuple(sorted(set(b)))),
    locked_notes=st.lists(st.integers(0, 60), max_size=6).map(lambda b: tuple(sorted(set(b)))),
)


@pytest.fixture(scope="module")
def model() -> Editor:
    return tiny_editor()


def pitched(song: Song) -> int:
    return sum(len(t.notes) for t in song.tracks if not t.is_drum)


def edited(song: Song, wish: EditParameters, model: Editor):
    assume(pitched(song) > 0)
    return edit(song, wish, seed=3, model=model)


@calm
@given(songs, wishes)
def test_replaying_the_events_gives_the_result_exactly(model: Editor, song: Song, wish):
    found = edited(song, wish, model)

    again = replay(song, found.events) if found.events else song
    assert again.to_midi() == found.song.to_midi()
    assert {(t.volume, t.pan) for t in again.tracks} == {(33, 90)}


@calm
@given(songs, wishes)
def test_the_caps_hold_by_events_and_by_comparing_the_songs(model: Editor, song: Song, wish):
    found = edited(song, wish, model)

    most_removed = int(Fraction(wish.maximum_notes_to_remove) / 100 * pitched(song))
    assert found.removed <= most_removed
    assert found.added <= wish.maximum_notes_to_add
    before, after = rows(song), rows(found.song)
    assert (before - after).total() <= most_removed
    assert (after - before).total() <= wish.maximum_notes_to_add


@calm
@given(songs, wishes)
def test_nothing_changes_in_a_locked_bar(model: Editor, song: Song, wish):
    found = edited(song, wish, model)

    starts = [*song.bar_starts.tolist(), song.end_tick]
    locked = [(starts[b - 1], starts[b]) for b in wish.locked_bars if b < len(starts)]
    for event in found.events:
        for note in filter(None, (event.before, event.after)):
            end = note.start + note.duration
            assert not any(note.start < until and end > first for first, until in locked)


@calm
@given(songs, wishes)
def test_locked_notes_stay(model: Editor, song: Song, wish):
    found = edited(song, wish, model)

    everything = [
        (number, *row)
        for number, t in enumerate(song.tracks)
        for row in zip(
            *(getattr(t.notes, n).tolist() for n in ("start", "pitch", "duration", "velocity")),
            strict=True,
        )
    ]
    kept = rows(found.song)
    assert all(kept[everything[i]] for i in wish.locked_notes if i < len(everything))


@calm
@given(songs, wishes)
def test_length_drums_tempo_and_instruments_stay(model: Editor, song: Song, wish):
    found = edited(song, wish, model).song

    assert found.end_tick <= song.end_tick
    assert (found.tempos, found.time_signatures) == (song.tempos, song.time_signatures)
    for was, is_now in zip(song.tracks, found.tracks, strict=True):
        assert (was.name, was.program, was.is_drum) == (is_now.name, is_now.program, is_now.is_drum)
        if was.is_drum:
            assert np.array_equal(was.notes.start, is_now.notes.start)
            assert np.array_equal(was.notes.pitch, is_now.notes.pitch)


@calm
@given(songs, wishes, st.integers(0, 2**62))
def test_the_same_seed_gives_the_same_bytes(model: Editor, song: Song, wish, seed: int):
    assume(pitched(song) > 0)

    one, other = (edit(song, wish, seed=seed, model=model) for _ in range(2))

    assert one.song.to_midi() == other.song.to_midi()
    assert one.events == other.events


@calm
@given(st.lists(st.tuples(st.integers(35, 81), st.integers(0, 8000)), min_size=1, max_size=20))
def test_drums_alone_are_refused(model: Editor, hits):
    pitch, start = zip(*hits, strict=True)
    drums = Track("Drums", 0, True, Notes.tidy(pitch, start, [60] * len(hits), [90] * len(hits)))

    with pytest.raises(GenerationRefused) as refusal:
        edit(Song((drums,)), EditParameters(), seed=0, model=model)

    assert refusal.value.code == "no_melody"
