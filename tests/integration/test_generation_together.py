"""Compatible generations in one pass of the model: one batch, an end of its own for each."""

import pytest
from django.utils import timezone

from jobs import services as jobs
from jobs.models import Job, JobEvent
from jobs.states import Fault, State
from studio.models import Composition
from studio.services.compositions import create_composition
from studio.services.generations import cancel_generation
from tests.factories import make_person
from tests.studio import (
    NOW,
    ask,
    compose,
    damage_weights,
    drums_alone,
    generate_everything,
    job_of,
)
from workers import context as worker_context
from workers import generation as handler
from workers.runner import work_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture
def passes(monkeypatch):
    """The number of pieces in each pass of a model, as they happen."""
    sizes: list[int] = []
    real = handler.run_many

    def counted(technique, requests, **kwargs):
        sizes.append(len(requests))
        return real(technique, requests, **kwargs)

    monkeypatch.setattr(handler, "run_many", counted)
    return sizes


def states(generations) -> list[str]:
    return [job_of(generation).state for generation in generations]


def test_queued_extensions_run_in_one_pass(participant, passes):
    tunes = [compose(participant, seed=seed) for seed in range(5)]
    generations = [ask(tune, seed=seed) for seed, tune in enumerate(tunes)]

    assert generate_everything() == 1
    assert passes == [5]
    assert states(generations) == [State.SUCCEEDED] * 5
    for generation, tune in zip(generations, tunes, strict=True):
        output = Composition.objects.get(generation=generation)
        assert output.generation.input == tune
        assert output.n_notes > tune.n_notes


def test_people_share_a_pass_and_keep_their_own_results(passes):
    people = [make_person() for _ in range(3)]
    generations = [ask(compose(person, seed=9)) for person in people]
    generate_everything()

    assert passes == [3]
    owners = [Composition.objects.get(generation=made).owner for made in generations]
    assert owners == people


def test_a_pass_holds_thirty_two_pieces_at_most(participant, passes, settings):
    settings.MAX_GENERATIONS_AT_ONCE = 100
    tune = compose(participant)
    generations = [ask(tune, seed=seed, extension_duration=1) for seed in range(35)]

    assert generate_everything() == 2
    assert passes == [32, 3]
    assert states(generations) == [State.SUCCEEDED] * 35


def test_other_techniques_wait_for_a_turn_of_their_own(participant, passes):
    tune = compose(participant)
    kinds = ["extend", "edit", "extend", "accompany"]
    generations = [ask(tune, kind, seed=seed) for seed, kind in enumerate(kinds)]

    assert generate_everything() == 3
    assert passes == [2]
    assert states(generations) == [State.SUCCEEDED] * 4


def test_one_that_is_refused_does_not_spoil_the_others(participant, passes):
    drums = create_composition(owner=participant, upload=drums_alone(), title="Beat", now=NOW)
    good = [ask(compose(participant, seed=seed)) for seed in (1, 2)]
    bad = ask(drums)
    generate_everything()

    assert passes == [3]
    assert states(good) == [State.SUCCEEDED] * 2
    job = job_of(bad)
    assert (job.state, job.fault, job.error_code) == (State.FAILED, Fault.INPUT, "no_melody")


def test_one_whose_file_is_lost_is_tried_again_alone(participant, passes):
    good = ask(compose(participant, seed=1))
    lost = ask(compose(participant, seed=2))
    lost.input_key = "midi/00/nothing.mid"
    lost.save()
    generate_everything()

    assert states([good, lost]) == [State.SUCCEEDED, State.BACKOFF]
    assert job_of(lost).error_code == "StorageUnavailable"


def test_damaged_weights_end_every_one_of_them_at_once(participant):
    tune = compose(participant)
    generations = [ask(tune, seed=seed) for seed in range(3)]
    damage_weights("transformer")
    generate_everything()

    assert {job_of(made).error_code for made in generations} == {"technique_unavailable"}
    assert states(generations) == [State.FAILED] * 3


def test_one_cancelled_on_the_way_is_dropped_and_the_others_go_on(participant, monkeypatch, passes):
    monkeypatch.setattr(worker_context, "REPORT_EVERY", 0.0)
    tune = compose(participant)
    first, second, third = (ask(tune, seed=seed) for seed in range(3))
    _cancel_during(monkeypatch, [second], participant)
    generate_everything()

    assert states([first, second, third]) == [State.SUCCEEDED, State.CANCELLED, State.SUCCEEDED]
    assert not Composition.objects.filter(generation=second).exists()


