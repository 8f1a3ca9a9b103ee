import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from ml.cli import main
from ml.commands import train as command
from ml.models.store import weights
from tests.unit.ml.gan_songs import melody


@pytest.fixture(scope="module")
def folder(tmp_path_factory, chorales):
    at = tmp_path_factory.mktemp("own music")
    for number, song in enumerate(chorales[:4]):
        (at / f"{number}.mid").write_bytes(song.to_midi())
    return at


def run(kind, *arguments):
    return main(["train", kind, *map(str, arguments)])


@pytest.mark.parametrize(
    ("kind", "name"), [("gan", "gan_unet"), ("ar_cnn", "ar_cnn"), ("transformer", "transformer")]
)
def test_a_folder_of_music_becomes_weights_with_a_card(folder, tmp_path, capsys, kind, name):
    out = tmp_path / "run"

    status = run(kind, "--data", folder, "--out", out, "--iterations", 2, "--size", "tiny",
                 "--device", "cpu", "--seed", 5, "--json")  # fmt: skip

    card = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert status == 0
    assert (card["name"], card["seed"], card["trained"]["iterations"]) == (name, 5, 2)
    tensors, stored = weights(name, out)
    assert tensors
    assert stored.about["sha256"] == card["sha256"]
    assert (out / "curve.svg").read_text().startswith("<svg")


def test_losses_metrics_and_paths_are_printed_last(folder, tmp_path, capsys):
    run("gan", "--data", folder, "--out", tmp_path / "run", "--iterations", 8, "--size", "tiny",
        "--device", "cpu", "--points-every", 2, "--batch-size", 4, "--json")  # fmt: skip

    last = json.loads(capsys.readouterr().out.splitlines()[-1], parse_constant=pytest.fail)
    critic = last["losses"]["critic_loss"]
    assert critic["curve"][-1] == [8, critic["last"]]
    assert critic["first"] == critic["curve"][0][1]
    assert set(last["losses"]) == {"critic_loss", "generator_loss", "ce"}
    assert set(last["metrics"]["generated"]) >= {"dissonant", "in_scale", "eighths"}
    held_out = last["metrics"]["held_out"]["dissonant"]
    assert held_out["low"] <= held_out["value"] <= held_out["high"]
    assert set(last["paths"]) == {"weights", "card", "curve", "svg", "samples", "checkpoint"}
    assert all(Path(file).is_file() for file in last["paths"].values())
    assert "--points-every 2" in last["command"]


def test_own_weights_accompany_from_the_command_line(folder, tmp_path, capsys):
    run("gan", "--data", folder, "--out", tmp_path / "run", "--iterations", 2, "--size", "tiny",
        "--device", "cpu", "--batch-size", 4)  # fmt: skip
    tune = tmp_path / "tune.mid"
    tune.write_bytes(melody().to_midi())
    capsys.readouterr()

    status = main(["generate", "accompany", str(tune), str(tmp_path / "out.mid"), "--json",
                   "--style", "arcade", "--weights", str(tmp_path / "run")])  # fmt: skip

    made = json.loads(capsys.readouterr().out)
    card = json.loads((tmp_path / "run" / "gan_unet.json").read_text())
    assert status == 0
    assert made["sha256"] == card["sha256"]
    assert made["details"]["style"] == "chorale"
    assert main(["generate", "edit", str(tune), str(tmp_path / "o.mid"), "--weights",
                 str(tmp_path / "run")]) == 1  # fmt: skip
    assert "ar_cnn are not here" in capsys.readouterr().err


def test_a_preset_sets_what_is_not_set_beside_it(monkeypatch, tmp_path):
    import ml.training.ar_cnn
    import ml.training.gan

    calls = []
    card = {"name": "n", "trained": {"iterations": 1, "minutes": 1, "device": "cpu",
                                     "complete": True}}  # fmt: skip
    for module in (ml.training.gan, ml.training.ar_cnn):
        monkeypatch.setattr(module, "train", lambda **how: calls.append(how) or card)

    run("gan", "--style", "all", "--out", tmp_path, "--preset", "quick", "--batch-size", 4)
    run("ar_cnn", "--style", "chorale", "--out", tmp_path, "--preset", "coffee", "--minutes", 3)

    gan, editor = calls
    assert (gan["size"], gan["iterations"], gan["batch_size"]) == ("small", 500, 4)
    assert (editor["iterations"], editor["minutes"]) == (None, 3)
    assert editor["weights"].name == "ar_cnn.safetensors"


def test_a_run_is_resumed_where_it_ended(folder, tmp_path, capsys):
    common = ("--data", folder, "--out", tmp_path / "run", "--size", "tiny", "--device", "cpu")
    run("transformer", *common, "--iterations", 2)

    assert run("transformer", *common, "--iterations", 3, "--resume") == 0

    assert "3 iterations" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["ar_cnn", "transformer"])
