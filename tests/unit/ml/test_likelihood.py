import numpy as np
import pytest

from ml.metrics import likelihood, place, place_many, score
from ml.metrics.likelihood import decoder_version, nats_per_cell
from ml.metrics.raw import Features
from ml.metrics.shipped import STYLES, features_version
from ml.music import Notes, Song, Track, transposed


def line(pitch: list[int], *, steps: int = 4, is_drum: bool = False) -> Track:
    start = np.arange(len(pitch)) * steps * 120
    return Track("", 0, is_drum, Notes.tidy(pitch, start, np.full(len(pitch), steps * 120),
                                            np.full(len(pitch), 80)))  # fmt: skip


@pytest.fixture
def without_weights(monkeypatch):
    monkeypatch.setattr(likelihood, "_network", lambda: None)


def test_a_real_chorale_lies_between_a_drone_and_chance(chorales: list[Song]):
    chance = np.random.default_rng(1)
    drone = Song(tuple(line([pitch] * 32) for pitch in (67, 60, 55, 48)))
    random = Song(tuple(line(chance.integers(45, 75, 32).tolist()) for _ in range(4)))

    real = [nats_per_cell(song, ["chorale"])["chorale"] for song in chorales]

    assert nats_per_cell(drone, ["chorale"])["chorale"] < min(real)
    assert nats_per_cell(random, ["chorale"])["chorale"] > 2 * max(real)


@pytest.mark.parametrize("semitones", [-6, 1, 6])
def test_the_key_changes_nothing(chorales: list[Song], semitones: int):
    for song in chorales[:3]:
        assert nats_per_cell(transposed(song, semitones), STYLES) == nats_per_cell(song, STYLES)


def test_a_style_knows_its_own_music_best_on_the_whole(chorales: list[Song], dances: list[Song]):
    for songs, own, other in ((chorales, "chorale", "dance"), (dances, "dance", "chorale")):
        found = [nats_per_cell(song, [own, other]) for song in songs]
        assert np.mean([f[own] for f in found]) < np.mean([f[other] for f in found])


def test_only_the_beginning_and_the_end_of_long_pieces_are_heard():
    tune = [60, 62, 64, 65, 67, 65, 64, 62] * 4
    middle = np.random.default_rng(1).integers(55, 70, 100).tolist()
    one, other = (Song((line(tune + part + tune),)) for part in (middle, sorted(middle)))

    assert nats_per_cell(one, ["dance"]) == nats_per_cell(other, ["dance"])


def test_drums_have_no_likelihood():
    assert nats_per_cell(Song((line([36] * 32, is_drum=True),)), STYLES) == {}


def test_likelihood_counts_a_fifth_of_the_score(chorales: list[Song]):
    metric = score(chorales[0], style="chorale").metrics["likelihood"]

    assert metric.group == "likelihood"
    assert metric.weight == pytest.approx(0.2, abs=0.01)
    assert 0 < metric.band[0] < metric.band[1] < 1


def test_without_the_network_scores_do_without_the_metric(chorales: list[Song], without_weights):
    judged = score(chorales[0], style="chorale")

    assert "likelihood" not in judged.metrics
    assert sum(m.weight for m in judged.metrics.values()) == pytest.approx(1)
    assert 0 < judged.score <= 100


def test_pieces_with_and_without_the_value_are_placed_side_by_side(chorales: list[Song]):
    full = score_values(chorales[0])
    without = {n: v for n, v in full.items() if not n.startswith("likelihood")}

    together = place_many([full, without], style="chorale")

    assert together.tolist() == [
        place(Features(values, "x"), style="chorale").score for values in (full, without)
    ]


def score_values(song: Song) -> dict[str, float]:
    from ml.metrics import features

    return dict(features(song).values)


def test_the_version_of_stored_values_names_the_network(monkeypatch, tmp_path):
    shipped = decoder_version()
    assert shipped in features_version()
    assert len(features_version()) <= 20

    monkeypatch.setattr(likelihood, "read_card", lambda name: _missing(name, tmp_path))
    assert decoder_version() == "none"


def _missing(name, folder):
    from ml.techniques import read_card

    return read_card(name, folder=folder)
