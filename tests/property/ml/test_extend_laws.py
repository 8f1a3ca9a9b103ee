"""Laws of `extend`, for any song and parameters: a result that holds, or a named refusal."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml.models.transformer import Extender, extend
from ml.music import Notes, Song, TempoChange, TimeSignature, Track, music_hash, read_midi
from ml.music.song import seconds_at
from ml.techniques import ExtendParameters, GenerationRefused
from tests.unit.ml.transformer_songs import rows, tiny_extender

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
        tuple(TempoChange(beat * 480, us) for beat, us in sorted({0: 500_000, **tempos}.items())),
        (TimeSignature(0, *sign),),
    ),
    st.lists(tracks, min_size=1, max_size=6),
    st.dictionaries(st.integers(0, 40), st.integers(150_000, 6_000_000), max_size=3),
    st.sampled_from([(4, 4), (3, 4), (6, 8), (7, 8), (5, 4), (2, 2), (1, 16), (12, 8), (33, 32)]),
)
wishes = st.builds(
    ExtendParameters,
    sampling_technique=st.sampled_from(["nucleus", "top_k", "random"]),
    sampling_threshold=st.floats(0.05, 1),
    creative_risk=st.floats(0.5, 6),
    input_duration=st.none() | st.floats(1, 600),
    extension_duration=st.floats(1, 2),
    maximum_rest=st.none() | st.floats(0, 5),
    maximum_note_length=st.none() | st.floats(0.1, 5),
    key_lock=st.booleans(),
    style=st.sampled_from(["auto", "chorale", "dance", "arcade"]),
)


@pytest.fixture(scope="module")
def model() -> Extender:
    return tiny_extender()


@calm
@given(song=songs, asked=wishes, seed=st.integers(0, 2**63 - 1))
def test_any_song_is_extended_within_its_limits_or_refused_by_name(
    model: Extender, song: Song, asked: ExtendParameters, seed: int
) -> None:
    try:
        found = extend(song, asked, seed=seed, model=model)
    except GenerationRefused:
        assert all(track.is_drum for track in song.tracks)
        return

    begin = found.details["from_second"]
    for old, new in zip(song.tracks, found.song.tracks, strict=True):
        assert rows(old.notes) <= rows(new.notes)
        assert (new.volume, new.pan) == (old.volume, old.pan)
        for pitch, start, duration, _ in rows(new.notes) - rows(old.notes):
            sounding = seconds_at(song.tempos, start + duration) - seconds_at(song.tempos, start)
            assert 0 <= pitch <= 127
            assert seconds_at(song.tempos, start) >= begin - 0.001
            assert new.is_drum or sounding <= (asked.maximum_note_length or 30) + 1e-6
    assert found.removed == 0
    end = seconds_at(song.tempos, found.song.end_tick)
    assert end <= max(begin + asked.extension_duration, song.duration_seconds) + 0.02
    assert found.notes_out == song.n_notes + found.added


@calm
@given(song=songs, seed=st.integers(0, 2**63 - 1))
def test_the_result_can_be_written_and_read_again(model: Extender, song: Song, seed: int) -> None:
    asked = ExtendParameters(extension_duration=1, style="arcade")
    try:
        found = extend(song, asked, seed=seed, model=model)
    except GenerationRefused:
        assert all(track.is_drum for track in song.tracks)
        return

    again = read_midi(found.song.to_midi())

    assert again.n_notes == found.notes_out
    assert music_hash(again) == music_hash(found.song)