def test_weights_are_trained_on(folder, tmp_path, capsys, kind):
    common = ("--data", folder, "--size", "tiny", "--device", "cpu")
    run(kind, *common, "--out", tmp_path / "first", "--iterations", 2)
    first = tmp_path / "first" / f"{kind}.safetensors"

    # At a rate of nearly nothing, what comes out is what went in, rounded to fp16.
    status = run(kind, *common, "--out", tmp_path / "next", "--weights", first,
                 "--iterations", 1, "--learning-rate", "1e-12", "--seed", 9)  # fmt: skip

    assert status == 0, capsys.readouterr().err
    (before, _), (after, card) = weights(kind, first.parent), weights(kind, tmp_path / "next")
    learned = [name for name in before if "running" not in name and "tracked" not in name]
    assert all(torch.allclose(before[name], after[name], atol=1e-3) for name in learned)
    assert f"--weights {kind}.safetensors --learning-rate 1e-12" in card.about["command"]


@pytest.mark.parametrize(
    ("content", "words"), [(None, "no file"), (b"nothing", "no safetensors"), ("gan", "another")]
)
def test_weights_that_do_not_fit_are_refused(folder, tmp_path, capsys, content, words):
    file = tmp_path / "w.safetensors"
    if content == "gan":
        save_file({"x": torch.zeros(1)}, file)
    elif content:
        file.write_bytes(content)

    assert run("ar_cnn", "--data", folder, "--out", tmp_path / "run", "--size", "tiny",
               "--iterations", 1, "--device", "cpu", "--weights", file) == 1  # fmt: skip

    assert words in capsys.readouterr().err


def test_a_run_is_not_overwritten(folder, tmp_path, capsys):
    common = ("--data", folder, "--out", tmp_path / "run", "--size", "tiny", "--device", "cpu")
    run("transformer", *common, "--iterations", 1)

    assert run("transformer", *common, "--iterations", 1) == 1

    assert "--resume" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gan", "--style", "chorale"], "--iterations N, --minutes N or --preset"),
        (["ar_cnn", "--style", "chorale", "--iterations", "1", "--size", "small"], "to the gan"),
        (["gan", "--style", "chorale", "--iterations", "1", "--minutes", "1"], "either"),
        (["gan", "--iterations", "1"], "what to train on"),
        (["gan", "--data", "no such folder", "--iterations", "1"], "no folder no such folder"),
        (["ar_cnn", "--style", "all", "--iterations", "1"], "one style"),
        (["ar_cnn", "--style", "chorale", "--iterations", "1", "--critic-updates", "3"],
         "--critic-updates belongs to the gan"),
        (["gan", "--style", "chorale", "--iterations", "1", "--weights", "w"], "no critic"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_refused(tmp_path, capsys, arguments, words):
    kind, *rest = arguments

    assert run(kind, *rest, "--out", tmp_path / "run") == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert words in line
    assert not (tmp_path / "run").exists()


def test_a_folder_without_music_is_refused_in_a_sentence(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("la la la")

    assert run("transformer", "--data", tmp_path, "--out", tmp_path / "run", "--iterations", 1,
               "--size", "tiny") == 1  # fmt: skip
    assert capsys.readouterr().err.startswith("python -m ml: ")


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "x", "9" * 5000])
def test_iterations_are_a_whole_number(tmp_path, value, capsys):
    with pytest.raises(SystemExit, match="2"):
        run("gan", "--style", "chorale", "--out", tmp_path, f"--iterations={value}")


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "x"])
def test_minutes_are_a_number_above_zero(tmp_path, value, capsys):
    with pytest.raises(SystemExit, match="2"):
        run("gan", "--style", "chorale", "--out", tmp_path, f"--minutes={value}")


def test_what_belongs_to_the_gan_reaches_it(monkeypatch, tmp_path, capsys):
    import ml.training.gan as module

    calls = []
    card = {"name": "gan_musegan", "trained": {"iterations": 1, "minutes": 0.1, "device": "cpu",
                                               "complete": False}}  # fmt: skip
    monkeypatch.setattr(module, "train", lambda **how: calls.append(how) or card)

    run("gan", "--style", "arcade", "--out", tmp_path, "--minutes", 0.1, "--algorithm", "musegan",
        "--learning-rate", "1e-4", "--batch-size", 16, "--critic-updates", 3)  # fmt: skip

    (how,) = calls
    assert (how["algorithm"], how["learning_rate"], how["batch_size"], how["critic_updates"]) == (
        "musegan", 1e-4, 16, 3,
    )  # fmt: skip
    assert (how["style"], how["data"], how["minutes"], how["iterations"]) == (
        "arcade", None, 0.1, None,
    )  # fmt: skip
    assert "--resume goes on" in capsys.readouterr().out


def test_a_device_that_is_not_there_is_refused(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)

    status = run("gan", "--style", "chorale", "--out", tmp_path, "--minutes", 1, "--device", "cuda")

    assert status == 1
    assert "no CUDA device" in capsys.readouterr().err


def test_there_are_three_kinds_of_model(capsys):
    assert command.KINDS == ("gan", "ar_cnn", "transformer")
    with pytest.raises(SystemExit, match="2"):
        main(["train", "rnn", "--out", "x"])
