"""The recordings of the lessons: what the recorder computes, and what lies in the repository."""

import json

import numpy as np
import pytest
import torch

from ml.__main__ import main
from ml.data.grids import GridPiece
from ml.lessons import FOLDER, recording, song_of_rows, train_critic
from ml.lessons.attending import _attention_of
from ml.lessons.critic import critic, phases, planes_of
from ml.lessons.judge import HIDDEN, ROWS, STEPS, judge
from ml.lessons.record import attention, next_note
from ml.lessons.train_critic import WindowCritic, _batch_of, restore
from ml.lessons.train_judge import FAKES, _in_c
from ml.models import gan_grid
from ml.models.transformer_net import TINY, Transformer, rotary_angles

TWINKLE = "Twinkle, Twinkle, Little Star"


@pytest.fixture
def network():
    torch.manual_seed(3)
    found = Transformer(TINY)
    for block in found.blocks:
        torch.nn.init.normal_(block.out.weight)
    return found


def test_the_recorded_attention_is_what_the_block_mixes_by(network):
    block, x = network.blocks[0], torch.randn(1, 12, TINY.width)
    later = torch.triu(torch.ones(12, 12), diagonal=1)[None, None] * -1e4
    angles = rotary_angles(TINY, torch.arange(12))

    shares = _attention_of(network, block, x)

    values = block.qkv(x).chunk(3, dim=-1)[2].view(1, 12, TINY.n_heads, -1).transpose(1, 2)
    mixed = (shares @ values).transpose(1, 2).reshape(1, 12, TINY.width)
    torch.testing.assert_close(block.out(mixed), block._attend(x, angles, later, None))


def test_attention_is_recorded_for_every_layer_head_and_beat(network):
    found = attention(network, TWINKLE)

    assert len(found["weights"]) == TINY.n_layers
    assert len(found["weights"][0]) == TINY.n_heads
    rows = found["weights"][1][0]
    assert [len(row) for row in rows] == list(range(1, 33))
    assert all(abs(sum(row) - 1000) < 20 for row in rows)


def test_a_next_note_has_a_logit_for_a_rest_and_88_pitches(network):
    found = next_note(network, TWINKLE, 28, "somewhere")

    assert len(found["logits"]) == len(found["pitches"]) == 89
    assert found["pitches"][0] is None
    assert found["came"] == 67


def test_bars_are_moved_to_c_and_into_one_octave():
    eighths = np.array([62, 62, 66, 66, 69, 69, 74, 74])  # D major, one octave

    bar = _in_c(eighths, 2)

    assert bar.argmax(axis=1).tolist() == [0, 0, 4, 4, 7, 7, 12, 12]
    assert _in_c(np.array([60, 80, 60, 60, 60, 60, 60, 60]), 0) is None
    assert _in_c(np.array([-1, 60, 60, 60, 60, 60, 60, 60]), 0) is None


@pytest.mark.parametrize("name", FAKES)
def test_a_fake_is_a_bar_and_mostly_another_one(name):
    dice = np.random.default_rng(0)
    real = np.eye(ROWS, dtype=bool)[[0, 2, 4, 5, 7, 9, 11, 12]]

    fakes = [FAKES[name](real, dice) for _ in range(20)]

    assert all(fake.shape == (STEPS, ROWS) for fake in fakes)
    assert sum((fake != real).any() for fake in fakes) > 15


def test_the_recordings_are_whole():
    names = {path.stem for path in FOLDER.glob("*.json")}

    assert names == {"attention", "bach", "critic", "edit_run", "judge", "next_notes"}
    assert song_of_rows(recording("bach")["rows"]).n_bars == 8
    assert len(song_of_rows(recording("bach")["rows"]).tracks) == 4
    assert judge().into.shape == (STEPS * ROWS, HIDDEN)


