"""Generations from the request to the result, with the real handlers and tiny real weights."""

import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from jobs import services as jobs
from jobs.models import Job, JobEvent
from jobs.states import FENCED_OUT, Fault, State
from ml.music import read_canonical
from ml.techniques import EditEvent, replay
from studio.files import song_at
from studio.models import Composition, Generation, Origin
from studio.selectors.generations import events_of
from studio.services.compositions import create_composition, delete_composition
from studio.services.generations import cancel_generation, record_generation
from tests.studio import (
    NOW,
    ask,
    compose,
    damage_weights,
    drums_alone,
    generate_everything,
    job_of,
    remove_weights,
)
from workers import context as worker_context
from workers import generation as handler
from workers.runner import work_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture
def tune(participant):
    return compose(participant)


@pytest.mark.parametrize("technique", ["accompany", "edit", "extend"])
def test_a_generation_becomes_a_composition_of_its_owner(tune, participant, technique):
    generation = ask(tune, technique)
    generate_everything()

    generation.refresh_from_db()
    output = Composition.objects.get(generation=generation)
    assert job_of(generation).state == State.SUCCEEDED
    assert job_of(generation).result == {"composition": str(output.pk)}
    assert (output.owner, output.origin) == (participant, Origin.GENERATION)
    assert output.title.startswith("A tune ")
    assert generation.notes_in == tune.n_notes
    assert generation.notes_out == output.n_notes == song_at(output.midi_key).n_notes
    assert generation.notes_out == generation.notes_in + generation.added - generation.removed
    assert generation.attempt == 1
    assert generation.seconds > 0


def test_replaying_the_stored_events_on_the_input_gives_the_output(tune):
    generation = ask(tune, "edit")
    generate_everything()

    generation.refresh_from_db()
    events = [EditEvent.from_dict(row) for row in events_of(generation)]
    assert len(events) == generation.n_events > 0
    replayed = replay(song_at(generation.input_key), events)
    assert replayed.to_midi() == song_at(generation.output.midi_key).to_midi()


@pytest.mark.parametrize("technique", ["accompany", "edit", "extend"])
def test_the_same_seed_gives_the_same_bytes(tune, technique):
    generations = [ask(tune, technique, seed=99) for _ in range(2)]
    Job.objects.update(batch="")  # alone: a batch sums in another order
    generate_everything()

    first, second = (Composition.objects.get(generation=made) for made in generations)
    assert first.midi_sha256 == second.midi_sha256


def test_what_was_used_is_what_the_card_says(tune, weights):
    generation = ask(tune, "edit")
    generate_everything()

    generation.refresh_from_db()
    card = json.loads((weights / "ar_cnn.json").read_text())
    assert generation.model == "ar_cnn"
    assert generation.model_sha256 == card["sha256"]


def test_music_without_a_melody_is_refused_with_its_reason(participant):
    drums = create_composition(owner=participant, upload=drums_alone(), title="Beat", now=NOW)
    generation = ask(drums, "edit")
    generate_everything()

    job = job_of(generation)
    assert (job.state, job.fault, job.error_code) == (State.FAILED, Fault.INPUT, "no_melody")
    assert job.attempt == 1
    assert not Composition.objects.filter(generation=generation).exists()


@pytest.mark.parametrize("harm", [damage_weights, remove_weights], ids=["damaged", "missing"])
def test_weights_that_fail_while_a_job_waits_end_that_job_alone_and_at_once(tune, harm):
    refused, fine = ask(tune, "edit"), ask(tune, "extend")
    harm("ar_cnn")
    generate_everything()

    job = job_of(refused)
    assert (job.state, job.fault, job.attempt) == (State.FAILED, Fault.INPUT, 1)
    assert job.error_code == "technique_unavailable"
    assert "ar_cnn" in job.error_detail
    assert job_of(fine).state == State.SUCCEEDED


def test_weights_that_come_back_are_used_without_a_restart(tune, weights, tiny_weights):
    first = ask(tune, "edit")
    damage_weights("ar_cnn")
    generate_everything()
    assert job_of(first).state == State.FAILED

    (weights / "ar_cnn.safetensors").write_bytes((tiny_weights / "ar_cnn.safetensors").read_bytes())
    second = ask(tune, "edit")
    generate_everything()

    assert job_of(second).state == State.SUCCEEDED


def test_settings_that_no_model_takes_any_more_are_refused_once(tune):
    generation = ask(tune, "accompany", tracks=3, style="chorale")
    stored = generation.parameters | {"tracks": 4}  # drums are arcade's alone
    Generation.objects.filter(pk=generation.pk).update(parameters=stored)
    generate_everything()

    job = job_of(generation)
    assert (job.state, job.error_code, job.attempt) == (State.FAILED, "invalid_parameters", 1)


def test_a_generation_cancelled_while_it_waits_never_runs(tune, participant):
    generation = ask(tune)
    cancel_generation(generation=generation, actor=participant, now=NOW)

    assert generate_everything() == 0
    assert job_of(generation).state == State.CANCELLED


