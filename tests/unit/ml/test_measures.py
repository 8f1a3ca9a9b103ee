"""The measures of generated music, checked by hand and against Bach's own figures."""

import numpy as np
import pytest

from ml.data.prepare import read_sided, without_shared
from ml.evaluation.measures import (
    Parallels,
    cell_difference,
    copy_index,
    copy_rate,
    dissonant_share,
    drum_pattern_rate,
    empty_bar_rate,
    held_share,
    overlaps,
    parallels,
    pitch_classes_per_bar,
    share_of_notes_at_least,
    tonal_distance,
)
from ml.music import read_canonical
from ml.music.voices import voices_of

_ = -1  # a rest


def grid(*rows):
    return np.array(rows, dtype=np.int8)


def column(*pitches):
    return np.array(pitches, dtype=np.int8)[:, None]


def moved(pitch, semitones):
    return np.where(pitch == _, _, pitch + semitones)


@pytest.fixture(scope="module")
def bach(chorales):
    return [voices_of(song).pitch for song in chorales]


class TestParallels:
    @pytest.mark.parametrize(
        ("before", "after", "fifths", "octaves"),
        [
            ((67, 60), (69, 62), 1, 0),
            ((67, 60), (65, 58), 1, 0),
            ((72, 60), (74, 62), 0, 1),
            ((60, 60), (62, 62), 0, 1),
            ((79, 60), (81, 62), 1, 0),  # a twelfth
            ((60, 67), (62, 69), 1, 0),  # voices that cross
            ((67, 60), (69, 64), 0, 0),  # a fifth to a fourth
            ((67, 60), (60, 65), 0, 0),  # a fifth, then the fourth that crosses it
            ((67, 60), (55, 72), 0, 0),  # apart: contrary motion
        ],
    )
    def test_counts_two_voices_that_move_together(self, before, after, fifths, octaves):
        assert parallels(grid(before, after)) == Parallels(fifths, octaves, 1)

    @pytest.mark.parametrize("rows", [[(67, 60), (67, 62)], [(67, 60), (67, 60)],
                                      [(67, _), (69, 62)], [(67, 60), (_, 62)]])  # fmt: skip
    def test_needs_two_voices_that_sound_and_move(self, rows):
        assert parallels(grid(*rows)).moving_pairs == 0

    def test_pools_grids_without_looking_across_their_border(self):
        one, other = grid((67, 60), (67, 60)), grid((69, 62), (69, 62))

        assert parallels([one, other]) == Parallels(0, 0, 0)
        assert parallels(np.concatenate([one, other])) == Parallels(1, 0, 1)

    def test_is_stated_per_thousand_moving_pairs(self):
        found = Parallels(1, 2, 500) + Parallels(0, 1, 500)

        assert (found.fifths_per_thousand, found.octaves_per_thousand) == (1, 3)
        assert found.per_thousand == 4
        assert Parallels(0, 0, 0).per_thousand == 0

    def test_is_rare_in_bach(self, bach):
        assert parallels(bach).per_thousand < 3


class TestDissonantShare:
    @pytest.mark.parametrize("semitones", range(25))
    def test_knows_the_dissonant_intervals_in_any_octave(self, semitones):
        expected = float(semitones % 12 in {1, 2, 6, 10, 11})

        assert dissonant_share(grid((60 + semitones, 60))) == expected
        assert dissonant_share(grid((60, 60 + semitones))) == expected

    def test_counts_pairs_of_sounding_voices(self):
        assert dissonant_share(grid((67, 65, _, 60))) == pytest.approx(1 / 3)

    def test_is_zero_without_a_pair(self):
        assert dissonant_share(grid((60, _), (_, 60))) == 0

    def test_is_a_tenth_in_bach_and_a_third_in_random_notes(self, bach):
        noise = np.random.default_rng(1).integers(40, 80, size=(2000, 4))

        assert 0.06 < dissonant_share(bach) < 0.15
        assert 0.36 < dissonant_share(noise) < 0.48  # 5 of 12 intervals


class TestHeldShare:
    def test_counts_cells_equal_to_the_one_before(self):
        assert held_share(grid((60, 55), (60, 57), (62, 57), (62, _))) == 0.5

    def test_is_zero_for_a_single_step(self):
        assert held_share(grid((60, 55))) == 0

    def test_is_three_quarters_in_bach(self, bach):
        assert 0.7 < held_share(bach) < 0.85


class TestCellDifference:
    def test_is_the_mean_over_pairs_of_samples(self):
        samples = [column(60, 62), column(60, 62), column(60, 64)]

        assert cell_difference(samples) == pytest.approx((0 + 0.5 + 0.5) / 3)

    def test_is_zero_when_the_model_has_collapsed(self):
        assert cell_difference([column(60, 62)] * 5) == 0