def test_the_accuracies_that_the_lesson_prints_are_those_of_the_judge():
    shares = recording("judge")["accuracy"]

    printed = {name: round(100 * share) for name, share in shares.items()}

    assert printed == {
        "real": 91, "random_line": 98, "blots": 100, "out_of_key": 77, "shuffled": 29
    }  # fmt: skip


def test_what_the_lesson_prints_of_the_critic_is_what_its_card_says():
    held_out = critic().card["held_out"]

    assert [round(100 * held_out[name]["same_melody"]) for name in (
        "generated", "moved_5", "moved_20", "two_beats_late", "silence"
    )] == [69, 83, 97, 100, 63]  # fmt: skip
    assert round(100 * held_out["generated"]["auc"]) == 58
    assert critic().card["steps"] == 1000


def test_the_critic_without_torch_scores_as_the_trained_network_does():
    window = critic().card["window"]
    network = WindowCritic()
    restore(network, critic().weights)

    for rows in (window["bach"], [row for row in window["bach"] if row[0] != 2]):
        planes = torch.from_numpy(planes_of(rows, window["base"]))[None]
        there = network(_batch_of(rows, window["base"]).given, planes[:, 2:])
        assert critic().score(rows, window["base"]) == pytest.approx(there.item(), abs=1e-4)


def test_what_each_step_is_to_the_metre_is_told_as_the_gan_reads_it():
    steps, all_music = np.arange(64), np.ones(64, dtype=bool)

    theirs = gan_grid.phases(steps % 16, np.full(64, 16), all_music)

    np.testing.assert_allclose(phases(), theirs, atol=1e-6)


def test_notes_outside_the_critics_rows_are_moved_by_octaves():
    planes = planes_of([[0, 0, 1, 40 - 1], [1, 0, 1, 40 + 48]], 40)

    assert planes[0, 0].argmax() == 11
    assert planes[4, 0].argmax() == 36


def test_a_critic_can_be_trained_and_measured(monkeypatch):
    monkeypatch.setattr(train_critic, "pieces", lambda *_a, **_k: [_piece(n) for n in range(3)])
    monkeypatch.setattr(train_critic, "POOL", 2)
    monkeypatch.setattr(train_critic, "N_HELD_OUT", 8)

    weights, card = train_critic.train(steps=2)

    assert {name: value.shape for name, value in weights.items()} == {
        name: value.shape for name, value in critic().weights.items()
    }
    assert card["held_out"]["windows"] == 8
    assert 0 <= card["held_out"]["silence"]["auc"] <= 1
    assert len(card["window"]["generated"]) == 3


def _piece(seed: int) -> GridPiece:
    dice, n = np.random.default_rng(seed), 128
    pitch = np.repeat(60 - 5 * np.arange(4) + dice.integers(-2, 3, (n // 4, 4)), 4, axis=0)
    steps = np.arange(n)
    return GridPiece(
        name=f"piece {seed}", style="chorale", pitch=pitch.astype(np.int8),
        strike=np.tile(steps[:, None] % 4 == 0, (1, 4)), position=(steps % 16).astype(np.uint8),
        bar_steps=np.full(n, 16, dtype=np.uint8), drums=np.zeros((0, 9), dtype=bool),
        qpm=100.0, fifths=0,
    )  # fmt: skip


def test_without_prepared_music_the_command_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    status = main(["lessons", "--out", str(tmp_path / "out")])

    assert status == 1
    assert "python -m ml data" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_figures_that_the_lessons_print_are_those_of_the_cards():
    cards = {n: json.loads((FOLDER.parents[1] / f"weights/{n}.json").read_text())
             for n in ("gan_unet", "ar_cnn", "transformer")}  # fmt: skip

    numbers = {name: card["parameters"] for name, card in cards.items()}

    assert numbers == {"gan_unet": 5_242_769, "ar_cnn": 4_573_445, "transformer": 4_856_308}
    minutes = {name: card["trained"]["minutes"] for name, card in cards.items()}
    assert minutes == {"gan_unet": 57.6, "ar_cnn": 75.3, "transformer": 28.0}
