"""Training from the request to the model, with the real loops on tiny sizes."""

import hashlib
import io
import shlex
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import override_settings
from django.utils import timezone

from jobs.models import Job
from jobs.services import claim, lose
from jobs.states import State
from jobs.sweeper import sweep
from lab.errors import NothingLearned, RunNotOver, RunOver, TooManyRuns, TrainingQuotaUsed
from lab.files import archive_of
from lab.models import CustomModel, Point, Sample, Sitting, TrainingRun
from lab.quotas import budget_of
from lab.selectors.runs import points_of, run_view, samples_of
from lab.services.data_sets import choose_parts
from lab.services.runs import cancel_run, change_run, delete_run, forget_resting_runs
from lab.wording import RunState, Wanted
from ml.cli import main
from studio.models import DiscardedFile
from studio.services.discarding import REST, remove_discarded_files
from tests.lab import NOW, make_data, make_run, train_everything
from workers import watching
from workers.runner import work_once

pytestmark = pytest.mark.django_db


def read(run: TrainingRun) -> TrainingRun:
    return TrainingRun.objects.select_related("job").get(pk=run.pk)


@pytest.mark.parametrize("kind", ["gan", "ar_cnn", "transformer"])
def test_a_run_becomes_a_model(participant, kind: str) -> None:
    run = make_run(participant, kind=kind)
    assert read(run).state == RunState.WAITING

    train_everything()

    run = read(run)
    assert (run.state, run.iteration) == (RunState.FINISHED, run.iterations)
    model = CustomModel.objects.get(run=run)
    assert (model.name, model.version, model.visibility) == ("Mine", 1, "private")
    assert default_storage.exists(model.weights_key)
    assert model.card["sha256"] == model.sha256
    assert model.card["lab"]["seed"] == run.seed
    assert points_of(run)[-1]["iteration"] == run.iterations
    assert Sitting.objects.get(run=run).cpu_seconds > 0
    assert run.checkpoint_key == ""


def weights_of(run: TrainingRun) -> str:
    return CustomModel.objects.get(run=run).sha256


@pytest.mark.parametrize("kind", ["gan", "ar_cnn", "transformer"])
def test_many_sittings_learn_the_same_as_one(participant, monkeypatch, kind: str) -> None:
    data = make_data(participant)
    whole = make_run(participant, data=data, kind=kind, iterations=4)
    train_everything()
    monkeypatch.setattr(watching, "SITTING", timedelta(0))

    parted = make_run(participant, data=data, kind=kind, iterations=4)
    sittings = train_everything()

    assert sittings == 4
    assert weights_of(parted) == weights_of(whole)
    assert without_seconds(points_of(parted)) == without_seconds(points_of(whole))
    assert samples_of(parted) == samples_of(whole)
    assert run_view(parted, NOW).state == RunState.FINISHED


def without_seconds(points: list[dict[str, float]]) -> list[dict[str, float]]:
    return [{k: v for k, v in point.items() if k != "seconds"} for point in points]


@pytest.fixture
def one_by_one(monkeypatch):
    """Each sitting is one iteration."""
    monkeypatch.setattr(watching, "SITTING", timedelta(0))


def sit(run: TrainingRun) -> TrainingRun:
    """Let a worker do one sitting."""
    assert work_once("train", "test")
    return read(run)


def test_a_run_pauses_rests_and_goes_on(participant, one_by_one) -> None:
    run = sit(make_run(participant, iterations=3))
    assert (run.state, run.iteration) == (RunState.WAITING, 1)

    change_run(run=run, wanted=Wanted.PAUSE, now=NOW)
    assert read(run).state == RunState.PAUSED
    assert train_everything() == 0
    change_run(run=run, wanted=Wanted.GO, now=NOW)
    assert read(run).state == RunState.WAITING
    train_everything()

    assert read(run).state == RunState.FINISHED


