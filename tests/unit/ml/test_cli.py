import json

import pytest

from ml.cli import main
from tests.unit.ml.midi_bytes import END, NOTE, REFUSED, midi


@pytest.fixture
def files(tmp_path, chorales):
    (tmp_path / "real.mid").write_bytes(chorales[0].to_midi())
    (tmp_path / "cut.mid").write_bytes(REFUSED["cut inside a track"][0])
    (tmp_path / "one.mid").write_bytes(midi(NOTE + END))
    return [str(tmp_path / name) for name in ("real.mid", "cut.mid", "one.mid", "gone.mid", "")]


def test_scores_as_json(files, capsys):
    status = main(["score", *files, "--style", "chorale", "--json", "--originality"])

    real, cut, one, gone, folder = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert status == 0
    assert real["file"] == files[0]
    assert real["ok"]
    assert real["score"] > 70
    assert real["notes"] > 100
    metric = real["metrics"]["dissonance"]
    assert metric["band"][0] < metric["band"][1]
    assert {"value", "band", "typicality", "weight"} <= set(metric)
    assert set(real["originality"]) >= {"share", "nearest", "passages"}
    assert cut == {"file": files[1], "ok": False, "code": "truncated", "detail": cut["detail"]}
    assert one["ok"]
    assert one["score"] < 5
    assert (gone["ok"], gone["code"]) == (False, "no_file")
    assert (folder["ok"], folder["code"]) == (False, "no_file")


def test_originality_only_when_asked_for(files, capsys):
    main(["score", files[0], "--json"])

    assert "originality" not in json.loads(capsys.readouterr().out)[0]


def test_scores_as_text(files, capsys):
    assert main(["score", *files[:2], "--originality"]) == 0

    out = capsys.readouterr().out
    assert "of 100" in out
    assert "refused (truncated)" in out
    assert "already known" in out
