"""Every metric on music small enough to work out on paper."""

import math

import numpy as np
import pytest

from ml.metrics import fit, grammar, harmony, melody, rhythm, structure
from ml.metrics.common import common_metrics
from ml.metrics.material import prepare
from ml.metrics.plan import GROUPS, PLANS
from ml.metrics.raw import PLAIN
from ml.music import Notes, Song, TimeSignature, Track

BEAT = 480


def voice(*notes: tuple[int, float, float], drum: bool = False) -> Track:
    """Return a track of (pitch, start, duration) in beats."""
    columns = [[n[i] for n in notes] for i in range(3)]
    start, duration = ([round(x * BEAT) for x in c] for c in columns[1:])
    return Track("", 0, drum, Notes.tidy(columns[0], start, duration, [80] * len(notes)))


def quarters(*pitches: int) -> Track:
    return voice(*[(pitch, beat, 1) for beat, pitch in enumerate(pitches)])


def material(*tracks: Track, meter: tuple[int, int] = (4, 4)):
    return prepare(Song(tracks, time_signatures=(TimeSignature(0, *meter),)))


C_MAJOR = voice((60, 0, 1), (64, 0, 1), (67, 0, 1))
CLUSTER = voice((60, 0, 1), (61, 0, 1), (62, 0, 1))

HAND_WORKED = [
    (harmony.pitch_class_entropy, [quarters(60, 72, 62, 64)], 1.5),  # C half, D and E a quarter
    (harmony.pitch_class_entropy, [voice((60, 0, 15), (61, 15, 1))], 0.3373),  # over time
    (harmony.scale_consistency, [quarters(60, 62, 64, 66)], 1.0),  # G major
    (harmony.scale_consistency, [quarters(69, 71, 72, 74, 76, 77, 80)], 1.0),  # A harmonic minor
    (harmony.scale_consistency, [quarters(*range(60, 72))], 7 / 12),
    (harmony.dissonance, [C_MAJOR], 0.0),
    (harmony.dissonance, [CLUSTER], 1.0),
    (harmony.dissonance, [voice((60, 0, 1), (66, 0, 1), (72, 0, 1))], 1.0),  # octaves add no pair
    (harmony.dissonance, [voice((55, 0, 1), (59, 0, 1), (62, 0, 1), (65, 0, 1))], 2 / 6),  # V7
    (harmony.dissonance, [quarters(60, 61)], 0.0),  # never together
    (harmony.triad_cover, [C_MAJOR], 1.0),
    (harmony.triad_cover, [voice((60, 0, 2), (64, 0, 2), (62, 1, 1))], 0.5),
    (melody.step_share, [quarters(60, 62, 67, 67)], 2 / 3),
    (melody.leap_share, [quarters(60, 67, 75)], 1 / 2),
    (melody.line_range, [quarters(60, 72), quarters(40, 44)], 8.0),
    (melody.pitch_entropy, [quarters(60, 72)], 1.0),
    (rhythm.groove, [quarters(*[60] * 8)], 1.0),
    (rhythm.groove, [voice((60, 0, 1), (60, 1, 1), (60, 4, 1))], 15 / 16),
    (rhythm.distinct_patterns, [quarters(*[60] * 16)], 1 / 4),
    (rhythm.off_beat_share, [voice((60, 0, 0.5), (60, 0.5, 0.5))], 1 / 2),
    (rhythm.off_beat_share, [voice(*[(60, k / 3, 1 / 3) for k in range(3)])], 2 / 3),  # triplets
    (rhythm.onsets_per_beat, [voice((60, 0, 0.5), (62, 0.5, 0.5), (64, 1, 1))], 1.5),
    (structure.bar_repetition, [quarters(*[60, 62, 64, 65] * 4)], 3 / 4),
    (structure.bar_repetition, [quarters(60, 62, 64, 65, 60, 62, 64, 67)], 0.0),
    (structure.late_novelty, [quarters(*[60, 62, 64, 65] * 2)], 0.0),
    (structure.late_novelty, [quarters(*range(60, 68))], 1.0),
    (structure.distinct_bars, [quarters(*range(60, 76))], 2.0),
    (structure.bar_similarity, [quarters(*[60] * 8)], 1.0),
    (structure.bar_similarity, [quarters(*[60] * 4, *[61] * 4)], 0.0),
    (structure.motif_repetition, [quarters(*[60, 62, 64, 60, 67, 65, 64] * 2)], 2 / 8),
    (structure.polyphony, [voice((60, 0, 2), (64, 1, 1))], 1.5),
    (structure.polyphony_rate, [voice((60, 0, 2), (64, 1, 1))], 0.5),
    (structure.empty_beats, [voice((60, 0, 1), (60, 3, 1))], 0.5),
    (fit.voice_fit, [quarters(60, 62, 64)], 0.0),
]