def test_a_generation_cancelled_at_work_stops_between_two_steps(tune, participant, monkeypatch):
    generation = ask(tune, "edit", sampling_iterations=100)
    monkeypatch.setattr(worker_context, "REPORT_EVERY", 0.0)
    real, steps = handler.run, []

    def cancelled_at_the_third_step(*args, progress, **kwargs):
        def step(share, word):
            steps.append(share)
            if len(steps) == 3:
                cancel_generation(generation=generation, actor=participant, now=NOW)
            progress(share, word)

        return real(*args, progress=step, **kwargs)

    monkeypatch.setattr(handler, "run", cancelled_at_the_third_step)
    generate_everything()

    assert job_of(generation).state == State.CANCELLED
    assert len(steps) == 3
    assert not Composition.objects.filter(generation=generation).exists()


def test_progress_reaches_those_who_wait(tune, monkeypatch):
    generation = ask(tune, "edit")
    monkeypatch.setattr(worker_context, "REPORT_EVERY", 0.0)
    seen = []
    real = jobs.heartbeat

    def overheard(**kwargs):
        seen.append(kwargs.get("progress"))
        return real(**kwargs)

    monkeypatch.setattr(jobs, "heartbeat", overheard)
    generate_everything()

    assert job_of(generation).state == State.SUCCEEDED
    shares = [share for share in seen if share is not None]
    assert shares == sorted(shares)
    assert len(set(shares)) > 3


def test_deleting_the_input_cancels_what_waits_and_keeps_what_was_made(tune, participant):
    made = ask(tune, seed=1)
    generate_everything()
    waiting = ask(tune, seed=2)
    delete_composition(composition=tune, actor=participant, now=NOW)

    assert generate_everything() == 0
    assert job_of(waiting).state == State.CANCELLED
    assert Composition.objects.kept().get(generation=made).generation.input == tune


def test_a_late_result_of_a_lost_lease_is_refused(tune):
    generation = ask(tune)
    lease = jobs.claim(queue="generate", worker="frozen", now=NOW)
    jobs.lose(job=lease.job, now=NOW, why="It was silent.")
    Job.objects.update(state=State.READY, not_before=None)
    record = handler.generate(lease.job, _StillContext(lease.attempt))
    generate_everything()

    assert not jobs.finish(lease=lease, record=record, now=timezone.now())

    generation.refresh_from_db()
    assert generation.attempt == 2
    assert Composition.objects.filter(generation=generation).count() == 1
    assert JobEvent.objects.filter(job=generation.job, name=FENCED_OUT, attempt=1).exists()


class _StillContext:
    """What a handler of a frozen worker sees: nothing that tells it to stop."""

    def __init__(self, attempt):
        self.attempt = attempt

    def report(self, share, word=""):
        pass

    tell = report

    def cancelled(self):
        return False

    def check(self):
        pass


def test_recording_twice_leaves_one_result(tune, monkeypatch):
    calls = []

    def twice(**kwargs):
        calls.append(kwargs)
        record_generation(**kwargs)
        return record_generation(**kwargs)

    monkeypatch.setattr(handler, "record_generation", twice)
    generation = ask(tune)
    generate_everything()

    assert len(calls) == 1
    assert Composition.objects.filter(generation=generation).count() == 1


def test_each_attempt_writes_its_events_under_its_own_name(tune):
    generation = ask(tune, "edit")
    Job.objects.update(attempt=1)
    generate_everything()

    generation.refresh_from_db()
    assert generation.attempt == 2
    assert generation.events_key == f"generations/{generation.pk}/2-events.json"
    assert default_storage.exists(generation.events_key)


def test_a_full_disk_is_tried_again(tune, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    generation = ask(tune, "edit")
    monkeypatch.setattr(type(default_storage._wrapped), "_save", full)
    generate_everything()

    job = job_of(generation)
    assert (job.state, job.error_code) == (State.BACKOFF, "StorageUnavailable")

    monkeypatch.undo()
    Job.objects.update(state=State.READY, not_before=None)
    generate_everything()
    assert job_of(generation).state == State.SUCCEEDED


def test_a_result_is_the_canonical_file_that_any_reader_takes(tune):
    generation = ask(tune, "accompany")
    generate_everything()

    output = Composition.objects.get(generation=generation)
    with default_storage.open(output.midi_key) as file:
        content = file.read()
    assert len(content) == output.midi_size
    assert read_canonical(content).to_midi() == content


def test_scoring_workers_leave_generations_alone(tune):
    ask(tune)

    assert not work_once("score", "test")
    assert Job.objects.ready().filter(queue="generate").count() == 1


def test_a_lease_is_long_enough_for_its_pulse_and_the_limit_bounds_a_runaway(tune):
    ask(tune)
    lease = jobs.claim(queue="generate", worker="w", now=NOW)

    assert lease.job.lease_until == NOW + timedelta(seconds=20)
