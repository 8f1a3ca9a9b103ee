"""Laws of `accompany`, for songs of any kind and every setting."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml.models.gan import Accompanist, accompany
from ml.models.gan_grid import HOLD_CLASS, classes_of, sounding_rows
from ml.music import Notes, Song, TempoChange, TimeSignature, Track, read_canonical
from ml.techniques import AccompanyParameters, GenerationRefused, parse
from tests.unit.ml.gan_songs import tiny_accompanist

calm = settings(
    deadline=None, max_examples=25, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip

rows = st.lists(
    st.tuples(
        st.integers(0, 127), st.integers(0, 20_000), st.integers(0, 5_000), st.integers(1, 127)
    ),
    min_size=1, max_size=40,
)  # fmt: skip
tracks = st.builds(
    lambda program, drum, found: Track("", program, drum, Notes.tidy(*zip(*found, strict=True))),
    st.integers(0, 127), st.booleans(), rows,
)  # fmt: skip
meters = st.sampled_from([(4, 4), (3, 4), (6, 8), (7, 8), (2, 2), (12, 16), (1, 64)])
songs = st.builds(
    lambda parts, meter, tempo: Song(
        tuple(parts), (TempoChange(0, tempo),), (TimeSignature(0, *meter),)
    ),
    st.lists(tracks, min_size=1, max_size=4), meters, st.integers(100_000, 3_000_000),
)  # fmt: skip
settings_of_accompany = st.builds(
    lambda algorithm, style, tracks, risk: parse("accompany", {
        "algorithm": algorithm, "style": style, "tracks": tracks, "creative_risk": risk,
    }),
    st.sampled_from(["unet", "musegan"]),
    st.sampled_from(["chorale", "madrigal", "quartet", "arcade"]),
    st.integers(1, 3), st.floats(0.5, 6.0),
)  # fmt: skip


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Accompanist:
    return tiny_accompanist(tmp_path_factory.mktemp("weights"))


def as_rows(track: Track) -> list[tuple[int, ...]]:
    n = track.notes
    return list(zip(*(a.tolist() for a in (n.pitch, n.start, n.duration, n.velocity)), strict=True))


@calm
@given(songs, settings_of_accompany, st.integers(0, 2**63 - 1))
def test_every_song_is_accompanied_or_refused_by_name(
    model: Accompanist, song: Song, asked: AccompanyParameters, seed: int
):
    if all(t.is_drum for t in song.tracks):
        with pytest.raises(GenerationRefused) as refused:
            accompany(song, asked, seed=seed, model=model)
        assert refused.value.code == "no_melody"
        return

    out = accompany(song, asked, seed=seed, model=model)

    before, after = song.tracks, out.song.tracks
    assert [as_rows(t) for t in after[: len(before)]] == [as_rows(t) for t in before]
    assert len(after) == len(before) + asked.tracks
    assert out.song.tempos == song.tempos
    assert out.song.time_signatures == song.time_signatures
    assert out.notes_out == song.n_notes + out.added
    # The melody's last note may be rounded up to the end of its 16th.
    assert out.song.end_tick < song.end_tick + 180
    assert read_canonical(out.song.to_midi()).n_notes == out.song.n_notes


@calm
@given(songs, settings_of_accompany, st.integers(0, 2**63 - 1))
def test_the_same_seed_gives_the_same_bytes(
    model: Accompanist, song: Song, asked: AccompanyParameters, seed: int
):
    if all(t.is_drum for t in song.tracks):
        return

    one, again = (accompany(song, asked, seed=seed, model=model).song for _ in range(2))

    assert one.to_midi() == again.to_midi()


@calm
@given(st.lists(st.integers(0, HOLD_CLASS), min_size=1, max_size=80))
def test_classes_survive_being_heard(classes: list[int]):
    """What sounds, written as classes again, sounds the same."""
    heard, strike = sounding_rows(np.array(classes))

    again, struck = sounding_rows(classes_of(heard, strike))

    assert again.tolist() == heard.tolist()
    assert struck.tolist() == strike.tolist()
