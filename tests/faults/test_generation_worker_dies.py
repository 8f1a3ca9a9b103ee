"""The worker that runs the models is killed, stopped or sent broken weights, as real processes."""

import os
import signal
from pathlib import Path

import pytest

from jobs.models import Job
from jobs.states import Fault, State
from studio.models import Composition, Generation
from tests.factories import make_person
from tests.faults.running import (
    Running,
    child_of,
    leased_job,
    make_jobs,
    wait_for_the_end,
    wait_until,
)
from tests.studio import ask, compose

pytestmark = pytest.mark.faults


@pytest.fixture
def owner(running, weights: Path, monkeypatch):
    """A person; the processes of the test use tiny weights."""
    monkeypatch.setenv("COUNTERPOINT_WEIGHTS_DIR", str(weights))
    return make_person()


def assert_each_made_one_composition() -> None:
    assert set(Job.objects.values_list("state", flat=True)) == {State.SUCCEEDED}
    made = list(Composition.objects.exclude(generation=None).values_list("generation", flat=True))
    assert sorted(made) == sorted(Generation.objects.values_list("pk", flat=True))


def test_a_pass_of_a_killed_child_is_done_again_one_by_one(running: Running, owner) -> None:
    tune = compose(owner)
    generations = [ask(tune, seed=seed, extension_duration=20) for seed in range(6)]
    running.start_worker(children=1, queue="generate")
    running.start_sweeper()

    victim = leased_job()
    wait_until(lambda: Job.objects.leased().count() == 6, "all are claimed together")
    os.kill(child_of(victim), signal.SIGKILL)
    wait_for_the_end(90)

    assert_each_made_one_composition()
    assert set(Job.objects.values_list("attempt", flat=True)) == {2}
    for generation in generations:
        names = [event.name for event in generation.job.events.all()]
        assert names.count("lost") == names.count("succeeded") == 1


def test_a_killed_worker_s_generations_are_done_by_the_next(running: Running, owner) -> None:
    tune = compose(owner)
    for technique in ("edit", "accompany", "extend"):
        ask(tune, technique)
    worker = running.start_worker(children=1, queue="generate")
    running.start_sweeper()

    leased_job()
    running.kill(worker)
    running.start_worker(children=1, queue="generate")
    wait_for_the_end(90)

    assert_each_made_one_composition()


def test_a_worker_told_to_stop_gives_a_whole_pass_back(running: Running, owner) -> None:
    tune = compose(owner)
    for seed in range(4):
        ask(tune, seed=seed, extension_duration=30)
    worker = running.start_worker(children=1, queue="generate")
    wait_until(lambda: Job.objects.leased().count() == 4, "all are claimed together")

    worker.terminate()
    worker.wait(10)

    # A pass that was nearly done may have ended; nothing is left with a worker that is gone.
    assert not Job.objects.leased().exists()
    ended = Job.objects.filter(state=State.SUCCEEDED).count()
    assert Job.objects.ready().count() == 4 - ended


def test_broken_weights_stop_one_technique_and_a_new_worker_needs_no_care(
    running: Running, owner, weights: Path
) -> None:
    tune = compose(owner)
    broken, fine = ask(tune, "edit"), ask(tune, "extend")
    file = weights / "ar_cnn.safetensors"
    file.write_bytes(file.read_bytes()[:1000])
    running.start_worker(children=1, queue="generate")
    running.start_sweeper()
    wait_for_the_end(60)

    job, other = (Job.objects.get(pk=made.job_id) for made in (broken, fine))
    assert (job.state, job.fault, job.attempt) == (State.FAILED, Fault.INPUT, 1)
    assert job.error_code == "technique_unavailable"
    assert other.state == State.SUCCEEDED


def test_scores_do_not_wait_behind_generations(running: Running, owner) -> None:
    generation = ask(compose(owner), "edit")
    generator = running.start_worker(children=1, queue="generate")
    leased_job()
    running.signal(generator, signal.SIGSTOP)  # a generation that takes for ever

    running.start_worker(children=1)
    [quick] = make_jobs(1, "quick")
    wait_until(lambda: Job.objects.get(pk=quick.pk).is_final, "the score is there")

    assert Job.objects.get(pk=generation.job_id).state == State.LEASED