def test_a_pause_asked_for_while_it_trains_ends_the_sitting(participant, monkeypatch) -> None:
    run = make_run(participant, iterations=5)
    look = watching.SittingWatch._look

    def look_then_pause(watch) -> None:
        look(watch)
        if watch.progress.iteration == 2:
            change_run(run=run, wanted=Wanted.PAUSE, now=NOW)
            assert read(run).state == RunState.PAUSING
            look(watch)

    monkeypatch.setattr(watching, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(watching.SittingWatch, "_look", look_then_pause)

    run = sit(run)

    assert (run.state, run.iteration, run.checkpoint_iteration) == (RunState.PAUSED, 2, 2)
    assert default_storage.exists(run.checkpoint_key)


def test_a_run_stopped_early_makes_a_model_of_what_it_learned(participant, one_by_one) -> None:
    run = make_run(participant, iterations=50)
    with pytest.raises(NothingLearned):
        change_run(run=run, wanted=Wanted.FINISH, now=NOW)
    run = sit(sit(run))

    change_run(run=run, wanted=Wanted.FINISH, now=NOW)
    assert read(run).state == RunState.FINISHING
    train_everything()

    assert (read(run).state, read(run).iteration) == (RunState.FINISHED, 2)
    assert CustomModel.objects.get(run=run).card["trained"]["complete"] is False


def test_a_cancelled_run_ends_and_lets_its_checkpoint_go(participant, one_by_one) -> None:
    run = sit(make_run(participant))
    key = run.checkpoint_key
    with pytest.raises(RunNotOver):
        delete_run(run=run, now=NOW)

    cancel_run(run=run, now=NOW)

    assert read(run).state == RunState.CANCELLED
    assert train_everything() == 0
    assert DiscardedFile.objects.filter(key=key).exists()
    for wanted in Wanted:
        with pytest.raises(RunOver):
            change_run(run=run, wanted=wanted, now=NOW)
    delete_run(run=run, now=NOW)
    assert not Point.objects.exists()
    assert not Sample.objects.exists()
    assert budget_of(participant, timezone.now()).used > 0  # deleting gives no time back


def test_a_run_cancelled_while_it_trains_stops_at_the_next_look(participant, monkeypatch) -> None:
    run = make_run(participant)
    monkeypatch.setattr(watching, "LOOK_EVERY", 0.0)
    look = watching.SittingWatch._look

    def cancel_then_look(watch) -> None:
        if watch.progress.iteration == 2:
            cancel_run(run=run, now=NOW)
        look(watch)

    monkeypatch.setattr(watching.SittingWatch, "_look", cancel_then_look)

    run = sit(run)

    assert (run.state, run.job.state) == (RunState.CANCELLED, State.CANCELLED)
    assert not CustomModel.objects.exists()


def test_a_worker_that_wakes_up_too_late_harms_nothing(participant, monkeypatch) -> None:
    run = make_run(participant, iterations=3)
    look = watching.SittingWatch._look

    def lose_the_lease(watch) -> None:
        if watch.progress.iteration == 2:
            lose(job=Job.objects.get(pk=run.job_id), now=timezone.now(), why="silent")
        look(watch)

    with monkeypatch.context() as patched:
        patched.setattr(watching, "LOOK_EVERY", 0.0)
        patched.setattr(watching.SittingWatch, "_look", lose_the_lease)
        run = sit(run)
    assert (run.checkpoint_key, run.finished_at) == ("", None)
    assert not CustomModel.objects.exists()

    sweep(now=timezone.now() + timedelta(seconds=5))
    train_everything()

    assert read(run).state == RunState.FINISHED
    assert Sitting.objects.filter(run=run).count() == 2


def test_checkpoints_leave_no_files_behind(participant, one_by_one) -> None:
    run = make_run(participant, iterations=3)
    keys = set()
    for _ in range(2):
        run = sit(run)
        keys.add(run.checkpoint_key)
        assert default_storage.exists(run.checkpoint_key)

    train_everything()

    assert len(keys) == 2
    remove_discarded_files(timezone.now() + 2 * REST)
    assert not any(default_storage.exists(key) for key in keys)
    assert default_storage.exists(CustomModel.objects.get().weights_key)


def test_as_many_runs_as_one_person_may_have(participant) -> None:
    data = make_data(participant)
    with override_settings(LAB_RUNS_AT_ONCE=1):
        run = make_run(participant, data=data)
        with pytest.raises(TooManyRuns, match="1 runs"):
            make_run(participant, data=data)
        change_run(run=run, wanted=Wanted.PAUSE, now=NOW)
        make_run(participant, data=data)
        with pytest.raises(TooManyRuns):
            change_run(run=run, wanted=Wanted.GO, now=NOW)


def test_time_that_is_used_up_pauses_a_run_and_says_until_when(participant, one_by_one) -> None:
    run = sit(make_run(participant, iterations=5))
    with override_settings(LAB_CPU_MINUTES=0):
        run = sit(run)
        assert run.state == RunState.PAUSED
        assert "given back on" in run.pause_reason
        with pytest.raises(TrainingQuotaUsed) as refused:
            change_run(run=run, wanted=Wanted.GO, now=NOW)
        assert refused.value.extra["resets_at"] == "2026-12-01T00:00:00+00:00"
        with pytest.raises(TrainingQuotaUsed):
            make_run(participant)

    change_run(run=run, wanted=Wanted.GO, now=NOW)
    train_everything()

    assert read(run).state == RunState.FINISHED


def test_a_failure_of_the_platform_can_be_gone_on_from(participant, one_by_one) -> None:
    run = sit(make_run(participant, iterations=3))
    for _ in range(3):
        job = Job.objects.get(pk=run.job_id)
        claim(queue="train", worker="gone", now=timezone.now())
        lose(job=Job.objects.get(pk=job.pk), now=timezone.now(), why="killed")
        sweep(now=timezone.now() + timedelta(seconds=5))
    view = run_view(run, NOW)
    assert (view.state, view.code, view.may_go_on) == (RunState.FAILED, "platform_failed", True)

    change_run(run=view.run, wanted=Wanted.GO, now=NOW)
    train_everything()

    assert read(run).state == RunState.FINISHED


@pytest.mark.parametrize("kind", ["gan", "ar_cnn", "transformer"])
def test_the_command_on_the_card_makes_the_very_same_weights(
    participant, tmp_path, kind: str
) -> None:
    data = make_data(participant)
    choose_parts(data_set=data, file="piece 1.mid", parts=[0, 1, 2, None])
    run = make_run(participant, data=data, kind=kind, iterations=2)
    train_everything()
    model = CustomModel.objects.get(run=run)
    with zipfile.ZipFile(io.BytesIO(archive_of(data))) as archive:
        archive.extractall(tmp_path)

    words = shlex.split(model.card["command"])
    out = tmp_path / "out"
    places = {"DIR": str(out), "mine": str(tmp_path / "mine")}
    assert main([places.get(word, word) for word in words[3:]]) == 0

    made = (out / f"{model.weights}.safetensors").read_bytes()
    assert hashlib.sha256(made).hexdigest() == model.sha256


def test_runs_that_rest_are_bounded_and_given_up_in_the_end(participant, one_by_one) -> None:
    data = make_data(participant)
    run = sit(make_run(participant, data=data))
    change_run(run=run, wanted=Wanted.PAUSE, now=NOW)
    with override_settings(LAB_RESTING_RUNS=1), pytest.raises(TooManyRuns, match="not ended"):
        make_run(participant, data=data)
    key = read(run).checkpoint_key

    forget_resting_runs(timezone.now() + timedelta(days=59))
    assert read(run).state == RunState.PAUSED
    forget_resting_runs(timezone.now() + timedelta(days=61))

    assert read(run).state == RunState.CANCELLED
    assert DiscardedFile.objects.filter(key=key).exists()


def test_a_run_that_lost_all_it_learned_is_not_finished_with_nothing(participant) -> None:
    run = make_run(participant)
    TrainingRun.objects.filter(pk=run.pk).update(iteration=5)  # told, but never stored

    change_run(run=run, wanted=Wanted.FINISH, now=NOW)
    train_everything()

    assert read(run).state == RunState.FINISHED
    assert read(run).iteration == 1
