"""What live parts compute, beside their pages."""

import math
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from learning import live
from learning.live import (
    attention,
    critic,
    descent,
    faults,
    noise,
    policy,
    sampling,
    shuffle,
    weigh,
)
from learning.live.attention import weights_of
from learning.live.bars import song_of
from learning.live.edits import run
from learning.live.tunes import bach, tunes
from ml.lessons import recording
from ml.lessons.judge import ROWS, STEPS, judge
from ml.techniques import replay


@pytest.mark.parametrize("name", live.PARTS)
def test_values_out_of_range_and_nonsense_are_taken_for_something_valid(name):
    controls = live.show(name, {}, {}).controls
    for value in ("nonsense", "1e999", "-5", "nan", ""):
        part = live.show(name, {control.name: [value] for control in controls}, {})
        assert part.pieces


def test_cells_side_by_side_are_one_note_and_pitches_go_upward():
    bar = np.zeros((STEPS, ROWS), dtype=bool)
    bar[0:2, 4] = bar[3, 4] = bar[0, 0] = True

    notes = song_of(bar).tracks[0].notes

    assert notes.pitch.tolist() == [60, 64, 64]
    assert (notes.duration / 240).tolist() == [1, 2, 1]


def test_the_judge_finds_a_known_tune_more_real_than_random_notes():
    tune, wild = np.zeros((STEPS, ROWS), dtype=bool), np.zeros((STEPS, ROWS), dtype=bool)
    tune[np.arange(8), [4, 4, 5, 7, 7, 5, 4, 2]] = True
    wild[np.arange(8), [1, 10, 3, 12, 0, 8, 6, 11]] = True

    assert judge().verdict(tune) > 0.7
    assert judge().verdict(wild) < 0.2
    assert judge().loss(tune, real=True) == pytest.approx(-math.log(judge().verdict(tune)))


def test_a_higher_temperature_evens_out_and_a_nucleus_keeps_the_likeliest():
    asked_for = recording("next_notes")[0]

    cold = sampling.shared(asked_for, "random", 1.0, 0.5)
    hot = sampling.shared(asked_for, "random", 1.0, 2.0)
    cut = sampling.shared(asked_for, "nucleus", 0.5, 1.0)

    assert cold[0].share > hot[0].share
    assert sum(c.share for c in hot) == pytest.approx(1)
    kept = [c for c in cut if c.kept]
    assert sum(c.share for c in kept) >= 0.5 > sum(c.share for c in kept[:-1])
    assert set(sampling.draws(cut, 3)) <= {c.pitch for c in kept}


def test_attention_sums_to_one_and_never_looks_ahead():
    weights = weights_of(recording("attention")[0], 2, "all", 9)

    assert len(weights) == 10
    assert sum(weights) == pytest.approx(1)


def test_the_recorded_edits_can_be_replayed_to_the_end():
    song, events = run()

    after = replay(song, events)

    added = sum(event.kind == "add" for event in events)
    removed = sum(event.kind == "remove" for event in events)
    assert after.n_notes == song.n_notes + added - removed


def test_nothing_is_spoiled_where_nothing_is_taken_or_added():
    target = np.eye(12, dtype=bool)

    assert (noise.spoil(target, 0.0, 0.0, 1) == target).all()
    assert not noise.spoil(target, 1.0, 0.0, 1).any()


def test_shuffled_pitches_move_friction_and_leave_the_key_alone():
    rows = shuffle.compared(bach(), shuffle.disturbed(bach(), "pitches", 1.0))
    left = {row[0]: row[-1] for row in rows}

    assert left["Friction"] == left["Voices that fit"] == left["Steps"] == "yes"
    assert left["Staying in key"] == left["Activity"] == "no"


def test_bach_undisturbed_leaves_no_band():
    rows = shuffle.compared(bach(), shuffle.disturbed(bach(), "off_key", 0.0))

    assert not [row for row in rows if row[-1] == "yes"]


