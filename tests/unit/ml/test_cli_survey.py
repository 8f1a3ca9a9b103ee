import json

import pytest

from ml.cli import main
from tests.unit.ml.gan_songs import melody
from tests.unit.ml.test_survey import choir


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "choir.mid").write_bytes(choir().to_midi())
    (tmp_path / "tune.mid").write_bytes(melody().to_midi())
    (tmp_path / "broken.mid").write_bytes(b"no")
    return tmp_path


def test_a_person_reads_a_line_for_each_file(folder, capsys):
    assert main(["survey", str(folder)]) == 0

    text = capsys.readouterr().out
    assert "broken.mid: left out (not_midi)" in text
    assert "melody 1, second 3, third 2, bass 0 (inferred from tracks)" in text
    assert "2 of 3 files are used" in text


def test_programs_read_the_survey(folder, capsys):
    (folder / "parts.json").write_text('{"choir.mid": [0, null, null, 1]}')

    assert main(["survey", str(folder), "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["totals"]["used"] == 2
    assert [f["parts"] for f in found["files"] if f["name"] == "choir.mid"] == [[0, None, None, 1]]


@pytest.mark.parametrize("text", ["", "["])
def test_a_folder_without_use_ends_with_1(tmp_path, capsys, text):
    if text:
        (tmp_path / "parts.json").write_text(text)

    assert main(["survey", str(tmp_path)]) == 1
    assert main(["survey", str(tmp_path / "nowhere")]) == 1
    assert "no folder" in capsys.readouterr().err
