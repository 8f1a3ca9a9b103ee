"""Laws of the reader, the score and the fingerprint, for songs and bytes of any kind."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ml.data.melodies import sample_melodies
from ml.metrics import features, score
from ml.metrics.fingerprint import fingerprint
from ml.music import (
    KeySignature,
    MidiRefused,
    Notes,
    Song,
    TempoChange,
    TimeSignature,
    Track,
    music_hash,
    read_canonical,
    read_midi,
    transposed,
)
from ml.music.text import MAX_NAME, clean_name, decode_name

calm = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

note_rows = st.lists(
    st.tuples(
        st.integers(0, 127), st.integers(0, 40_000), st.integers(0, 5_000), st.integers(1, 127)
    ),
    min_size=1,
    max_size=60,
)
names = st.text(max_size=100).map(clean_name)
tracks = st.builds(
    lambda name, program, drum, rows, volume, pan: Track(
        name, program, drum, Notes.tidy(*zip(*rows, strict=True)), volume, pan
    ),
    names,
    st.integers(0, 127),
    st.booleans(),
    note_rows,
    st.integers(0, 127),
    st.integers(0, 127),
)
meters = st.sampled_from([(4, 4), (3, 4), (6, 8), (7, 8), (5, 4), (2, 2), (12, 16), (1, 64)])


@st.composite
def songs(draw) -> Song:
    parts = tuple(draw(st.lists(tracks, min_size=1, max_size=5)))
    numerator, denominator = draw(meters)
    tempo = draw(st.integers(100_000, 3_000_000))
    keys = (KeySignature(0, draw(st.integers(-7, 7)), draw(st.booleans())),)
    return Song(parts, (TempoChange(0, tempo),), (TimeSignature(0, numerator, denominator),), keys)


@calm
@given(song=songs())
def test_reading_canonical_bytes_and_writing_them_gives_the_same_bytes(song):
    midi = song.to_midi()

    again = read_canonical(midi)

    assert again.to_midi() == midi
    assert again.n_notes == song.n_notes
    assert [(t.name, t.volume, t.pan) for t in again.tracks] == [
        (t.name, t.volume, t.pan) for t in song.tracks
    ]
    assert music_hash(again) == music_hash(song)


@calm
@given(song=songs())
def test_the_gate_leaves_canonical_bytes_as_they_are(song):
    assert read_midi(song.to_midi()).to_midi() == song.to_midi()


@calm
@given(song=songs(), by=st.integers(-12, 12))
def test_transposing_changes_no_value_and_no_passage(song, by):
    low, high = song.pitch_range
    assume(low + by >= 0 and high + by <= 127)

    moved = transposed(song, by)

    assert features(moved).values == pytest.approx(dict(features(song).values), abs=1e-9)
    assert fingerprint(moved).hashes() == fingerprint(song).hashes()


@calm
@given(song=songs(), tempo=st.integers(50_000, 10_000_000))
def test_tempo_changes_no_value(song, tempo):
    paced = Song(song.tracks, (TempoChange(0, tempo),), song.time_signatures)

    assert features(paced).values == features(song).values
    assert music_hash(paced) == music_hash(song)


@calm
@given(song=songs())
def test_any_song_has_a_finite_score(song):
    result = score(song)

    assert 0 <= result.score <= 100
    assert np.isfinite(list(features(song).values.values())).all()
    assert all(0 <= m.typicality <= 1 for m in result.metrics.values())
    json.dumps(result.as_dict(), allow_nan=False)


@calm
@given(song=songs(), seed=st.integers(0, 100))
def test_the_hash_ignores_everything_but_the_music(song, seed):
    order = np.random.default_rng(seed).permutation(len(song.tracks))
    renamed = tuple(
        Track("x", 3, song.tracks[i].is_drum, _louder(song.tracks[i].notes)) for i in order
    )

    assert music_hash(Song(renamed, (TempoChange(0, 9),))) == music_hash(song)


def _louder(notes: Notes) -> Notes:
    return Notes(notes.pitch, notes.start, notes.duration, notes.velocity * 0 + 127)


REAL = [song.to_midi() for _, song in sample_melodies()[:4]]
edits = st.lists(
    st.tuples(st.integers(0, 2000), st.integers(0, 255), st.sampled_from("rid")), max_size=12
)


@settings(calm, max_examples=300)
@given(data=st.sampled_from(REAL), changes=edits, cut=st.integers(0, 3000))
def test_a_damaged_file_is_read_or_refused(data, changes, cut):
    damaged = bytearray(data)
    for place, value, kind in changes:
        place %= len(damaged)
        damaged[place : place + (kind != "i")] = b"" if kind == "d" else bytes([value])
    song, refusal = read_or_refusal(bytes(damaged[: max(cut, 8)]))

    if refusal:
        assert refusal.code != "unreadable"
        assert refusal.detail.strip()
    else:
        assert 0 <= score(song).score <= 100


def read_or_refusal(data: bytes) -> tuple[Song, MidiRefused | None]:
    try:
        return read_midi(data), None
    except MidiRefused as refusal:
        return Song(()), refusal


@settings(calm, max_examples=150)
@given(data=st.binary(max_size=300), head=st.booleans())
def test_noise_is_refused_in_words(data, head):
    header = b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x01\xe0MTrk" if head else b""
    song, refusal = read_or_refusal(header + len(data).to_bytes(4, "big") + data)

    assert song.n_notes >= 1 or (refusal and refusal.detail.strip())


@calm
@given(raw=st.binary(max_size=300))
def test_any_bytes_make_a_safe_name(raw):
    name = decode_name(raw)

    assert len(name) <= MAX_NAME
    assert name.isprintable()
    assert clean_name(name) == name
