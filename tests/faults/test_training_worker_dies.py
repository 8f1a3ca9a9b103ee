"""The worker that trains is killed again and again: the model comes out as if it had not been."""

import os
import signal
from typing import Any

import pytest

from jobs.models import Job
from jobs.states import State
from lab.models import CustomModel, DataSet, Sitting, TrainingRun
from lab.selectors.runs import points_of, samples_of
from lab.services.runs import change_run
from lab.wording import RunState, Wanted
from tests.factories import make_person
from tests.faults.running import Running, child_of, wait_for_the_end, wait_until
from tests.lab import NOW, make_data, make_run

pytestmark = pytest.mark.faults


@pytest.fixture
def data(running: Running) -> DataSet:
    return make_data(make_person())


def ask(data: DataSet, **settings: Any) -> TrainingRun:
    return make_run(data.owner, data=data, iterations=60, **settings)


def read(run: TrainingRun) -> TrainingRun:
    return TrainingRun.objects.select_related("job").get(pk=run.pk)


def wait_for_iteration(run: TrainingRun, iteration: int) -> None:
    """Wait until a checkpoint of this iteration, or a later one, is in the store."""
    wait_until(
        lambda: (read(run).checkpoint_iteration or 0) >= iteration, f"iteration {iteration}", 120
    )


def kill_whoever_trains(run: TrainingRun) -> None:
    job = Job.objects.get(pk=read(run).job_id)
    assert job.state == State.LEASED
    os.kill(child_of(job), signal.SIGKILL)
    attempt = job.attempt
    wait_until(
        lambda: Job.objects.filter(pk=job.pk, state=State.LEASED, attempt__gt=attempt).exists(),
        "another attempt begins",
    )


def curve(run: TrainingRun) -> list[dict[str, float]]:
    return [{k: v for k, v in point.items() if k != "seconds"} for point in points_of(run)]


def test_a_run_killed_twice_ends_with_the_weights_of_an_unkilled_one(
    running: Running, data: DataSet
) -> None:
    unhurt, hurt = ask(data), ask(data)
    running.start_worker(children=1, queue="train")
    running.start_sweeper()
    wait_until(lambda: read(unhurt).state == RunState.FINISHED, "the first run ends", 180)

    wait_for_iteration(hurt, 10)
    kill_whoever_trains(hurt)
    wait_for_iteration(hurt, 35)
    kill_whoever_trains(hurt)
    wait_for_the_end(180)

    assert read(hurt).state == RunState.FINISHED
    first, second = (CustomModel.objects.get(run=run) for run in (unhurt, hurt))
    assert second.sha256 == first.sha256
    assert curve(hurt) == curve(unhurt)
    assert samples_of(hurt) == samples_of(unhurt)
    begun_at = list(Sitting.objects.filter(run=hurt).order_by("pk").values_list("from_iteration"))
    assert begun_at[0] == (0,)
    assert begun_at[1] >= (10,)
    assert begun_at[2] >= (35,)


def test_a_worker_told_to_stop_loses_nothing_that_was_stored(
    running: Running, data: DataSet
) -> None:
    run = ask(data)
    worker = running.start_worker(children=1, queue="train")
    running.start_sweeper()
    wait_for_iteration(run, 10)

    worker.terminate()
    worker.wait(20)
    running.start_worker(children=1, queue="train")
    wait_for_the_end(180)

    assert read(run).state == RunState.FINISHED
    assert Sitting.objects.filter(run=run).order_by("pk").last().from_iteration >= 10


def test_a_pause_reaches_a_worker_in_another_process(running: Running, data: DataSet) -> None:
    run = ask(data, size="small", batch_size=32)
    running.start_worker(children=1, queue="train")
    running.start_sweeper()
    wait_for_iteration(run, 2)

    change_run(run=run, wanted=Wanted.PAUSE, now=NOW)
    wait_until(lambda: read(run).state == RunState.PAUSED, "it pauses")
    rested = read(run)
    change_run(run=run, wanted=Wanted.FINISH, now=NOW)
    wait_until(lambda: read(run).state == RunState.FINISHED, "it finishes early", 120)

    assert 2 <= rested.iteration < 60
    assert read(run).iteration == rested.iteration
