"""The recordings of the lessons: what the recorder computes, and what lies in the repository."""

import json

import numpy as np
import pytest
import torch

from ml.__main__ import main
from ml.lessons import FOLDER, recording, song_of_rows
from ml.lessons.attending import _attention_of
from ml.lessons.judge import HIDDEN, ROWS, STEPS, judge
from ml.lessons.record import attention, next_note
from ml.lessons.train_judge import FAKES, _in_c
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

    assert names == {"attention", "bach", "edit_run", "judge", "next_notes"}
    assert song_of_rows(recording("bach")["rows"]).n_bars == 8
    assert len(song_of_rows(recording("bach")["rows"]).tracks) == 4
    assert judge().into.shape == (STEPS * ROWS, HIDDEN)


def test_the_accuracies_that_the_lesson_prints_are_those_of_the_judge():
    shares = recording("judge")["accuracy"]

    printed = {name: round(100 * share) for name, share in shares.items()}

    assert printed == {
        "real": 91, "random_line": 98, "blots": 100, "out_of_key": 77, "shuffled": 29
    }  # fmt: skip


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
