"""A run that is killed, paused or stopped goes on as if nothing had happened, to the last bit."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ml.data.grids import store
from ml.training import ar_cnn, gan, transformer
from ml.training.watch import Watch
from tests.unit.ml.gan_songs import grid_piece

KINDS = {
    "gan": (gan, {"batch_size": 4, "critic_updates": 1}),
    "ar_cnn": (ar_cnn, {}),
    "transformer": (transformer, {}),
}
NAMES = {"gan": "gan_unet"}
ITERATIONS = 52  # a GAN's warm-up ends at 20; all kinds have points by 25, samples at 50


class Killed(Exception):
    """Stands for a process that is gone."""


class Fate(Watch):
    """Kills the run in the middle of an iteration, or wishes for something before one."""

    def __init__(self, *, kill_at: int = -1, wish_at: int = -1, wish: str = "go") -> None:
        self.kill_at, self.wish_at, self.wish = kill_at, wish_at, wish
        self.iteration = 0
        self.points, self.samples = {}, {}

    def on_progress(self, iteration, share, seconds, values):
        self.iteration = iteration
        if iteration == self.kill_at:
            raise Killed

    def on_point(self, point):
        self.points[point["iteration"]] = {n: v for n, v in point.items() if n != "seconds"}

    def on_sample(self, sample):
        self.samples[sample["iteration"]] = sample

    def wanted(self):
        return self.wish if self.iteration == self.wish_at else "go"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grids")
    rows = [(side, grid_piece(f"{side}{n}", seed=n, steps=96))
            for side in ("train", "valid") for n in range(3)]  # fmt: skip
    store("chorale", rows, folder=folder)
    return folder


def train(kind: str, out: Path, prepared: Path, **changes):
    module, options = KINDS[kind]
    return module.train(
        out=out, prepared=prepared,
        **{"style": "chorale", "data": None, "iterations": ITERATIONS, "minutes": None, "seed": 4,
           "resume": False, "device": "cpu", "as_json": True, "size": "tiny",
           "checkpoint_every": 0.0, **options, **changes},
    )  # fmt: skip


@pytest.fixture(scope="module", params=list(KINDS))
def whole(request, prepared, tmp_path_factory):
    """A run of one kind that nothing happens to."""
    out = tmp_path_factory.mktemp("whole")
    watch = Fate()
    card = train(request.param, out, prepared, watch=watch)
    return request.param, out, card, watch


def moved(before: Path, after: Path) -> Path:
    """Take only the two files of the checkpoint along, as another machine would."""
    after.mkdir()
    for name in ("checkpoint.json", "checkpoint.safetensors"):
        shutil.copy(before / name, after / name)
    return after


def assert_the_same(whole, out: Path, card, *fates: Fate) -> None:
    kind, first_out, first_card, first_fate = whole
    name = NAMES.get(kind, kind)
    assert card["sha256"] == first_card["sha256"]
    one, other = ((f / f"{name}.safetensors").read_bytes() for f in (first_out, out))
    assert one == other
    points = [{n: v for n, v in p.items() if n != "seconds"} for p in card["curves"]]
    assert points == list(first_fate.points.values())
    told = {i: p for fate in fates for i, p in fate.points.items()}
    assert told == first_fate.points
    samples = f"{name}.samples.json"
    assert (out / samples).read_bytes() == (first_out / samples).read_bytes()
    assert {i: s for f in fates for i, s in f.samples.items()} == first_fate.samples


def test_a_run_that_is_killed_twice_ends_as_one_that_was_not(whole, prepared, tmp_path):
    kind = whole[0]
    fates = [Fate(kill_at=7), Fate(kill_at=41), Fate()]
    with pytest.raises(Killed):
        train(kind, tmp_path / "1", prepared, watch=fates[0])
    two = moved(tmp_path / "1", tmp_path / "2")
    with pytest.raises(Killed):
        train(kind, two, prepared, resume=True, watch=fates[1])
    three = moved(two, tmp_path / "3")

    card = train(kind, three, prepared, resume=True, watch=fates[2], checkpoint_every=1e9)

    assert_the_same(whole, three, card, *fates)


def test_a_paused_run_is_not_finished_and_goes_on_exactly(whole, prepared, tmp_path):
    kind = whole[0]
    pause = Fate(wish_at=33, wish="pause")

    assert train(kind, tmp_path / "1", prepared, watch=pause, checkpoint_every=1e9) is None

    assert json.loads((tmp_path / "1" / "checkpoint.json").read_text())["iteration"] == 33
    assert not (tmp_path / "1" / f"{NAMES.get(kind, kind)}.json").exists()
    rest = Fate()
    card = train(kind, tmp_path / "1", prepared, resume=True, watch=rest)
    assert_the_same(whole, tmp_path / "1", card, pause, rest)


def test_a_run_that_was_ended_early_has_weights_and_can_still_go_on_exactly(
    whole, prepared, tmp_path
):
    kind = whole[0]
    early = Fate(wish_at=33, wish="finish")

    card = train(kind, tmp_path / "1", prepared, watch=early)

    assert (card["trained"]["iterations"], card["trained"]["complete"]) == (33, False)
    assert card["curves"][-1]["iteration"] == 33
    whole_card = train(kind, tmp_path / "1", prepared, resume=True, watch=Fate())
    assert whole_card["sha256"] == whole[2]["sha256"]


def test_the_first_sample_brings_the_melodies(whole):
    fate = whole[3]

    assert sorted(fate.samples) == [0, 50, ITERATIONS]
    assert [len(s.get("melodies", ())) for s in fate.samples.values()] == [3, 0, 0]
    assert all(any(window) for s in fate.samples.values() for window in s["windows"])


def test_a_process_that_is_killed_by_the_system_can_be_resumed_exactly(prepared, tmp_path):
    code = f"""
import os, signal
from pathlib import Path
from tests.unit.ml.test_exact_resume import Fate, train

class Fatal(Fate):
    def on_progress(self, iteration, *rest):
        if iteration == 20:
            os.kill(os.getpid(), signal.SIGKILL)

train("transformer", Path({str(tmp_path / "1")!r}), Path({str(prepared)!r}), watch=Fatal())
"""
    unharmed = train("transformer", tmp_path / "0", prepared, watch=Fate())
    ended = subprocess.run([sys.executable, "-c", code], check=False)

    card = train("transformer", tmp_path / "1", prepared, resume=True, watch=Fate())

    assert ended.returncode == -signal.SIGKILL
    assert card["sha256"] == unharmed["sha256"]
