"""What editor and extender play to the same held-out music while they learn."""

import json
from pathlib import Path

import torch

from ml.models.ar_cnn_net import TINY as TINY_EDITOR
from ml.models.ar_cnn_net import ArCnn
from ml.models.transformer_net import TINY, Transformer
from ml.training.samples import Samples
from ml.training.song_samples import extended, given, harmonized, shown_pieces
from tests.unit.ml.gan_songs import grid_piece

PIECES = [grid_piece(f"{n}", seed=n, steps=96) for n in range(5)]


def test_the_first_pieces_that_are_long_enough_are_shown():
    short = grid_piece("short", steps=40)

    assert [p.name for p in shown_pieces([short, *PIECES])] == ["0", "1", "2"]
    assert shown_pieces([short]) == []


def test_an_editor_adds_other_voices_to_each_melody_and_draws_from_nobody_else_s_chance():
    torch.manual_seed(0)
    network = ArCnn(TINY_EDITOR).eval()
    melodies = given(PIECES[:2], steps=64, voices=1)
    before = torch.get_rng_state()

    one, again = harmonized(network, melodies), harmonized(network, melodies)

    assert torch.equal(before, torch.get_rng_state())
    assert one == again
    assert all({row[0] for row in melody} == {0} for melody in melodies)
    assert all(rows and {row[0] for row in rows} <= {1, 2, 3} for rows in one)


def test_an_extender_writes_the_next_two_bars():
    torch.manual_seed(0)
    network = Transformer(TINY).eval()
    openings = given(PIECES[:2], steps=32, voices=4)

    found = extended(network, openings, "chorale")

    assert len(found) == 2
    assert all(first + steps <= 32 for rows in openings for _, first, steps, _ in rows)
    assert all(rows and all(32 <= row[1] < 64 for row in rows) for rows in found)
    assert extended(network, [], "chorale") == []


def test_samples_are_kept_in_a_file_and_go_on_in_another(tmp_path: Path):
    samples = Samples(tmp_path / "a.json")
    first = samples.add(0, [[[0, 0, 4, 60]]], [[[1, 0, 4, 55]]])
    second = samples.add(50, [[[0, 0, 4, 60]]], [[[1, 0, 4, 57]]])
    other = Samples(tmp_path / "b.json")

    other.restore(json.loads((tmp_path / "a.json").read_text()))

    assert set(first) == {"steps_per_beat", "melodies", "iteration", "windows"}
    assert set(second) == {"iteration", "windows"}
    assert other.has(50)
    assert not other.has(0)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