def test_the_published_metric_cannot_tell_bach_from_silence_and_the_right_one_can():
    rolls = faults.materials(1)

    published = [faults.published(roll) for roll in rolls.values()]
    corrected = {name: faults.corrected(roll) for name, roll in rolls.items()}

    assert max(published) - min(published) < 0.02
    assert faults.published(rolls["Silence"]) == pytest.approx(7 / 12)
    assert corrected["Bach"] > 0.95 > 0.7 > corrected["Random notes"]


def test_a_geometric_mean_is_below_the_average_and_equal_marks_are_themselves():
    assert weigh.geometric(dict.fromkeys(weigh.GROUPS, 60)) == pytest.approx(60)
    assert weigh.geometric(weigh.START) < 80


def test_small_rates_go_down_and_large_ones_explode():
    song = tunes()["ode-to-joy"][1]

    slow, _, _ = descent.descend(song, 0.1, 20)
    wild, _, _ = descent.descend(song, 1.05, 20)

    assert all(b < a for a, b in pairwise(slow))
    assert wild[-1] > wild[0]


def test_an_agent_wins_points_and_a_price_keeps_it_from_moving():
    greedy = policy.learn(0.0, 20, 1, 0.0)
    shy = policy.learn(0.0, 20, 1, 100.0)

    assert policy.quality(greedy.melody) > policy.quality(policy.melody()) + 20
    assert sum(a != b for a, b in zip(shy.melody, policy.melody(), strict=True)) < 5


def test_a_reward_is_the_change_of_the_metric():
    before = policy.melody()

    after, reward = policy.act(before, 1, 1)

    assert after[1] == before[1] + 1
    assert reward == pytest.approx(policy.quality(after) - policy.quality(before))


def test_live_parts_load_no_model_library():
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'\n"
        "import django; django.setup()\n"
        "from learning import live\n"
        "for name in live.PARTS: live.show(name, {}, {})\n"
        "heavy = {'torch', 'muspy', 'music21', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_a_bar_of_one_voice_is_changed_and_the_rest_stays():
    rows = critic.started("bach")

    changed = critic.with_line(rows, 3, 1, [48, 48, None, 50, 52, 52, 52, 52])

    assert critic.line_of(changed, 3, 1) == [48, 48, None, 50, 52, 52, 52, 52]
    assert critic.line_of(changed, 3, 0) == critic.line_of(rows, 3, 0)
    assert [row for row in changed if row[0] != 3] == [row for row in rows if row[0] != 3]
    bass = [row[1:3] for row in changed if row[0] == 3 and 16 <= row[1] < 32]
    assert bass == [[16, 4], [22, 2], [24, 8]]


def test_bach_unchanged_scores_as_bach_and_a_spoiled_bar_scores_less():
    as_it_was = live.show("critic", {}, {}).pieces[0].text
    leaps = live.show("critic", {"change": ["leap"], "bar": ["2"]}, {}).pieces[0].text
    scores = critic.others()

    assert "These are Bach's own notes" in as_it_was
    assert "less real than Bach" in leaps
    assert scores["Bach's"] > scores["Bach's, two beats late"]


def test_cells_painted_for_another_bar_are_not_taken_for_this_one():
    sent = {"voice": ["3"], "bar": ["2"], "painted": ["v3b1bach"], "v3b1bach": ["0-70"]}

    assert "These are Bach's own notes" in live.show("critic", sent, {}).pieces[0].text
    assert "These are" not in live.show("critic", sent | {"bar": ["1"]}, {}).pieces[0].text


def test_a_late_accompaniment_wraps_round_and_keeps_its_length():
    late = critic.started("late")

    total = sum(row[2] for row in critic.started("bach") if row[0])
    assert sum(row[2] for row in late if row[0]) == total
    assert max(row[1] + row[2] for row in late) <= 64


@pytest.mark.parametrize("beats", [2, 8, 32])
def test_a_short_tune_is_drawn_as_large_as_a_long_one(beats):
    run = {"steps": 4 * beats}

    assert beats * attention.beat_width(run) <= attention.WIDTH
    assert attention.beat_width(run) <= 60
