"""One style is prepared when it is first needed, once, whoever asks at the same time."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ml.data import prepare as module
from ml.data.grids import pieces
from ml.data.prepare import prepare_style
from tests.unit.ml.gan_songs import grid_piece

NAMES = ("a", "b", "c", "d")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every file that is read, of a corpus that is made up."""
    read: list[str] = []

    def read_sided(style, cache, bar, *, in_parallel):
        assert not in_parallel
        for number, name in enumerate(bar(NAMES, style)):
            read.append(name)
            yield ("train" if number else "valid", grid_piece(name, seed=number, style=style))

    monkeypatch.setattr(module, "read_sided", read_sided)
    return read


def test_a_style_is_read_once_and_told_the_same_way_again(reads, tmp_path: Path):
    shares: list[float] = []

    first = prepare_style("quartet", cache=tmp_path, folder=tmp_path / "g", progress=shares.append)
    again = prepare_style("quartet", cache=tmp_path, folder=tmp_path / "g")

    assert reads == list(NAMES)
    assert shares == [0.25, 0.5, 0.75, 1.0]
    assert first == again
    assert first["available"]
    assert first["train"]["files"] == len(pieces("quartet", "train", folder=tmp_path / "g")) == 3


def test_styles_stand_beside_each_other_in_the_summary(reads, tmp_path: Path):
    for style in ("quartet", "chorale"):
        prepare_style(style, cache=tmp_path, folder=tmp_path)

    summary = json.loads((tmp_path / "summary.json").read_text())
    assert set(summary["styles"]) == {"quartet", "chorale"}


def test_of_several_that_ask_at_once_one_works(reads, tmp_path: Path):
    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(lambda _: prepare_style("chorale", cache=tmp_path, folder=tmp_path), range(4))
        )

    assert reads == list(NAMES)
    assert found == [found[0]] * 4


def test_whoever_stops_it_leaves_nothing_half_done(reads, tmp_path: Path):
    def stop(share: float) -> None:
        if share >= 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare_style("chorale", cache=tmp_path, folder=tmp_path, progress=stop)

    assert not (tmp_path / "chorale.npz").exists()
    assert prepare_style("chorale", cache=tmp_path, folder=tmp_path)["available"]


def test_music_that_is_not_installed_is_looked_for_again(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(module, "read_sided", lambda *_, **__: iter(()))

    found = prepare_style("arcade", cache=tmp_path, folder=tmp_path)

    assert found == {"available": False}
    assert prepare_style("arcade", cache=tmp_path, folder=tmp_path) == {"available": False}


def test_there_is_no_other_style(tmp_path: Path):
    with pytest.raises(KeyError):
        prepare_style("polka", cache=tmp_path, folder=tmp_path)