@pytest.mark.parametrize(
    ("metric", "tracks", "value"),
    HAND_WORKED,
    ids=[f"{m.__name__}-{i}" for i, (m, _, _) in enumerate(HAND_WORKED)],
)
def test_agrees_with_the_value_worked_by_hand(metric, tracks, value):
    assert metric(material(*tracks)) == pytest.approx(value, abs=1e-4)


def test_every_plain_metric_is_worked_by_hand():
    assert {metric.__name__ for metric, _, _ in HAND_WORKED} >= {m.__name__ for m in PLAIN.values()}


def test_voices_that_agree_only_in_place_fit():
    bass = [48, 53, 55, 50, 57, 52, 59, 48, 53, 50, 55, 57]
    third_above = [pitch + 16 for pitch in bass]

    assert fit.voice_fit(material(quarters(*bass), quarters(*third_above))) == pytest.approx(1.0)


def test_bars_follow_the_meter():
    waltz = quarters(*[60, 64, 67] * 4)

    assert structure.bar_repetition(material(waltz, meter=(3, 4))) == 3 / 4
    assert structure.bar_repetition(material(waltz, meter=(4, 4))) == 0


def test_a_quiet_track_does_not_count():
    loud = voice(*[(60, beat, 1) for beat in range(60)])
    hidden = Track("", 0, False, Notes.tidy([61, 66], [0, 9], [9, 9], [1, 1]))

    assert structure.polyphony(material(loud, hidden)) == 1.0


def test_surprise_is_low_for_what_the_tables_have_seen():
    seen = grammar.tokens(material(quarters(*[60, 62, 64, 62] * 8)))
    other = grammar.tokens(material(quarters(*[60, 71, 49, 66] * 8)))
    kinds = grammar.chord_kinds(seen.chords)
    counts = {
        name: np.bincount(cells, minlength=math.prod(grammar.SIZES[name])).astype(float)
        for name, cells in seen.cells(kinds).items()
    }

    tables = grammar.tables_from(counts, kinds)

    assert (
        tables.measure(seen)["interval_surprise"] < 1 < tables.measure(other)["interval_surprise"]
    )
    assert tables.measure(seen)["interval_profile"] == pytest.approx(0)
    assert tables.measure(other)["interval_profile"] == pytest.approx(1)


@pytest.mark.parametrize("name", grammar.SURPRISES)
def test_probabilities_sum_to_one_in_every_context(name):
    rng = np.random.default_rng(0)
    counts = {n: rng.poisson(0.1, math.prod(s)).astype(float) for n, s in grammar.SIZES.items()}

    tables = grammar.tables_from(counts, np.zeros(grammar.N_CHORDS, dtype=np.int64))

    probability = 2.0 ** -tables.bits[name].astype(float).reshape(grammar.SIZES[name])
    assert probability.sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_the_plan_adds_up():
    assert sum(GROUPS.values()) == pytest.approx(1)
    assert {plan.group for plan in PLANS.values()} == set(GROUPS)
    assert all(0 < plan.narrowest <= plan.widest for plan in PLANS.values())


def test_common_metrics_by_hand():
    values = common_metrics(Song((voice((60, 0, 1), (64, 0, 1), (67, 0, 1), (72, 3, 1)),)))

    assert values == pytest.approx(
        {
            "pitch_entropy": 2.0,
            "pitch_class_entropy": 1.5,
            "scale_consistency": 1.0,
            "polyphony": 2.0,
            "polyphony_rate": 1 / 4,
            "empty_beat_rate": 1 / 2,
            "groove_consistency": 1.0,
        }
    )
