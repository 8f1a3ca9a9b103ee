"""The script in docs that walks the course's notebook on this project's API runs to its end."""

import runpy
import sys
from pathlib import Path

import pytest

from ml.data.grids import SIDES, store
from ml.music import read_midi
from tests.unit.ml.gan_songs import grid_piece
from tests.unit.ml.test_survey import choir

SCRIPT = Path(__file__).parents[3] / "docs" / "custom_gan.py"
MADE = {
    "losses.svg", "measures.svg", "evolution.webm", "twinkle.mid", "twinkle-accompanied.mid",
    "gan_unet.safetensors", "gan_unet.json", "iteration-0.png", "iteration-4.png",
}  # fmt: skip


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def run(*arguments: object) -> None:
        options = ["--iterations", 4, "--out", tmp_path / "out", "--size", "tiny", *arguments]
        monkeypatch.setattr(sys, "argv", [str(SCRIPT), *map(str, options)])
        runpy.run_path(str(SCRIPT), run_name="__main__")

    return run


def check_what_was_made(out: Path) -> None:
    assert {file.name for file in out.iterdir()} >= MADE
    assert read_midi((out / "twinkle-accompanied.mid").read_bytes()).n_notes > 42
    assert "held-out music" in (out / "measures.svg").read_text()


def test_it_walks_through_the_prepared_chorales(walk, tmp_path: Path, monkeypatch, capsys):
    rows = [(side, grid_piece(f"{side}{n}", seed=n)) for side in SIDES for n in range(2)]
    store("chorale", rows, folder=tmp_path)
    (tmp_path / "summary.json").write_text(
        '{"styles": {"chorale": {"available": true, "split_sha256": "", "train": '
        '{"files": 2, "onsets": 9}, "valid": {"files": 2}}}}'
    )

    walk("--grids", tmp_path)

    check_what_was_made(tmp_path / "out")
    told = capsys.readouterr().out
    assert [line[0] for line in told.splitlines() if line[1:2] == "."] == list("12345678")
    assert "2 train" in told


def test_it_walks_through_files_of_ones_own(walk, tmp_path: Path, capsys):
    (tmp_path / "mine").mkdir()
    for n in range(3):
        (tmp_path / "mine" / f"{n}.mid").write_bytes(choir(n).to_midi())

    walk("--data", tmp_path / "mine")

    check_what_was_made(tmp_path / "out")
    assert "3 of 3 are used" in capsys.readouterr().out
