import pytest
import torch

from ml.models import Models, generate, generate_many
from ml.models.store import fill, weights
from ml.music import Notes, Song, Track, read_midi
from ml.techniques import Generated, GenerationRefused, ModelUnavailable, parse, read_card
from tests.unit.ml import tiny_technique
from tests.unit.ml.midi_bytes import END, NOTE, midi

DRUM = b"\x00\x99\x24\x40\x83\x60\x89\x24\x40"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    tiny_technique.write_weights(tmp_path, "ar_cnn", "edit")
    tiny_technique.write_weights(tmp_path, "transformer", "extend")
    tiny_technique.install(monkeypatch)
    return tmp_path


@pytest.fixture
def song():
    return read_midi(midi(NOTE + END))


def test_weights_come_with_their_card(folder):
    tensors, card = weights("ar_cnn", folder)

    assert tensors["shift"].tolist() == [1, 2, 3]
    assert card == read_card("ar_cnn", folder=folder)


def test_a_network_is_filled_in_its_own_precision_and_does_not_learn(folder):
    net = tiny_technique.Net().train()

    fill(net, *weights("ar_cnn", folder))

    assert net.shift.dtype == torch.float32
    assert net.shift.tolist() == [1, 2, 3]
    assert not net.training
    assert not net.shift.requires_grad


def test_weights_of_another_shape_are_named(folder):
    tiny_technique.write_weights(folder, "ar_cnn", "edit", shift=(1, 2))

    with pytest.raises(ModelUnavailable, match="do not fit the model") as caught:
        fill(tiny_technique.Net(), *weights("ar_cnn", folder))
    assert caught.value.technique == "edit"


def test_weights_with_missing_or_unknown_tensors_are_named(folder):
    tensors, card = weights("ar_cnn", folder)

    for wrong in ({}, {**tensors, "more": torch.zeros(1)}):
        with pytest.raises(ModelUnavailable):
            fill(tiny_technique.Net(), wrong, card)


def test_a_file_that_is_no_safetensors_is_unavailable_even_if_its_hash_is_right(folder):
    import hashlib
    import json

    data = b"\x80\x04pickled"
    (folder / "ar_cnn.safetensors").write_bytes(data)
    card = {"technique": "edit", "sha256": hashlib.sha256(data).hexdigest()}
    (folder / "ar_cnn.json").write_text(json.dumps(card))

    with pytest.raises(ModelUnavailable, match="no safetensors"):
        weights("ar_cnn", folder)


def test_a_model_is_loaded_once_per_process(folder, monkeypatch):
    loaded = []
    monkeypatch.setattr(tiny_technique, "load", lambda at, name: loaded.append(name) or "model")
    cache = Models(folder)

    assert [cache.get("edit"), cache.get("edit"), cache.get("extend")] == ["model"] * 3
    assert loaded == ["ar_cnn", "transformer"]
    assert torch.get_num_threads() == 1


def test_a_model_that_failed_is_tried_again_when_its_file_is_back(folder):
    (folder / "ar_cnn.json").rename(folder / "away.json")
    cache = Models(folder)
    with pytest.raises(ModelUnavailable):
        cache.get("edit")

    (folder / "away.json").rename(folder / "ar_cnn.json")

    assert cache.get("edit").shift == 6


def test_generate_runs_the_technique(folder, song):
    heard = []

    found = generate(
        "edit", song, parse("edit", {}), seed=1, models=Models(folder),
        progress=lambda share, word: heard.append((share, word)),
    )  # fmt: skip

    assert isinstance(found, Generated)
    assert heard == [(0.5, "moving"), (1.0, "done")]


def test_parameters_of_another_technique_are_refused(folder, song):
    with pytest.raises(TypeError, match="EditParameters"):
        generate("edit", song, parse("extend", {}), seed=1, models=Models(folder))


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_out_of_range_is_refused(folder, song, seed):
    with pytest.raises(ValueError, match="seed"):
        generate("edit", song, parse("edit", {}), seed=seed, models=Models(folder))


def test_there_is_no_fourth_technique(folder, song):
    with pytest.raises(KeyError):
        generate("compose", song, parse("edit", {}), seed=1, models=Models(folder))


def test_many_requests_have_an_outcome_each_in_their_order(folder, song):
    drums = read_midi(midi(DRUM + END))
    parameters = parse("edit", {})
    shares = []

    first, refused, last = generate_many(
        "edit", [(song, parameters, 1), (drums, parameters, 2), (song, parameters, 1)],
        models=Models(folder), progress=lambda share, _: shares.append(share),
    )  # fmt: skip

    assert isinstance(refused, GenerationRefused)
    assert refused.code == "no_melody"
    assert first.song.to_midi() == last.song.to_midi()
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_extensions_run_as_one_batch(folder, song, monkeypatch):
    calls = []
    real = tiny_technique.extend_many
    monkeypatch.setattr(
        tiny_technique, "extend_many",
        lambda requests, **how: calls.append(len(requests)) or real(requests, **how),
    )  # fmt: skip

    found = generate_many(
        "extend", [(song, parse("extend", {}), n) for n in (1, 2, 3)], models=Models(folder)
    )

    assert calls == [3]
    assert [outcome.song.tracks[-1].notes.pitch[0] for outcome in found] == [1, 2, 3]


def test_a_result_that_could_not_be_read_again_is_refused(folder):
    def lasting(beats):
        return Song((Track("", 0, False, Notes.tidy([60], [0], [beats * 480], [80])),))

    models, parameters = Models(folder), parse("extend", {})
    requests = [(lasting(beats), parameters, 1) for beats in (3599, 3600)]

    fits, is_too_long = generate_many("extend", requests, models=models)

    assert isinstance(fits, Generated)
    assert isinstance(is_too_long, GenerationRefused)
    with pytest.raises(GenerationRefused, match="30 minutes"):
        generate("extend", lasting(3600), parameters, seed=1, models=models)


def test_the_card_of_a_generation_is_that_of_its_algorithm(folder):
    tiny_technique.write_weights(folder, "gan_musegan", "accompany")

    card = Models(folder).card("accompany", parse("accompany", {"algorithm": "musegan"}))

    assert card.name == "gan_musegan"
