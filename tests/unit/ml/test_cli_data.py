import json

from ml.cli import main
from ml.data import prepare as module

SIDE = {"grids": 1, "files": 1, "steps": 64, "cells": 256, "onsets": 60}
SUMMARY = {
    "folder": "grids",
    "styles": {
        "chorale": {"available": True, "train": SIDE, "valid": SIDE, "test": SIDE,
                    "dropped_as_shared": 2},
        "arcade": {"available": False},
    },
}  # fmt: skip


def test_data_is_prepared_where_it_is_asked_for(monkeypatch, tmp_path, capsys):
    calls = []

    def prepare(*, cache, folder, bar):
        calls.append((cache, folder, list(bar(["a", "b"], "chorale"))))
        return SUMMARY

    monkeypatch.setattr(module, "prepare", prepare)

    status = main(["data", "--cache", str(tmp_path / "c"), "--out", str(tmp_path / "d"), "--json"])

    captured = capsys.readouterr()
    assert status == 0
    assert calls == [(tmp_path / "c", tmp_path / "d", ["a", "b"])]
    assert json.loads(captured.out) == SUMMARY
    assert "chorale" in captured.err


def test_a_person_reads_a_line_for_each_style(monkeypatch, capsys):
    monkeypatch.setattr(module, "prepare", lambda **_: SUMMARY)

    main(["data"])

    out = capsys.readouterr().out
    assert "chorale" in out
    assert "train 1 pieces 64 steps" in out
    assert "2 dropped as shared" in out
    assert "arcade    not available here" in out


def test_a_folder_that_cannot_be_written_is_one_clear_line(monkeypatch, tmp_path, capsys):
    def prepare(**_):
        (tmp_path / "gone" / "d").mkdir()

    monkeypatch.setattr(module, "prepare", prepare)

    assert main(["data"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("cannot be used: No such file or directory.")
