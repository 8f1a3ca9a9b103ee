"""Training the extender: it learns, can be resumed, and its weights can be loaded."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from ml.data import grids
from ml.data.grids import GridPiece
from ml.models.transformer import extend, load
from ml.models.transformer_frames import line_of
from ml.techniques import ExtendParameters, ModelUnavailable
from ml.training.run import TrainingRefused
from ml.training.transformer import train
from ml.training.transformer_rows import QUICK, DropoutBank, Sampler
from tests.unit.ml.transformer_songs import chorale


def piece(seed: int, *, n_frames: int = 96, style: str = "chorale") -> GridPiece:
    """Return chords that change on the beat, up and down one scale: there is much to learn."""
    dice = np.random.default_rng(seed)
    walk = np.cumsum(dice.choice([-2, 0, 2], n_frames // 4))
    chords = np.array([72, 67, 64, 48]) + np.clip(walk, -8, 8)[:, None]
    pitch = np.repeat(chords, 4, axis=0).astype(np.int8)
    strike = np.zeros(pitch.shape, dtype=np.bool_)
    strike[::4] = True
    at = np.arange(n_frames)
    return GridPiece(
        f"piece {seed}", style, pitch, strike, (at % 16).astype(np.uint8),
        np.full(n_frames, 16, np.uint8), np.zeros((0, 9), bool), 120.0, 0,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepare a few pieces of one style in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    sided = [("train", piece(n)) for n in range(12)] + [("valid", piece(n)) for n in (20, 21)]
    grids.store("chorale", sided, folder=Path("var/data"))


def run(out: Path, iterations: int, *, resume: bool = False) -> dict:
    return train(
        style="chorale", data=None, out=out, iterations=iterations, minutes=None, seed=3,
        resume=resume, device="cpu", as_json=True, size="tiny",
    )  # fmt: skip


def test_a_minute_network_learns_and_its_weights_extend_a_song(tmp_path: Path) -> None:
    card = run(tmp_path / "run", 40)

    model = load(tmp_path / "run")
    found = extend(chorale(bars=1), ExtendParameters(extension_duration=1), seed=1, model=model)
    first, last = (card["curves"][i]["valid_chorale"] for i in (0, -1))
    assert last < first < 4.0
    assert last < 1.5
    assert card["technique"] == "extend"
    assert found.added > 0


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    out = tmp_path / "run"
    run(out, 15)
    before = json.loads((out / "checkpoint.json").read_text())

    card = run(out, 30, resume=True)

    assert before["iteration"] == 15
    assert card["trained"]["iterations"] == 30
    assert [point["iteration"] for point in card["curves"]][-1] == 30
    assert len(card["curves"]) > len(before["curve"])


def test_the_weights_of_another_network_are_not_loaded(tmp_path: Path) -> None:
    out = tmp_path / "run"
    run(out, 2)
    card = json.loads((out / "transformer.json").read_text())
    card["config"]["width"] = 64
    (out / "transformer.json").write_text(json.dumps(card))

    with pytest.raises(ModelUnavailable) as missing:
        load(out)

    assert missing.value.technique == "extend"


def test_without_prepared_grids_the_run_says_what_to_do(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "var")

    with pytest.raises(TrainingRefused, match="python -m ml data"):
        run(tmp_path / "run", 2)


def test_rows_are_filled_with_parts_of_pieces_and_nothing_else() -> None:
    found = piece(1, n_frames=40)
    line = line_of(found.pitch, found.strike, found.position, found.bar_steps, "chorale")
    sampler = Sampler({"chorale": [line]}, QUICK, seed=1)

    frames = sampler.draw(64, late=False, device="cpu")

    assert frames.piece.shape == (QUICK.rows, 64)
    for row, cells, run_length in zip(
        frames.piece, frames.cells, frames.history.run, strict=True
    ):  # fmt: skip
        for number in set(row.tolist()) - {0}:
            there = cells[row == number, 0]
            assert len(there) >= QUICK.least_part
            assert int(there.max() - there.min()) <= 16
        assert (run_length[row == 0] == 0).all()


def test_half_of_the_parts_do_not_tell_strikes() -> None:
    found = piece(1, n_frames=64)
    line = line_of(found.pitch, found.strike, found.position, found.bar_steps, "chorale")
    sampler = Sampler({"chorale": [line]}, QUICK, seed=1)

    unknown = [
        bool((sampler.draw(64, late=False, device="cpu").history.strike[row] == 2).all())
        for _ in range(10) for row in range(QUICK.rows)
    ]  # fmt: skip

    assert 10 <= sum(unknown) <= 30


def test_dropout_keeps_the_mean() -> None:
    import torch

    torch.manual_seed(0)
    drop = DropoutBank(0.25, "cpu", 2**16)

    dropped = drop(torch.ones(200, 100))

    assert float((dropped == 0).float().mean()) == pytest.approx(0.25, abs=0.01)
    assert float(dropped.mean()) == pytest.approx(1.0, abs=0.02)
