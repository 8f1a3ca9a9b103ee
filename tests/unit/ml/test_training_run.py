import json
import os
import signal
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from ml.training.checkpoint import flatten_optimizer, restore_optimizer
from ml.training.run import TrainingRefused, TrainingRun, choose_device
from ml.training.watch import Watch


def a_run(out: Path, **changes) -> TrainingRun:
    options = {"settings": {"width": 3}, "seed": 1, "iterations": 10} | changes
    return TrainingRun(out, "gan", as_json=True, **options)


def test_a_budget_of_iterations_is_kept_exactly(tmp_path: Path):
    with a_run(tmp_path) as run:
        seen = []
        while run.goes_on():
            seen.append(run.iteration)

    assert seen == list(range(1, 11))
    assert run.progress == 1.0


def test_a_budget_of_minutes_ends_a_run(tmp_path: Path):
    with a_run(tmp_path, iterations=None, minutes=0.002) as run:
        while run.goes_on():
            pass

    assert run.iteration > 0
    assert run.seconds >= 0.12


def test_a_run_needs_a_budget(tmp_path: Path):
    with pytest.raises(TrainingRefused, match="budget"):
        a_run(tmp_path, iterations=None)


def test_a_resumed_run_goes_on_where_it_stopped(tmp_path: Path):
    layer = torch.nn.Linear(2, 2)
    optimizer = torch.optim.AdamW(layer.parameters())
    layer(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    with a_run(tmp_path, iterations=4) as run:
        while run.goes_on():
            run.curve_point(loss=1.0)
        run.checkpoint(
            lambda: {**layer.state_dict(), **flatten_optimizer(optimizer)},
            lambda: {"best": 0.5},
            now=True,
        )

    with a_run(tmp_path, iterations=6, resume=True) as again:
        tensors, state = again.restored()
        other = torch.optim.AdamW(layer.parameters())
        restore_optimizer(other, tensors)

        assert again.iteration == 4
        assert len(again.curve) == 4
        assert state == {"best": 0.5}
        assert torch.equal(tensors["weight"], layer.weight)
        assert all(
            torch.equal(value, other.state_dict()["state"][number][key])
            for number, entry in optimizer.state_dict()["state"].items()
            for key, value in entry.items()
        )
        assert [again.iteration for _ in range(5) if again.goes_on()] == [5, 6]


def test_a_folder_with_a_run_is_not_overwritten(tmp_path: Path):
    with a_run(tmp_path) as run:
        run.checkpoint(dict, now=True)

    with pytest.raises(TrainingRefused, match="--resume"):
        a_run(tmp_path)


def test_a_run_with_other_settings_is_not_resumed(tmp_path: Path):
    with a_run(tmp_path) as run:
        run.checkpoint(dict, now=True)

    with pytest.raises(TrainingRefused, match="other settings"):
        a_run(tmp_path, settings={"width": 4}, resume=True)


def test_nothing_to_resume_is_said(tmp_path: Path):
    with pytest.raises(TrainingRefused, match="no run to resume"):
        a_run(tmp_path, resume=True)


def test_a_stop_between_the_two_files_of_a_checkpoint_is_survived(tmp_path: Path):
    with a_run(tmp_path) as run:
        run.goes_on()
        run.checkpoint(dict, lambda: {"number": 1}, now=True)
        run.goes_on()
        run.checkpoint(dict, lambda: {"number": 2}, now=True)
    about = tmp_path / "checkpoint.json"
    (tmp_path / "checkpoint.json.next").write_text(about.read_text())
    about.write_text(about.read_text().replace('"stamp": "2"', '"stamp": "1"'))

    with a_run(tmp_path, resume=True) as again:
        assert again.restored()[1] == {"number": 2}


def test_a_torn_checkpoint_is_refused(tmp_path: Path):
    with a_run(tmp_path) as run:
        run.goes_on()
        run.checkpoint(dict, now=True)
    about = tmp_path / "checkpoint.json"
    about.write_text(about.read_text().replace('"stamp": "1"', '"stamp": "9"'))

    with pytest.raises(TrainingRefused, match="torn"):
        a_run(tmp_path, resume=True)


def test_a_checkpoint_of_another_version_is_not_resumed(tmp_path: Path):
    with a_run(tmp_path) as run:
        run.checkpoint(dict, now=True)
    about = tmp_path / "checkpoint.json"
    about.write_text(about.read_text().replace('"format": 2', '"format": 1'))

    with pytest.raises(TrainingRefused, match="another version"):
        a_run(tmp_path, resume=True)


def test_a_signal_ends_a_run_after_the_iteration(tmp_path: Path):
    with a_run(tmp_path, iterations=1000) as run:
        while run.goes_on():
            if run.iteration == 3:
                os.kill(os.getpid(), signal.SIGTERM)

    assert run.stopped
    assert run.iteration == 3


class Diary(Watch):
    """Writes down what it is told, and wants what it was made with."""

    def __init__(self, wish: str = "go") -> None:
        self.wish, self.told = wish, []

    def on_progress(self, iteration, share, seconds, values):
        self.told.append(("progress", iteration, share, dict(values)))

    def on_point(self, point):
        self.told.append(("point", point["iteration"]))

    def on_checkpoint(self, folder):
        assert {f.name for f in folder.iterdir()} >= {"checkpoint.json", "checkpoint.safetensors"}
        self.told.append(("checkpoint", folder))

    def wanted(self):
        return self.wish


def test_whoever_watches_may_end_a_run(tmp_path: Path):
    with a_run(tmp_path, watch=Diary("finish")) as run:
        assert not run.goes_on()

    assert run.stopped
    assert not run.paused


def test_whoever_watches_may_pause_a_run(tmp_path: Path):
    with a_run(tmp_path, watch=Diary("pause")) as run:
        assert not run.goes_on()

    assert run.paused
    assert not run.stopped


def test_a_run_that_is_over_asks_nobody(tmp_path: Path):
    diary = Diary()
    with a_run(tmp_path, iterations=1, watch=diary) as run:
        assert run.goes_on()
        diary.wish = "pause"

        assert not run.goes_on()
    assert not run.paused


def test_whoever_watches_is_told_everything_and_nothing_is_printed(tmp_path: Path, capfd):
    diary = Diary()
    with a_run(tmp_path, iterations=2, watch=diary) as run:
        run.goes_on()
        run.log(loss=0.5)
        run.curve_point(loss=0.5, undefined=float("nan"))
        run.checkpoint(dict, now=True)

    assert diary.told == [
        ("progress", 1, 0.5, {"loss": 0.5}), ("point", 1), ("checkpoint", tmp_path)
    ]  # fmt: skip
    assert set(run.curve[0]) == {"iteration", "seconds", "loss"}
    assert capfd.readouterr() == ("", "")


def test_a_finished_run_leaves_weights_with_a_card(tmp_path: Path):
    with a_run(tmp_path) as run:
        while run.goes_on():
            run.curve_point(loss=1 / run.iteration)
        card = run.finish(
            "gan_unet", {"a": torch.full((3,), 0.5), "n": torch.tensor(7)}, technique="accompany",
            card={"data": "some"},
        )  # fmt: skip

    stored = load_file(tmp_path / "gan_unet.safetensors")
    assert stored["a"].dtype == torch.float16
    assert stored["n"].item() == 7
    assert json.loads((tmp_path / "gan_unet.json").read_text()) == card
    assert card["parameters"] == 4
    assert len(card["curves"]) == 10
    assert "<polyline" in (tmp_path / "curve.svg").read_text()


def test_the_device_is_chosen_only_when_nobody_named_one():
    assert choose_device("cpu") == "cpu"
    assert choose_device("auto") in {"cpu", "cuda"}
