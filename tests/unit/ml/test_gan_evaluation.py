"""The accompanist's figures: right on music whose answers are known, and all of them there."""

from pathlib import Path

import numpy as np
import pytest

from ml.evaluation import gan as evaluation
from ml.evaluation.gan_measures import (
    harmony_figures,
    played,
    shuffled_worse,
    texture_figures,
    written,
)
from ml.models.gan_grid import STYLES
from ml.techniques import AccompanyParameters
from tests.unit.ml.gan_songs import grid_piece, tiny_accompanist


def some_pieces(count: int = 4, *, style: str = "chorale", steps: int = 160) -> list:
    return [grid_piece(f"{n}", seed=n, style=style, steps=steps) for n in range(count)]


def test_the_data_beside_itself_differs_in_nothing():
    data = written(some_pieces())

    figures = texture_figures(data, data) | harmony_figures(data, data)

    assert figures["empty_bars"]["value"] == 0
    assert figures["pitch_classes_per_bar"]["value"] == 0
    assert figures["tonal_distance"]["value"] == 0
    assert figures["notes_of_an_eighth"]["value"] == 1


def test_a_silent_track_shows_in_its_empty_bars():
    silent = written(some_pieces())
    for grid in silent.pitch:
        grid[:, 3] = -1

    figures = texture_figures(silent, written(some_pieces()))

    assert figures["empty_bars"]["value"] == pytest.approx(100)
    assert figures["empty_bars"]["tracks"]["bass"]["ours"] == 100
    assert figures["empty_bars"]["reached"] == "missed"


def test_fragments_show_in_the_share_of_eighths():
    data, broken = written(some_pieces()), written(some_pieces())
    for grid, strike in zip(broken.pitch, broken.strike, strict=True):
        strike[:, 1] = grid[:, 1] >= 0

    figures = texture_figures(broken, data)

    assert figures["notes_of_an_eighth"]["value"] < 0.1
    assert figures["notes_of_an_eighth"]["tracks"]["tenor"]["ours"] == 1


def test_a_bass_that_follows_its_melody_is_worse_with_another():
    """The pieces' chords move all voices alike, so that each bass fits its melody alone."""
    assert shuffled_worse(written(some_pieces(8))) > 0.15


def test_a_bass_that_ignores_its_melody_is_no_worse_with_another():
    still = written(some_pieces(8))
    for grid in still.pitch:
        grid[:, 3] = np.where(np.arange(len(grid)) // 4 % 2 == 0, 48, 55)

    assert abs(shuffled_worse(still)) < 0.05


def test_what_is_played_keeps_the_melody_and_the_length(tmp_path: Path):
    source, model = some_pieces(2), tiny_accompanist(tmp_path)

    music = played(source, AccompanyParameters(), seed=1, model=model)

    for grid, piece in zip(music.pitch, source, strict=True):
        assert grid.shape == piece.pitch.shape
        assert grid[:, 0].tolist() == piece.pitch[:, 0].tolist()


@pytest.mark.parametrize("algorithm", ["unet", "musegan"])
def test_every_figure_is_measured_and_defined(tmp_path: Path, monkeypatch, algorithm):
    tiny_accompanist(tmp_path)
    monkeypatch.setattr(
        evaluation, "pieces", lambda style, _side: some_pieces(3, style=style, steps=140)
    )
    monkeypatch.setattr(evaluation, "_nats", lambda _music: None)

    figures = evaluation.evaluate(quick=True, algorithm=algorithm, folder=tmp_path)

    gates = ("empty_bars", "pitch_classes_per_bar", "notes_of_an_eighth", "tonal_distance",
             "shuffled_melodies", "dissonant_pairs", "seeds_differ", "seconds_for_8_bars",
             "copied_1_bar")  # fmt: skip
    assert all("must" in figures[name]["target"] for name in gates)
    assert {f"style_{style}" for style in STYLES[1:]} <= set(figures)
    assert all(row["definition"] for row in figures.values())
    assert figures["nats_per_note"]["value"] is None
