import time

import numpy as np
import pytest

from ml.music import (
    Limits,
    MidiRefused,
    Notes,
    Song,
    TimeSignature,
    Track,
    music_hash,
    note_list,
    piano_roll,
    read_canonical,
    read_midi,
    transposed,
)
from ml.music.text import clean_name, decode_name
from tests.unit.ml.midi_bytes import ACCEPTED, END, NOTE, REFUSED, midi


@pytest.mark.parametrize("what", REFUSED)
def test_refuses_with_a_code_and_words(what):
    data, code = REFUSED[what]

    with pytest.raises(MidiRefused) as refusal:
        read_midi(data)

    assert refusal.value.code == code
    assert len(refusal.value.detail.split()) >= 6


@pytest.mark.parametrize("what", ACCEPTED)
def test_takes_in_what_other_programs_play(what):
    song = read_midi(ACCEPTED[what])

    assert song.n_notes >= 1
    assert np.isfinite(song.duration_seconds)
    assert read_canonical(song.to_midi()).to_midi() == song.to_midi()


@pytest.mark.parametrize("what", ["1 MB of FF", "340,000 note-ons", "120,000 time signatures"])
def test_a_hostile_file_costs_little(what):
    read_midi(ACCEPTED["plain"])  # the child is up
    began = time.perf_counter()

    with pytest.raises(MidiRefused):
        read_midi(REFUSED[what][0])

    assert time.perf_counter() - began < 2  # 0.1 s on a quiet machine


def test_limits_can_be_narrowed():
    with pytest.raises(MidiRefused, match="too_many_notes"):
        read_midi(midi(NOTE * 3 + END), limits=Limits(max_notes=2))


def test_a_beat_is_480_ticks_whatever_the_file_says():
    song = read_midi(midi(b"\x00\x90\x3c\x40\x60\x80\x3c\x40" + END, division=96))

    [note] = note_list(song)
    assert (note.start, note.duration) == (0, 1)
    assert song.duration_seconds == pytest.approx(0.5)


def test_time_follows_the_tempo_changes():
    slow_then_fast = b"\x00\xff\x51\x03\x0f\x42\x40\x83\x60\xff\x51\x03\x03\xd0\x90" + END
    two_beats = b"\x00\x90\x3c\x40\x87\x40\x80\x3c\x40" + END

    song = read_midi(midi(slow_then_fast, two_beats))

    assert song.duration_seconds == pytest.approx(1 + 0.25)
    assert [round(t.qpm) for t in song.tempos] == [60, 240]


def test_bars_follow_the_time_signatures():
    notes = Notes.tidy([60], [0], [4000], [64])
    song = Song(
        (Track("", 0, False, notes),),
        time_signatures=(TimeSignature(0, 3, 4), TimeSignature(2880, 2, 4)),
    )

    assert song.bar_starts.tolist() == [0, 1440, 2880, 3840]


def test_overlapping_notes_of_a_pitch_become_distinct():
    notes = Notes.tidy([60, 60, 60, 62], [0, 240, 240, 0], [480, 100, 200, 0], [10, 20, 30, 40])

    rows = zip(notes.pitch, notes.start, notes.duration, notes.velocity, strict=True)
    assert list(rows) == [(60, 0, 240, 10), (62, 0, 1, 40), (60, 240, 200, 30)]


def test_drums_stay_drums():
    song = read_midi(midi(b"\x00\x99\x24\x40\x60\x89\x24\x40" + END))

    assert song.tracks[0].is_drum
    assert song.pitch_range == (0, 0)
    assert read_canonical(song.to_midi()).tracks[0].is_drum


def test_volume_and_pan_are_the_first_ones_that_a_track_sets():
    louder = bytes([0, 0xB0, 7, 90, 0, 0xB0, 10, 20, 0, 0xB0, 7, 30])

    [track] = read_midi(midi(louder + NOTE + END)).tracks

    assert (track.volume, track.pan) == (90, 20)


def test_a_track_that_sets_neither_has_the_bytes_it_always_had():
    [track] = read_midi(midi(NOTE + END)).tracks

    assert (track.volume, track.pan) == (100, 64)
    assert b"\xb0" not in Song((track,)).to_midi()


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Flöte".encode(), "Flöte"),
        ("Flöte".encode("latin-1"), "Flöte"),
        ("ピアノ".encode("shift_jis"), "ピアノ"),
        (b"<script>alert(1)</script>", "<script>alert(1)</script>"),
        (b"a\x00b\x1b[31mc\r\nd", "ab[31mc d"),
        ("abc\u202edef\u200b".encode(), "abcdef"),
        (b"x" * 120, "x" * 80),
    ],
)
def test_a_track_name_is_short_visible_text(stored, shown):
    name = b"\x00\xff\x03" + bytes([len(stored)]) + stored

    song = read_midi(midi(name + NOTE + END))

    assert song.tracks[0].name == shown
    assert read_canonical(song.to_midi()).tracks[0].name == shown
    assert clean_name(shown) == shown


def test_a_name_of_a_megabyte_is_cut():
    assert len(decode_name(b"\xe3\x83\x94" * 300_000)) == 80


def test_the_hash_is_of_the_music_only():
    low, high = (
        Notes.tidy([48], [0], [480], [90]),
        Notes.tidy([60, 64], [0, 480], [480] * 2, [64] * 2),
    )
    song = Song((Track("Left", 0, False, low), Track("Right", 40, False, high)))
    both = Notes.tidy([48, 60, 64], [0, 0, 480], [480] * 3, [1, 2, 3])
    repacked = Song((Track("All", 7, False, both),), time_signatures=(TimeSignature(0, 3, 4),))

    assert music_hash(song) == music_hash(repacked)
    assert music_hash(song) != music_hash(transposed(song, 1))


def test_a_transposition_stays_on_the_keyboard():
    song = Song((Track("", 0, False, Notes.tidy([126], [0], [1], [1])),))

    with pytest.raises(ValueError, match="0-127"):
        transposed(song, 2)


def test_a_roll_is_time_by_pitch():
    notes = Notes.tidy([60, 64], [0, 480], [480, 10], [64, 64])
    song = Song((Track("", 0, False, notes),))

    roll = piano_roll(song, resolution=2)

    assert roll.shape == (3, 128)
    assert np.argwhere(roll).tolist() == [[0, 60], [1, 60], [2, 64]]


def test_a_roll_of_a_song_without_notes_has_no_steps():
    assert piano_roll(Song(())).shape == (0, 128)
