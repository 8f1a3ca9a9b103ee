from fractions import Fraction
from pathlib import Path

import numpy as np
import pretty_midi
import pytest

from ml.metrics import score
from ml.metrics.grid import on_the_beat, stretched
from ml.music import Notes, Song, Track, read_midi


@pytest.mark.parametrize("factor", [Fraction(4, 5), Fraction(5, 6), Fraction(6, 5), Fraction(5, 4)])
def test_a_stretched_piece_scores_as_before(chorales, dances, factor):
    for song in [*chorales[:3], *dances[:3]]:
        assert score(stretched(song, factor)).score == pytest.approx(score(song).score, abs=1)


@pytest.mark.parametrize("factor", [0.8, 1.2])
def test_a_piece_stretched_in_seconds_by_another_program_scores_as_before(
    chorales, tmp_path: Path, factor
):
    (tmp_path / "song.mid").write_bytes(chorales[0].to_midi())
    other = pretty_midi.PrettyMIDI(str(tmp_path / "song.mid"))
    for instrument in other.instruments:
        for note in instrument.notes:
            note.start, note.end = note.start * factor, note.end * factor
    other.write(str(tmp_path / "stretched.mid"))

    found = score(read_midi((tmp_path / "stretched.mid").read_bytes()))

    assert found.score == pytest.approx(score(chorales[0]).score, abs=1)


def test_a_piece_on_its_beats_is_left_alone(chorales, dances):
    assert all(on_the_beat(song) is song for song in [*chorales, *dances])


def test_a_piece_without_a_beat_is_left_alone():
    start = np.sort(np.random.default_rng(0).integers(0, 48_000, 200))
    song = Song((Track("", 0, False, Notes.tidy([60] * 200, start, [100] * 200, [64] * 200)),))

    assert on_the_beat(song) is song


def test_triplets_are_left_alone():
    notes = Notes.tidy([60, 64, 67] * 30, np.arange(90) * 160, [160] * 90, [64] * 90)
    song = Song((Track("", 0, False, notes),))

    assert on_the_beat(song) is song