def test_a_pass_that_nobody_waits_for_any_more_is_stopped(participant, monkeypatch):
    monkeypatch.setattr(worker_context, "REPORT_EVERY", 0.0)
    tune = compose(participant)
    generations = [ask(tune, seed=seed, extension_duration=30) for seed in range(2)]
    seen = _cancel_during(monkeypatch, generations, participant)
    generate_everything()

    assert states(generations) == [State.CANCELLED] * 2
    assert max(seen) < 0.5


def _cancel_during(monkeypatch, generations, actor) -> list[float]:
    """Cancel generations at the pass's first report; return the shares reported."""
    real, seen = handler.run_many, []

    def cancelling(technique, requests, *, progress, **kwargs):
        def report(share, word):
            if not seen:
                for made in generations:
                    cancel_generation(generation=made, actor=actor, now=NOW)
            seen.append(share)
            progress(share, word)

        return real(technique, requests, progress=report, **kwargs)

    monkeypatch.setattr(handler, "run_many", cancelling)
    return seen


def test_all_who_share_a_pass_see_its_progress(participant, monkeypatch):
    monkeypatch.setattr(worker_context, "REPORT_EVERY", 0.0)
    tune = compose(participant)
    generations = [ask(tune, seed=seed, extension_duration=8) for seed in range(3)]
    heard: dict[object, set[float]] = {}
    real = jobs.heartbeat

    def overheard(*, lease, progress=None, **kwargs):
        if progress is not None:
            heard.setdefault(lease.job.pk, set()).add(progress)
        return real(lease=lease, progress=progress, **kwargs)

    monkeypatch.setattr(jobs, "heartbeat", overheard)
    generate_everything()

    assert set(heard) == {made.job_id for made in generations}
    assert all(len(shares) > 2 for shares in heard.values())


def test_a_lease_lost_on_the_way_is_recorded_by_its_new_holder_alone(participant, monkeypatch):
    tune = compose(participant)
    kept, lost = (ask(tune, seed=seed) for seed in range(2))
    real = handler.run_many

    def losing(*args, **kwargs):
        made = real(*args, **kwargs)
        jobs.lose(job=job_of(lost), now=timezone.now(), why="It was silent.")
        return made

    monkeypatch.setattr(handler, "run_many", losing)
    assert work_once("generate", "frozen")

    assert states([kept, lost]) == [State.SUCCEEDED, State.BACKOFF]
    assert not Composition.objects.filter(generation=lost).exists()

    Job.objects.filter(pk=lost.job_id).update(state=State.READY, not_before=None)
    monkeypatch.undo()
    generate_everything()
    assert Composition.objects.get(generation=lost).generation.attempt == 2


def test_a_crash_of_the_model_is_tried_again_one_by_one(participant, monkeypatch, passes):
    tune = compose(participant)
    generations = [ask(tune, seed=seed) for seed in range(3)]

    def crash(*args, **kwargs):
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patched:
        patched.setattr(handler, "run_many", crash)
        assert generate_everything() == 1
    assert states(generations) == [State.BACKOFF] * 3

    Job.objects.update(state=State.READY, not_before=None)
    assert generate_everything() == 3
    assert passes == []
    assert states(generations) == [State.SUCCEEDED] * 3


def test_companions_have_leases_attempts_and_histories_of_their_own(participant):
    tune = compose(participant)
    generations = [ask(tune, seed=seed) for seed in range(3)]
    lease = jobs.claim(queue="generate", worker="w", now=NOW)

    companions = jobs.claim_companions(lease=lease, at_most=10, now=NOW)

    assert {lease.job.pk, *(one.job.pk for one in companions)} == {m.job_id for m in generations}
    assert [one.attempt for one in companions] == [1, 1]
    assert JobEvent.objects.filter(name="claimed").count() == 3
    assert jobs.claim(queue="generate", worker="other", now=NOW) is None


def test_a_job_that_failed_before_takes_no_companions(participant):
    tune = compose(participant)
    failed, *_ = (ask(tune, seed=seed) for seed in range(3))
    Job.objects.filter(pk=failed.job_id).update(attempt=1)

    lease = jobs.claim(queue="generate", worker="w", now=NOW)

    assert lease.job.pk == failed.job_id
    assert jobs.claim_companions(lease=lease, at_most=10, now=NOW) == []


def test_a_job_that_failed_before_joins_no_others(participant):
    tune = compose(participant)
    lead, failed, fresh = (ask(tune, seed=seed) for seed in range(3))
    Job.objects.filter(pk=failed.job_id).update(attempt=1)

    lease = jobs.claim(queue="generate", worker="w", now=NOW)
    companions = jobs.claim_companions(lease=lease, at_most=10, now=NOW)

    assert lease.job.pk == lead.job_id
    assert [one.job.pk for one in companions] == [fresh.job_id]
