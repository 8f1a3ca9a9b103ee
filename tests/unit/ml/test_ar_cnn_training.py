import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file

from ml.data.grids import GridPiece, store
from ml.evaluation.ar_cnn_order import UNTRAINED, algorithm_1
from ml.evaluation.ar_cnn_wrong import auc, break_even, spoil
from ml.models.ar_cnn import edit, load
from ml.models.ar_cnn_net import N_CLASSES, N_VOICES, OUTSIDE, REST, Rolls
from ml.models.ar_cnn_rolls import roll_of
from ml.techniques import EditParameters, ModelUnavailable
from ml.training import ar_cnn
from ml.training import ar_cnn_examples as examples
from ml.training.run import TrainingRefused
from tests.unit.ml.ar_cnn_songs import MELODY, line, song


def a_piece(name="a", steps=96, seed=0) -> GridPiece:
    """Four voices that walk in parallel tenths, a note each beat."""
    dice = np.random.default_rng(seed)
    top = np.repeat(70 + dice.integers(-5, 6, -(-steps // 4)), 4)[:steps]
    pitch = np.stack([top, top - 4, top - 9, top - 16], axis=1).astype(np.int8)
    strike = np.zeros((steps, 4), dtype=bool)
    strike[::4] = True
    position = (np.arange(steps) % 16).astype(np.uint8)
    return GridPiece(name, "chorale", pitch, strike, position,
                     np.full(steps, 16, np.uint8), np.zeros((0, 9), bool), 100.0, 0)  # fmt: skip


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in that holds a few prepared chorales."""
    sided = [("train", a_piece(f"t{i}", seed=i)) for i in range(6)]
    sided += [("valid", a_piece("v", seed=9)), ("test", a_piece("u", seed=10))]
    store("chorale", sided, folder=tmp_path / "var" / "data")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def train(out: Path, **changes):
    options = {"style": "chorale", "data": None, "iterations": 6, "minutes": None, "seed": 1,
               "resume": False, "device": "cpu", "as_json": True, "size": "tiny"}  # fmt: skip
    return ar_cnn.train(out=out, **options | changes)


@pytest.mark.parametrize("kind", examples.KINDS)
def test_something_is_hidden_and_only_that_is_asked_for(kind: str):
    dice = np.random.default_rng(0)
    roll = examples.crop(a_piece(steps=40), dice, 64)

    for _ in range(20):
        found = examples.example(roll, dice, kind=kind)

        assert not found.doubt
        assert np.array_equal(found.weight > 0, ~found.known)
        assert found.weight.sum() == pytest.approx(1)
        assert not found.weight[roll.metre == OUTSIDE].any()
        assert np.array_equal(found.seen, roll.cells)


def test_whole_steps_are_hidden_but_for_a_few_voices():
    dice = np.random.default_rng(0)
    roll = examples.crop(a_piece(), None, 96)

    hidden = [examples.hide(roll, dice, "steps").sum(axis=1) for _ in range(50)]

    assert all(((h == 0) | (h == 4)).mean() > 0.4 for h in hidden)
    assert any(((h > 0) & (h < 4)).any() for h in hidden)


def test_notes_are_hidden_whole():
    dice = np.random.default_rng(0)
    roll = examples.crop(a_piece(), None, 96)

    hidden = examples.hide(roll, dice, "notes")

    numbers = examples.note_numbers(roll.cells)
    assert not set(numbers[hidden]) & set(numbers[~hidden])


def test_a_doubted_example_asks_for_the_truth_everywhere():
    dice = np.random.default_rng(0)
    roll = examples.crop(a_piece(), None, 96)

    found = [examples.example(roll, dice) for _ in range(200)]

    doubted = [e for e in found if e.doubt]
    assert 25 < len(doubted) < 80
    assert all((e.weight > 0).all() for e in doubted)
    assert any((e.seen != roll.cells).any() for e in doubted)


def test_about_the_wanted_share_of_notes_is_wrong():
    dice = np.random.default_rng(0)
    roll = examples.crop(a_piece(steps=960), None, 960)

    wrong = np.mean([(examples.misplay(roll, dice, 0.1) != roll.cells).mean() for _ in range(20)])

    assert 0.05 < wrong < 0.12


def test_crops_are_transposed_within_the_window_and_padded():
    dice = np.random.default_rng(0)
    crops = [examples.crop(a_piece(steps=20), dice, 32) for _ in range(40)]

    assert all(c.fits.all() and len(c) == 32 for c in crops)
    assert all((c.metre[20:] == OUTSIDE).all() for c in crops)
    assert len({int(c.cells[0, 0]) for c in crops}) > 6


def test_training_learns_and_writes_a_card_that_loads(prepared: Path):
    card = train(prepared / "run", iterations=60)

    assert card["curves"][-1]["valid"] < np.log(N_CLASSES)
    assert card["sha256"] == json.loads((prepared / "run" / "ar_cnn.json").read_text())["sha256"]
    assert {"data", "licence", "split_sha256", "limits", "command", "config"} <= card.keys()
    found = edit(song(line(MELODY)), EditParameters(sampling_iterations=2), seed=0,
                 model=load(prepared / "run"))  # fmt: skip
    assert found.events


def test_a_resumed_run_has_the_weights_it_stopped_with(prepared: Path):
    train(prepared / "run")
    before = load_file(prepared / "run" / "checkpoint.safetensors")

    train(prepared / "run", resume=True)  # nothing is left to do

    after = load_file(prepared / "run" / "checkpoint.safetensors")
    assert before.keys() == after.keys()
    assert all((before[name] == after[name]).all() for name in before)


def test_training_refuses_a_style_that_is_not_prepared(prepared: Path):
    with pytest.raises(TrainingRefused, match="python -m ml data"):
        train(prepared / "run", style="madrigal")


def test_training_refuses_a_folder_without_music(prepared: Path):
    with pytest.raises(TrainingRefused):
        train(prepared / "run", data=prepared / "run")


def test_weights_of_another_model_are_unavailable(prepared: Path):
    train(prepared / "run")
    file = prepared / "run" / "ar_cnn.json"
    card = json.loads(file.read_text())
    card["config"]["width"] = 32
    file.write_text(json.dumps(card))

    with pytest.raises(ModelUnavailable):
        load(prepared / "run")


def test_a_card_without_sizes_makes_the_weights_unavailable(prepared: Path):
    train(prepared / "run")
    file = prepared / "run" / "ar_cnn.json"
    for config in ({}, {"channels": 3}, None):
        file.write_text(json.dumps({**json.loads(file.read_text()), "config": config}))

        with pytest.raises(ModelUnavailable, match="which network"):
            load(prepared / "run")


def test_algorithm_1_of_a_model_that_knows_nothing_reads_4_ln_49():
    def knows_nothing(rolls: Rolls):
        return np.full((*rolls.cells.shape, N_CLASSES), -np.log(N_CLASSES), dtype=np.float32)

    piece = a_piece(steps=200)
    roll = roll_of(piece.pitch, piece.position)
    found = algorithm_1([roll, roll], knows_nothing, orders=2, steps=5, seed=0)

    assert found.mean == pytest.approx(UNTRAINED, abs=1e-4)
    assert found.error == pytest.approx(0, abs=1e-6)
    assert found.steps == 10


def test_algorithm_1_shows_nothing_of_the_step_but_the_models_own_notes():
    """A model that says what it sees, and otherwise row 7: wrong unless the truth leaks."""

    def says_what_it_sees(rolls: Rolls):
        told = np.where(rolls.known.numpy(), rolls.cells.numpy(), 7)
        out = np.full((*told.shape, N_CLASSES), -20.0, dtype=np.float32)
        np.put_along_axis(out, told[..., None], 0.0, axis=3)
        return out

    piece = a_piece(steps=60)
    roll = roll_of(piece.pitch, piece.position)
    found = algorithm_1([roll], says_what_it_sees, orders=1, steps=None, seed=0)

    wrong = (roll.cells != 7).sum(axis=1).mean()
    assert found.mean == pytest.approx(20 * wrong, rel=1e-4)


def test_orders_are_averaged_in_probability():
    """Half of the orders certain, half hopeless: the mean probability is a half."""
    calls = []

    def certain_or_hopeless(rolls: Rolls):
        calls.append(1)
        right = (len(calls) - 1) // N_VOICES % 2 == 0
        out = np.full((*rolls.cells.shape, N_CLASSES), -50.0, dtype=np.float32)
        if right:
            np.put_along_axis(out, truth[None, :, :, None], 0.0, axis=3)
        return out

    piece = a_piece(steps=128)
    roll = roll_of(piece.pitch, piece.position)
    truth = roll.cells
    found = algorithm_1([roll], certain_or_hopeless, orders=2, steps=3, seed=0)

    assert found.mean == pytest.approx(np.log(2), abs=1e-3)


def test_auc_and_break_even_by_hand():
    score = np.array([0.1, 0.4, 0.35, 0.8])
    wrong = np.array([False, False, True, True])

    assert auc(score, wrong) == 0.75
    assert auc(np.ones(4), wrong) == 0.5
    assert break_even(score, wrong) == 0.5


def test_spoiling_moves_whole_notes_by_one_to_three_semitones():
    spoiled = spoil(a_piece(steps=128), np.random.default_rng(3))

    assert spoiled.wrong.any()
    off = spoiled.roll.cells - spoiled.true
    for voice, first, until, wrong in zip(
        spoiled.voice, spoiled.first, spoiled.until, spoiled.wrong, strict=True
    ):
        part = off[first:until, voice]
        assert (part == part[0]).all()
        assert (1 <= abs(int(part[0])) <= 3) if wrong else part[0] == 0
    assert not (spoiled.true == REST).any()
