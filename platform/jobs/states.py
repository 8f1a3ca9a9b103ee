"""The life of a job: its states, and the only steps between them.

WAITING -> READY -> LEASED -> SUCCEEDED
             ^        |-> BACKOFF -> READY     an error, or a lease nobody extended
             |        |-> READY                given back by a worker that stops
             |        '-> FAILED               attempts used up, or bad input
             '-- FAILED, CANCELLED             an organizer asks for another try
cancel leaves every state that is not final.
"""

from dataclasses import dataclass

from django.db import models


class State(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting"  # for the jobs it depends on
    READY = "ready"  # to be claimed
    LEASED = "leased"  # a worker holds it until `lease_until`
    BACKOFF = "backoff"  # resting until `not_before` after a failed attempt
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Fault(models.TextChoices):
    """Whose fault a failure is: the input's, or the platform's."""

    INPUT = "input"
    PLATFORM = "platform"


class Priority(models.IntegerChoices):
    """Which jobs go first; a smaller number is claimed earlier."""

    HIGH = 10
    NORMAL = 20
    LOW = 30  # rescoring: never ahead of live entries


FINAL = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})
OPEN = frozenset(State) - FINAL


class Step(models.TextChoices):
    """The name of a step, as written to the job's history."""

    RELEASED = "released"  # what it waited for is done
    CLAIMED = "claimed"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"  # the input cannot be worked on
    ERRED = "erred"  # this attempt failed, another one follows
    LOST = "lost"  # nobody extended the lease
    RETURNED = "returned"  # a worker that stops gave it back
    WOKEN = "woken"  # the rest after a failure is over
    EXHAUSTED = "exhausted"  # no attempt or no patience is left
    CANCELLED = "cancelled"
    RETRIED = "retried"  # an organizer asked for another try


@dataclass(frozen=True, slots=True)
class Edge:
    """One row of the transition table: the states a step may leave, and the one it leads to."""

    sources: frozenset[State]
    target: State


EDGES: dict[Step, Edge] = {
    Step.RELEASED: Edge(frozenset({State.WAITING}), State.READY),
    Step.CLAIMED: Edge(frozenset({State.READY}), State.LEASED),
    Step.SUCCEEDED: Edge(frozenset({State.LEASED}), State.SUCCEEDED),
    Step.REFUSED: Edge(frozenset({State.LEASED}), State.FAILED),
    Step.ERRED: Edge(frozenset({State.LEASED}), State.BACKOFF),
    Step.LOST: Edge(frozenset({State.LEASED}), State.BACKOFF),
    Step.RETURNED: Edge(frozenset({State.LEASED}), State.READY),
    Step.WOKEN: Edge(frozenset({State.BACKOFF}), State.READY),
    Step.EXHAUSTED: Edge(OPEN, State.FAILED),
    Step.CANCELLED: Edge(OPEN, State.CANCELLED),
    Step.RETRIED: Edge(frozenset({State.FAILED, State.CANCELLED}), State.READY),
}

# Entries of the history that are no step: the job does not move.
ENQUEUED = "enqueued"
CANCEL_REQUESTED = "cancel_requested"
FENCED_OUT = "fenced_out"  # a late result of a lease that is over, refused