class TestMuseGan:
    def test_empty_bars_are_the_silent_ones(self):
        bars = np.full((64, 2), _)
        bars[20, 0] = 60  # one step in the second of four bars

        assert empty_bar_rate(bars).tolist() == [0.75, 1.0]

    def test_pitch_classes_are_counted_modulo_twelve(self):
        octaves = column(*[48, 60, 72, 84] * 4)
        chromatic = column(*[60, 61, 62, 63] * 4)

        assert pitch_classes_per_bar(octaves).tolist() == [1]
        assert pitch_classes_per_bar(chromatic).tolist() == [4]

    def test_silent_bars_do_not_lower_the_pitch_classes(self):
        bars = np.concatenate([column(*[60, 64] * 8), np.full((16, 1), _)])

        assert pitch_classes_per_bar(bars).tolist() == [2]
        assert np.isnan(pitch_classes_per_bar(np.full((16, 1), _))[0])

    def test_notes_are_long_from_two_steps_on(self):
        melody = column(60, 60, 62, 64, 64, 64, _, _)

        assert share_of_notes_at_least(melody).tolist() == pytest.approx([2 / 3])

    def test_a_note_struck_again_is_two(self):
        melody, strike = column(60, 60, 60, 60), column(1, 0, 0, 1).astype(bool)

        assert share_of_notes_at_least(melody).tolist() == [1]
        assert share_of_notes_at_least(melody, strike).tolist() == [0.5]

    def test_tonal_distance_is_zero_for_the_same_notes_in_another_octave(self):
        assert tonal_distance(column(*[60] * 4), column(*[36] * 4)) == pytest.approx(0)

    def test_tonal_distance_of_a_fifth_is_smaller_than_of_a_tritone(self):
        c, g, f_sharp = (column(*[pitch] * 4) for pitch in (60, 67, 66))

        fifth, tritone = tonal_distance(c, g), tonal_distance(c, f_sharp)

        assert fifth == pytest.approx(np.sqrt(2 - np.sqrt(3) + 2 + 0.75))  # by the three circles
        assert tritone == pytest.approx(np.sqrt(4 + 4))
        assert fifth < tritone

    def test_tonal_distance_leaves_out_beats_with_a_silent_voice(self):
        one, other = column(60, 60, 60, 60, _, _, _, _), column(*[60] * 4, *[66] * 4)

        assert tonal_distance(one, other) == pytest.approx(0)
        assert np.isnan(tonal_distance(np.full((8, 1), _), other))

    def test_tonal_distance_refuses_two_lengths(self):
        with pytest.raises(ValueError, match="lengths"):
            tonal_distance(column(*[60] * 4), column(*[60] * 8))

    def test_drums_in_pattern_lie_on_eighths(self):
        drums = np.zeros((16, 9), dtype=bool)
        drums[[0, 4, 6], 0] = True
        drums[3, 1] = True

        assert drum_pattern_rate(drums) == 0.75
        assert np.isnan(drum_pattern_rate(np.zeros((16, 9), dtype=bool)))

    def test_bach_has_the_figures_that_are_known_of_him(self, bach):
        melody, bass = [g[:, :1] for g in bach], [g[:, 3:] for g in bach]

        assert (empty_bar_rate(bach) < 0.05).all()
        assert pitch_classes_per_bar(bach) == pytest.approx([3.0, 3.1, 3.3, 3.9], abs=0.5)
        assert (share_of_notes_at_least(bach) > 0.85).all()
        assert tonal_distance(melody, bass) == pytest.approx(1.45, abs=0.12)


class TestCopying:
    def test_a_transposed_copy_is_found(self, bach):
        index = copy_index(bach[:4])

        assert copy_rate(moved(bach[0], 3), index) == 1
        assert copy_rate(moved(bach[0][7:], -5), index, bars=2) == 1  # from any step on

    def test_other_music_is_not(self):
        dice = np.random.default_rng(2)
        index = copy_index([dice.integers(48, 72, size=(256, 4))])

        assert copy_rate(dice.integers(48, 72, size=(256, 4)), index) == 0

    def test_another_piece_of_bach_shares_some_bars(self, bach):
        index = copy_index(bach[1:])

        assert copy_rate(bach[0], index) < 0.3
        assert copy_rate(bach[0], index, bars=2) <= copy_rate(bach[0], index)

    def test_one_changed_note_is_no_copy(self, bach):
        index = copy_index(bach)
        piece = bach[0][:16].copy()
        piece[9, 1] += 1

        assert copy_rate(piece, index) == 0

    def test_silence_is_nobodys(self):
        silence = np.full((32, 4), _)

        assert np.isnan(copy_rate(silence, copy_index([silence])))

    def test_a_rest_is_no_note(self):
        held, cut = np.full((16, 4), 60), np.full((16, 4), 60)
        cut[3:, 0] = _

        assert copy_rate(cut, copy_index([held])) == 0

    def test_overlaps_lists_the_most_copied_piece_first(self, bach):
        held_out = {"own": bach[5], "stolen": moved(bach[0], -2)}

        first, second = overlaps(bach[:4], held_out)

        assert (first.name, first.one_bar, first.two_bar) == ("stolen", 1.0, 1.0)
        assert second.two_bar < 0.2


def test_no_held_out_madrigal_is_in_the_training_data_in_another_key(corpus_cache):
    sided, _ = without_shared("madrigal", list(read_sided("madrigal", corpus_cache)))
    train = [p for side, p in sided if side == "train"]
    held_out = {p.name: p.pitch for side, p in sided if side != "train"}

    found = overlaps([p.pitch for p in train], held_out)
    whole = copy_rate(list(held_out.values()), copy_index([p.pitch for p in train]), bars=2)

    assert not {p.name for p in train} & set(held_out)
    assert whole < 0.03
    most = max(o.two_bar for o in found if len(held_out[o.name]) >= 128)
    assert most <= 0.2


def test_a_song_that_is_read_gives_the_same_measures_as_its_file(chorales):
    again = read_canonical(chorales[0].to_midi())

    assert parallels(voices_of(again).pitch) == parallels(voices_of(chorales[0]).pitch)
