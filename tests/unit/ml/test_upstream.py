"""MusPy and pypianoroll: where they agree with us, and the defects that keep them out of the score.

A defect test fails when an upgrade mends the defect; then `docs/metrics.md` wants a new look.
"""

import warnings
from pathlib import Path

import numpy as np
import pytest

from ml.metrics.common import common_metrics
from ml.music import Notes, Song, Track, read_canonical

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import muspy
    import pypianoroll

RIGHT_IN_MUSPY = {
    "pitch_entropy": muspy.pitch_entropy,
    "pitch_class_entropy": muspy.pitch_class_entropy,
    "scale_consistency": muspy.scale_consistency,
    "polyphony": muspy.polyphony,
    "polyphony_rate": muspy.polyphony_rate,
}


def quarters(*pitches: int, every: int = 1) -> Song:
    start = np.arange(len(pitches)) * 480 * every
    notes = Notes.tidy(pitches, start, [480] * len(pitches), [64] * len(pitches))
    return Song((Track("", 0, False, notes),))


def in_muspy(song: Song, folder: Path) -> "muspy.Music":
    path = folder / "song.mid"
    path.write_bytes(song.to_midi())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return muspy.read_midi(path)


@pytest.mark.parametrize("name", RIGHT_IN_MUSPY)
def test_our_value_is_muspys(name, chorales, tmp_path):
    for song in chorales[:4]:
        theirs = RIGHT_IN_MUSPY[name](in_muspy(song, tmp_path))

        assert common_metrics(read_canonical(song.to_midi()))[name] == pytest.approx(
            theirs, abs=1e-12
        )


def test_muspy_counts_the_beat_on_which_a_note_ends(tmp_path):
    every_second_beat = quarters(60, 60, 60, 60, every=2)

    assert muspy.empty_beat_rate(in_muspy(every_second_beat, tmp_path)) == 0
    assert common_metrics(every_second_beat)["empty_beat_rate"] == pytest.approx(3 / 7)


def test_muspy_finds_identical_bars_unlike(tmp_path):
    same_bars = quarters(*[60] * 16)

    assert muspy.groove_consistency(in_muspy(same_bars, tmp_path), 1920) < 1
    assert common_metrics(same_bars)["groove_consistency"] == 1


def test_muspy_calls_music_without_tracks_an_error():
    with pytest.raises(ValueError, match="empty"):
        muspy.polyphony(muspy.Music(resolution=480))


def test_muspy_blames_a_harmonic_minor_scale(tmp_path):
    scale = quarters(69, 71, 72, 74, 76, 77, 80, 81)

    assert muspy.scale_consistency(in_muspy(scale, tmp_path)) == pytest.approx(7 / 8)


def test_pypianorolls_empty_beats_are_the_full_ones():
    roll = np.zeros((8, 128), dtype=bool)
    roll[:4, 60] = True

    assert pypianoroll.metrics.empty_beat_rate(np.ones((8, 128), dtype=bool), 4) == 1
    assert pypianoroll.metrics.empty_beat_rate(np.zeros((8, 128), dtype=bool), 4) == 0


def test_pypianorolls_octaves_are_ten_semitones_wide():
    roll = np.zeros((4, 128), dtype=np.uint8)
    roll[:, [60, 72]] = 1
    assert pypianoroll.metrics.n_pitch_classes_used(roll.copy()) == 2  # C and C

    roll = np.zeros((4, 128), dtype=np.uint8)
    roll[:, [60, 61]] = 1
    assert pypianoroll.metrics.n_pitch_classes_used(roll.copy()) == 1  # C and C sharp


def test_pypianorolls_tonal_distance_fails():
    roll = np.ones((96, 128), dtype=np.uint8)

    with pytest.raises(ValueError, match="matmul"):
        pypianoroll.metrics.tonal_distance(roll, roll, resolution=24)
