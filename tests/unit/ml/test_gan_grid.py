"""Windows of the GAN: classes and sounding rows, phases, random numbers, joining windows."""

import itertools

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from ml.models.gan_dice import Heat, throw
from ml.models.gan_grid import (
    CLASSES,
    HOLD_CLASS,
    REST_CLASS,
    classes_of,
    folded,
    held,
    held_exactly,
    phases,
    sounding_rows,
)
from ml.models.gan_nets import GanConfig
from ml.models.gan_score import (
    EDGE,
    HOP,
    Line,
    first_steps,
    in_register,
    joined,
    melody_of,
    score_of,
    throw_for,
)
from ml.music import Notes, Song, TimeSignature, Track
from ml.techniques import GenerationRefused
from tests.unit.ml.gan_songs import BEAT, melody


def a_line(steps: int, *, pickup: int = 0, bar_steps: int = 16) -> Line:
    position = (np.arange(steps) - pickup) % bar_steps
    return Line(
        np.full(steps, 70), np.arange(steps) % 4 == 0, position, np.full(steps, bar_steps), 0
    )


def a_track(pitches: list[int], *, name: str = "", drums: bool = False, ticks: int = BEAT) -> Track:
    start = np.arange(len(pitches)) * ticks
    notes = Notes.tidy(pitches, start, np.full(len(start), ticks), np.full(len(start), 80))
    return Track(name, 0, drums, notes)


def test_classes_and_sounding_rows_undo_each_other():
    rows = np.array([[5, 5, 5, 7, 7, -1, -1, 7], [-1, -1, 3, 3, 3, 3, 4, 4]])
    strike = np.array([[1, 0, 1, 1, 0, 0, 0, 1], [0, 0, 1, 0, 0, 1, 1, 0]], dtype=bool)

    again, struck = sounding_rows(classes_of(rows, strike))

    assert again.tolist() == rows.tolist()
    assert struck.tolist() == strike.tolist()


def test_a_hold_with_nothing_before_it_is_silent():
    rows, strike = sounding_rows(np.array([HOLD_CLASS, HOLD_CLASS, 4, REST_CLASS, HOLD_CLASS]))

    assert rows.tolist() == [-1, -1, 4, -1, -1]
    assert strike.tolist() == [False, False, True, False, False]


def test_the_two_ways_to_find_what_sounds_agree():
    classes = torch.randint(0, CLASSES, (4, 3, 64), generator=torch.Generator().manual_seed(1))

    slow = held(F.one_hot(classes, CLASSES).float())

    assert torch.equal(slow, held_exactly(classes))


def test_a_sounding_cell_sends_its_gradient_to_the_strike_and_to_the_holds():
    classes = F.one_hot(torch.tensor([[[5, HOLD_CLASS, HOLD_CLASS, 7]]]), CLASSES).float()
    classes.requires_grad_(True)

    held(classes)[0, 0, 2, 5].backward()

    gradient = classes.grad[0, 0]
    assert gradient[0, 5] == 1
    assert gradient[1, HOLD_CLASS] == 1
    assert gradient[2, HOLD_CLASS] == 1
    assert gradient[3].abs().sum() == 0


def test_phases_tell_where_bars_and_beats_begin():
    planes = phases(np.arange(16) % 12, np.full(16, 12), np.arange(16) < 14)

    assert np.flatnonzero(planes[0]).tolist() == [0, 12]
    assert np.flatnonzero(planes[1]).tolist() == [0, 4, 8, 12]
    assert planes[6].all()  # three beats
    assert np.flatnonzero(planes[8]).tolist() == [14, 15]  # after the end


@pytest.mark.parametrize("base", [-20, 0, 36, 90])
def test_folding_keeps_the_note_names_and_stays_in_the_window(base):
    pitch = np.arange(128)

    rows = folded(pitch, base)

    assert rows.min() >= 0
    assert rows.max() < 48
    assert ((rows + base - pitch) % 12 == 0).all()


@pytest.mark.parametrize("style", ["chorale", "madrigal", "quartet", "arcade"])
def test_the_register_keeps_the_note_names(style):
    moved = [in_register(base, style) for base in range(-40, 100)]

    assert all((a - b) % 12 == 0 for a, b in zip(moved, range(-40, 100), strict=True))
    assert 19 <= min(moved) <= max(moved) <= 48


@pytest.mark.parametrize("steps", [1, 30, 64, 65, 96, 97, 700])
@pytest.mark.parametrize("pickup", [0, 4, 12])
def test_windows_cover_every_step_and_overlap_where_they_meet(steps, pickup):
    first = first_steps(a_line(steps, pickup=pickup))

    assert first[0] == 0
    assert first[-1] + 64 >= steps
    assert all(0 < b - a <= HOP for a, b in itertools.pairwise(first))


