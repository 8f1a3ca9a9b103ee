"""The pages about the models say what the cards say, and the cards what was measured."""

import json
import sys
from types import SimpleNamespace

import pytest

from ml.cli import main
from ml.commands import evaluate as command
from ml.data.grids import NotPrepared
from ml.evaluation import cards, speed
from ml.evaluation.cards import DOCS, PAGES, pages, write_docs, write_figures
from ml.evaluation.figures import figure
from ml.techniques import SHIPPED, WEIGHTS, ModelUnavailable, read_card
from tests.unit.ml.tiny_technique import write_weights

MAX_FILE, MAX_TOGETHER = 12_000_000, 60_000_000
ABOUT = {
    "data": ["412 chorales | of Bach."], "licence": "Apache-2.0", "split_sha256": "ab" * 32,
    "command": "python -m ml train gan --style chorale", "seed": 3, "git_commit": "c0ffee",
    "trained": {"device": "cpu", "iterations": 200, "minutes": 1.5, "torch": "2.13.0",
                "complete": False},
    "config": {"width": 24, "levels": [1, 2]},
    "curves": [{"iteration": 10 * n, "loss": 1 / (n + 1)} for n in range(40)],
    "samples": [{"iteration": 0}, {"iteration": 50}],
    "limits": ["It knows no triplets, only 16ths."],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    for technique, names in SHIPPED.items():
        for name in names:
            write_weights(tmp_path, name, technique, **ABOUT)
    return tmp_path


def test_a_page_shows_everything_on_the_card(folder):
    write_figures("gan_unet", {"nats": figure(0.39, "Per note.", must=0.42, aim=0.38)}, folder)

    page = pages(folder)["gan.md"]

    assert read_card("gan_unet", folder=folder).sha256 in page
    for text in (
        "412 chorales \\| of Bach.", "Apache-2.0", "ab" * 32, "python -m ml train gan", "c0ffee",
        "200 iterations in 1.5 minutes on cpu", "stopped before its budget was used",
        "| width | 24", "| levels | 1, 2", "0, 50", "no triplets", "| `nats` | 0.39 |",
        "must <= 0.42, aim <= 0.38", "| must |", "Per note.", "## gan_musegan", "Not measured yet.",
    ):  # fmt: skip
        assert text in page


def test_a_curve_is_shown_by_a_dozen_points_from_first_to_last(folder):
    page = pages(folder)["transformer.md"]

    table = page.split("### Training\n\n")[1].split("\n\n")[0].splitlines()
    assert table[0] == "| iteration | loss |"
    assert table[2].startswith("| 0 | 1 |")
    assert table[-1].startswith("| 390 | 0.025 |")
    assert len(table) == 2 + 12


def test_figures_are_added_to_the_card_and_nothing_else_changes(folder):
    before = read_card("ar_cnn", folder=folder)

    write_figures("ar_cnn", {"auc": figure(0.98, "Area.")}, folder)

    after = read_card("ar_cnn", folder=folder)
    assert after.about.pop("figures") == {"auc": figure(0.98, "Area.")}
    assert after == before


def test_the_pages_are_written_as_they_are_composed(folder, tmp_path):
    written = write_docs(folder, tmp_path / "docs")

    assert {path.name: path.read_text() for path in written} == pages(folder)
    assert [path.name for path in written] == [f"{name}.md" for name in PAGES]


def test_a_missing_card_is_named(folder):
    (folder / "ar_cnn.json").unlink()

    with pytest.raises(ModelUnavailable, match="ar_cnn"):
        pages(folder)


def test_the_pages_in_docs_are_those_of_the_shipped_cards():
    assert {path.name: path.read_text() for path in DOCS.glob("*.md")} == pages()


def test_the_shipped_weights_are_small():
    sizes = [(WEIGHTS / f"{n}.safetensors").stat().st_size for t in SHIPPED.values() for n in t]

    assert max(sizes) <= MAX_FILE
    assert sum(sizes) <= MAX_TOGETHER


@pytest.mark.parametrize("name", [name for names in SHIPPED.values() for name in names])
def test_a_shipped_card_says_how_its_weights_came_about(name):
    about = read_card(name).about

    missing = {"data", "licence", "split_sha256", "command", "seed", "git_commit", "curves",
               "figures", "limits", "trained", "config"} - set(about)  # fmt: skip
    assert missing == set()
    assert "/" not in about["command"].replace("DIR/", "")


class TestEvaluate:
    @pytest.fixture
    def measured(self, monkeypatch):
        """Measurements that take no time, of both of the GAN's algorithms."""
        calls = []

        def evaluate(*, quick, algorithm):
            calls.append((quick, algorithm))
            return {"empty_bars": figure(float("nan") if quick else 0.01, "Share.", must=0.03)}

        monkeypatch.setitem(sys.modules, "ml.evaluation.gan", SimpleNamespace(evaluate=evaluate))
        rows = {"memory_mb": figure(400.0, "Peak.", must=900.0, aim=500.0)}
        monkeypatch.setattr(speed, "speed_rows", lambda kind, *, quick, **values: rows)
        return calls

    @pytest.fixture
    def shipped(self, folder, monkeypatch):
        monkeypatch.setattr("ml.techniques.read_card", lambda name: read_card(name, folder=folder))
        return folder

    def test_prints_every_figure_with_its_definition_and_target(self, measured, shipped, capsys):
        assert main(["evaluate", "gan", "--json"]) == 0

        result = json.loads(capsys.readouterr().out)
        assert set(result["figures"]) == {
            "unet_empty_bars", "unet_memory_mb", "musegan_empty_bars", "musegan_memory_mb",
        }  # fmt: skip
        assert result["figures"]["unet_memory_mb"] == {
            "value": 400.0, "definition": "Peak.", "reached": "aim",
            "target": {"must": 900.0, "aim": 500.0, "better": "lower"},
        }  # fmt: skip
        assert result["weights"]["gan_unet"] == read_card("gan_unet", folder=shipped).sha256
        assert measured == [(False, "unet"), (False, "musegan")]

    def test_what_could_not_be_measured_is_null(self, measured, shipped, capsys):
        main(["evaluate", "gan", "--json", "--quick"])

        row = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)["figures"]
        assert row["unet_empty_bars"]["value"] is None
        assert row["unet_empty_bars"]["reached"] == "missed"

    def test_a_person_reads_a_table_and_progress_goes_elsewhere(self, measured, shipped, capsys):
        main(["evaluate", "gan"])

        captured = capsys.readouterr()
        assert "unet_empty_bars: 0.01 (must <= 0.03)  -> must" in captured.out
        assert "Measuring gan_musegan: music" in captured.err

    def test_figures_are_written_into_the_cards_and_pages(
        self, measured, shipped, monkeypatch, tmp_path
    ):
        docs = tmp_path / "docs"
        monkeypatch.setattr(cards, "write_figures", lambda n, f: write_figures(n, f, shipped))
        monkeypatch.setattr(cards, "write_docs", lambda: write_docs(shipped, docs))

        main(["evaluate", "gan", "--write"])

        figures = read_card("gan_musegan", folder=shipped).about["figures"]
        assert set(figures) == {"empty_bars", "memory_mb"}
        assert "| `empty_bars` | 0.01 |" in (docs / "gan.md").read_text()

    def test_rough_figures_are_not_written(self, measured, shipped, capsys):
        assert main(["evaluate", "gan", "--write", "--quick"]) == 1
        assert "--quick" in capsys.readouterr().err

    @pytest.mark.parametrize("error", [NotPrepared("No grids."), ModelUnavailable("edit", "Gone.")])
    def test_what_is_missing_is_said_in_one_line(
        self, measured, shipped, monkeypatch, capsys, error
    ):
        def evaluate(**_):
            raise error

        monkeypatch.setattr(sys.modules["ml.evaluation.gan"], "evaluate", evaluate)

        assert main(["evaluate", "gan"]) == 1
        assert capsys.readouterr().err.splitlines()[-1] == f"python -m ml: {error}"

    def test_every_shipped_weight_file_is_evaluated(self):
        evaluated = {name for parts in command.PARTS.values() for name in parts}

        assert evaluated == {name for names in SHIPPED.values() for name in names}
        assert evaluated == {name for names in PAGES.values() for name in names}


def test_the_piece_that_speed_is_measured_on_is_eight_bars():
    piece = speed.eight_bars()

    assert (piece.n_bars, piece.duration_seconds, len(piece.tracks)) == (8, 16.0, 4)
    assert speed.task("accompany")[0].n_notes == 32
