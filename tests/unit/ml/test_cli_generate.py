import functools
import hashlib
import json
import os
import stat

import pytest

import ml.commands.generate as command
from ml import models
from ml.cli import main
from ml.music import read_canonical, read_midi
from ml.techniques import EditEvent, replay
from tests.unit.ml import tiny_technique
from tests.unit.ml.midi_bytes import END, NOTE, REFUSED, midi

KEYS = {"technique", "model", "sha256", "seconds", "notes_in", "notes_out", "added", "removed",
        "events"}  # fmt: skip
DRUM = b"\x00\x99\x24\x40\x83\x60\x89\x24\x40"


@pytest.fixture
def weights(tmp_path, monkeypatch):
    folder = tmp_path / "weights"
    folder.mkdir()
    for name, technique in (("ar_cnn", "edit"), ("transformer", "extend"),
                            ("gan_unet", "accompany"), ("gan_musegan", "accompany")):  # fmt: skip
        tiny_technique.write_weights(folder, name, technique)
    tiny_technique.install(monkeypatch)
    monkeypatch.setattr(command, "Models", functools.partial(models.Models, folder))
    return folder


@pytest.fixture
def tune(tmp_path):
    file = tmp_path / "in.mid"
    file.write_bytes(midi(NOTE + END))
    return file


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "out.mid"


def run(*arguments):
    return main(["generate", *map(str, arguments)])


def printed(capsys):
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def test_prints_the_keys_that_are_promised(weights, tune, out, capsys):
    assert run("edit", tune, out, "--seed", 7, "--json") == 0

    result = printed(capsys)
    assert set(result) >= KEYS
    assert (result["technique"], result["model"], result["seed"]) == ("edit", "ar_cnn", 7)
    file = (weights / "ar_cnn.safetensors").read_bytes()
    assert result["sha256"] == hashlib.sha256(file).hexdigest()
    assert (result["notes_in"], result["notes_out"], result["added"], result["removed"]) == (
        1, 1, 0, 0,
    )  # fmt: skip
    assert result["parameters"]["sampling_iterations"] == 100


def test_replaying_the_printed_events_gives_the_file(weights, tune, out, capsys):
    run("edit", tune, out, "--json")

    events = [EditEvent.from_dict(row) for row in printed(capsys)["events"]]
    assert events
    assert replay(read_midi(tune.read_bytes()), events).to_midi() == out.read_bytes()


def test_the_same_seed_gives_the_same_bytes(weights, tune, out, capsys):
    files = []
    for seed in (3, 3, 5):
        run("edit", tune, out, "--seed", seed)
        files.append(out.read_bytes())

    assert files[0] == files[1] != files[2]


def test_without_a_seed_one_is_chosen_and_printed(weights, tune, out, capsys):
    run("edit", tune, out, "--json")
    chosen, first = printed(capsys)["seed"], out.read_bytes()

    run("edit", tune, out, "--seed", chosen)

    assert out.read_bytes() == first
    assert f"seed {chosen}" in capsys.readouterr().out


def test_other_techniques_print_no_events(weights, tune, out, capsys):
    assert run("extend", tune, out, "--json", "--style", "dance", "--seed", 64) == 0

    result = printed(capsys)
    assert (result["events"], result["added"], result["parameters"]["style"]) == ([], 1, "dance")
    assert read_canonical(out.read_bytes()).n_notes == 2


def test_the_algorithm_names_its_own_weights(weights, tune, out, capsys):
    run("accompany", tune, out, "--json", "--set", "algorithm=musegan")

    assert printed(capsys)["model"] == "gan_musegan"


def test_a_person_reads_one_line(weights, tune, out, capsys):
    run("edit", tune, out)

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert "1 notes became 1" in lines[0]


@pytest.mark.parametrize(
    ("technique", "options", "code", "words"),
    [
        ("edit", ["--set", "creative_risk=9"], "parameters", "Creative risk is a number from 0.5"),
        ("edit", ["--set", "tempo=9"], "parameters", "no parameter 'tempo'"),
        ("edit", ["--set", "creative_risk"], "parameters", "NAME=VALUE"),
        ("edit", ["--set", "creative_risk=1", "--set", "creative_risk=2"], "parameters", "twice"),
        ("edit", ["--style", "arcade"], "style", "chorale only"),
        ("extend", ["--style", "polka"], "parameters", "Style is one of"),
        ("extend", ["--style", "dance", "--set", "style=dance"], "parameters", "twice"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(
    weights, tune, out, capsys, technique, options, code, words
):
    assert run(technique, tune, out, *options, "--json") == 1

    result = printed(capsys)
    assert (result["ok"], result["code"]) == (False, code)
    assert words in result["detail"]
    assert not out.exists()


def test_the_editor_takes_its_own_style(weights, tune, out):
    assert run("edit", tune, out, "--style", "chorale") == 0


@pytest.mark.parametrize("name", ["a PNG", "nothing", "cut inside a track", "type 2"])
def test_a_file_that_is_no_music_is_refused(weights, tune, out, capsys, name):
    data, code = REFUSED[name]
    tune.write_bytes(data)

    assert run("edit", tune, out, "--json") == 1
    assert printed(capsys)["code"] == code
    assert not out.exists()


def test_a_missing_file_and_a_folder_are_refused(weights, tmp_path, out, capsys):
    for source in (tmp_path / "gone.mid", tmp_path):
        assert run("edit", source, out, "--json") == 1
        assert printed(capsys)["code"] == "no_file"


def test_what_the_technique_refuses_is_said_in_one_line(weights, tune, out, capsys):
    tune.write_bytes(midi(DRUM + END))

    assert run("edit", tune, out) == 1

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "python -m ml: refused (no_melody). There is no melody in this piece.\n"
    )


def test_damaged_weights_take_away_one_technique_only(weights, tune, out, capsys):
    (weights / "ar_cnn.safetensors").write_bytes(b"not what the card says")

    assert run("edit", tune, out, "--json") == 1
    assert printed(capsys)["code"] == "model_unavailable"
    assert run("extend", tune, out, "--json") == 0


@pytest.mark.parametrize("target", ["no/such/folder/out.mid", "out", "in.mid/out.mid"])
def test_a_path_that_cannot_be_written_is_one_clear_line(weights, tune, out, capsys, target):
    assert run("edit", tune, tune.parent / target) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert "refused (cannot_write)" in line
    assert "cannot be written" in line


def test_a_device_is_written_to_and_not_replaced(weights, tune):
    assert run("edit", tune, os.devnull) == 0
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_nothing_but_the_result_is_left_behind(weights, tune, out):
    run("edit", tune, out)

    assert [p.name for p in out.parent.iterdir()] == ["out.mid"]


def test_the_input_may_be_overwritten(weights, tune):
    assert run("edit", tune, tune) == 0
    assert read_canonical(tune.read_bytes()).n_notes == 1


@pytest.mark.parametrize("seed", ["-1", "1.5", "x", "", str(2**63), "9" * 5000])
def test_a_seed_is_a_whole_number(weights, tune, out, seed, capsys):
    with pytest.raises(SystemExit, match="2"):
        run("edit", tune, out, f"--seed={seed}")
    assert "--seed" in capsys.readouterr().err


def test_help_lists_every_parameter_with_its_range(capsys):
    with pytest.raises(SystemExit, match="0"):
        run("--help")

    text = capsys.readouterr().out
    assert "sampling_iterations: 0 to 100; default 100" in text
    assert "extension_duration: 1 to 30 seconds; default 30" in text
    assert "algorithm: unet, musegan; default unet" in text