def test_windows_after_a_pickup_begin_with_a_bar():
    line = a_line(300, pickup=4)

    assert [int(line.position[f]) for f in first_steps(line)[1:]] == [0] * (
        len(first_steps(line)) - 1
    )


@pytest.mark.parametrize("pickup", [0, 4])
def test_joining_windows_of_their_own_step_numbers_gives_the_steps_in_order(pickup):
    score = score_of(a_line(300, pickup=pickup), "chorale")
    steps = torch.stack([torch.arange(f, f + 64) for f in score.first])

    assert joined(steps[:, None], score)[0].tolist() == list(range(300))


def test_where_two_windows_meet_each_has_heard_a_bar_on_both_sides():
    score = score_of(a_line(300), "chorale")
    numbered = torch.arange(len(score.first))[:, None].expand(-1, 64)

    turns = np.flatnonzero(np.diff(joined(numbered, score).numpy())) + 1

    assert turns.tolist() == [f + EDGE for f in score.first[1:]]


def test_two_windows_share_the_random_numbers_of_a_place_they_share():
    score = score_of(a_line(300), "chorale")

    dice = throw_for(score, GanConfig(), torch.Generator().manual_seed(5))

    assert torch.equal(dice.z[0, :, 4:], dice.z[1, :, :4])
    assert torch.equal(dice.classes[0, :, 32:], dice.classes[1, :, :32])
    assert torch.equal(dice.drums[0, :, 32:], dice.drums[1, :, :32])


def test_gumbel_noise_draws_from_the_softmax():
    logits = torch.tensor([0.0, 1.0, 2.0])
    dice = throw(4, 1000, torch.Generator().manual_seed(0))
    noise = dice.classes[:, 0, :, :3].reshape(-1, 3)

    counts = torch.bincount((logits + noise).argmax(dim=1), minlength=3).double()

    assert torch.allclose(counts / counts.sum(), logits.double().softmax(0), atol=0.01)


def test_heat_of_one_changes_nothing():
    logits = torch.randn(5, CLASSES, generator=torch.Generator().manual_seed(0))

    heated = Heat(1.0, 1.0, 1.0).on(logits, 0)

    assert torch.allclose(heated, logits.log_softmax(dim=-1), atol=1e-5)


def test_cool_pitches_leave_how_often_a_note_begins_as_it_is():
    logits = torch.randn(5, CLASSES, generator=torch.Generator().manual_seed(0))
    before = logits.softmax(dim=-1)

    after = Heat(pitch=0.5).on(logits, 1).softmax(dim=-1)

    assert torch.allclose(after[:, REST_CLASS:], before[:, REST_CLASS:], atol=1e-5)
    assert (after[:, :REST_CLASS].amax(dim=1) > before[:, :REST_CLASS].amax(dim=1)).all()


def test_a_cool_rhythm_leaves_the_choice_among_pitches_as_it_is():
    logits = torch.randn(5, CLASSES, generator=torch.Generator().manual_seed(0))

    after = Heat(rhythm=0.5).on(logits, 1)[:, :REST_CLASS].softmax(dim=-1)

    assert torch.allclose(after, logits[:, :REST_CLASS].softmax(dim=-1), atol=1e-5)


def test_the_melody_is_the_track_whose_name_says_so():
    song = Song((a_track([80] * 8, name="Flute"), a_track([60, 62] * 4, name="Lead vocal")))

    assert melody_of(song).track == 1


def test_without_a_name_the_melody_is_the_highest_busy_track():
    song = Song((a_track([50] * 16), a_track([70] * 16), a_track([100])))

    line = melody_of(song)

    assert line.track == 1
    assert set(line.pitch.tolist()) == {70}


def test_the_melody_of_chords_is_their_top():
    start = np.repeat(np.arange(4) * BEAT, 3)
    notes = Notes.tidy([60, 64, 67] * 4, start, np.full(12, BEAT), np.full(12, 80))

    line = melody_of(Song((Track("Piano", 0, is_drum=False, notes=notes),)))

    assert set(line.pitch.tolist()) == {67}


@pytest.mark.parametrize("song", [Song(()), Song((a_track([36] * 8, drums=True),))])
def test_a_song_without_pitched_notes_has_no_melody(song):
    with pytest.raises(GenerationRefused) as refused:
        melody_of(song)

    assert refused.value.code == "no_melody"


def test_a_melody_of_days_is_refused():
    with pytest.raises(GenerationRefused) as refused:
        melody_of(Song((a_track([60, 62], ticks=9_000_000),)))

    assert refused.value.code == "too_long"


def test_the_metre_of_the_song_reaches_the_windows():
    song = melody(meter=(3, 4))
    assert song.time_signatures == (TimeSignature(0, 3, 4),)

    score = score_of(melody_of(song), "chorale")

    assert np.flatnonzero(score.windows.phase[0, 0].numpy()).tolist() == [0, 12, 24, 36, 48, 60]
