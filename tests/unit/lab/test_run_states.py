"""Where a run stands, from its job, its owner's wish and the marks at its end."""

from datetime import UTC, datetime

import pytest

from jobs.models import Job
from jobs.states import Fault, State
from lab.models import TrainingRun
from lab.quotas import month_of
from lab.wording import RunState, Wanted

NOW = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)


def run(job: State, wanted: Wanted = Wanted.GO, *, fault: str = "", **marks) -> TrainingRun:
    return TrainingRun(job=Job(state=job, fault=fault), wanted=wanted, iterations=100, **marks)


@pytest.mark.parametrize(
    ("job", "wanted", "state"),
    [
        (State.READY, Wanted.GO, RunState.WAITING),
        (State.BACKOFF, Wanted.GO, RunState.WAITING),
        (State.LEASED, Wanted.GO, RunState.TRAINING),
        (State.LEASED, Wanted.PAUSE, RunState.PAUSING),
        (State.BACKOFF, Wanted.PAUSE, RunState.PAUSING),
        (State.READY, Wanted.FINISH, RunState.FINISHING),
        (State.LEASED, Wanted.FINISH, RunState.FINISHING),
        (State.SUCCEEDED, Wanted.PAUSE, RunState.PAUSED),
        (State.CANCELLED, Wanted.PAUSE, RunState.PAUSED),
        (State.CANCELLED, Wanted.GO, RunState.PAUSED),  # by an organizer, at the desk
        (State.FAILED, Wanted.GO, RunState.FAILED),
        (State.FAILED, Wanted.PAUSE, RunState.FAILED),
    ],
)
def test_a_run_stands_where_its_job_and_its_owner_say(job, wanted, state) -> None:
    assert run(job, wanted).state == state


@pytest.mark.parametrize("job", list(State))
def test_marks_at_the_end_count_whatever_the_job_does(job: State) -> None:
    assert run(job, finished_at=NOW).state == RunState.FINISHED
    assert run(job, cancelled_at=NOW).state == RunState.CANCELLED
    assert run(job, cancelled_at=NOW).is_final


@pytest.mark.parametrize("job", list(State))
@pytest.mark.parametrize("wanted", list(Wanted))
def test_every_run_is_under_way_or_final_or_can_be_gone_on_with(job, wanted) -> None:
    found = run(job, wanted, fault=Fault.PLATFORM)

    assert found.is_under_way or found.is_final or found.may_go_on


def test_a_run_whose_data_was_at_fault_does_not_go_on() -> None:
    assert not run(State.FAILED, fault=Fault.INPUT).may_go_on


def test_a_month_begins_and_ends_at_midnight() -> None:
    first, after = month_of(datetime(2028, 2, 29, 23, 59, tzinfo=UTC))

    assert (first.isoformat(), after.isoformat()) == (
        "2028-02-01T00:00:00+00:00",
        "2028-03-01T00:00:00+00:00",
    )
