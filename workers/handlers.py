"""Which function does the work of which kind of job."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from jobs.errors import UnknownKind
from jobs.models import Job
from workers.context import Context

Record = Callable[[], dict[str, Any] | None]
Handler = Callable[[Job, Context], Record]
Outcome = Record | Exception
GroupHandler = Callable[[Sequence[tuple[Job, Context]]], Sequence[Outcome]]


@dataclass(frozen=True, slots=True)
class Group:
    """A function that does several jobs of one batch at once, and how many it takes at most."""

    function: GroupHandler
    at_most: int


_handlers: dict[str, Handler] = {}
_groups: dict[str, Group] = {}


def register(kind: str, function: Handler) -> None:
    """Have jobs of `kind` done by `function`.

    It computes without a transaction and returns a function that stores the outcome; that one runs
    inside the transaction that ends the job, and only if the job is still this worker's. It raises
    `jobs.errors.BadInput` if the job can never succeed; after any other error the job is tried
    again until its attempts are used up.
    """
    _handlers[kind] = function


def register_group(kind: str, function: GroupHandler, *, at_most: int) -> None:
    """Have up to `at_most` jobs of `kind` that share a batch done together by `function`.

    It returns one outcome for each job, in their order: the function that stores the outcome, or
    the exception that this job alone failed with. A job without company goes to the kind's own
    handler.
    """
    _groups[kind] = Group(function, at_most)


def group(kind: str) -> Group | None:
    """Return how jobs of `kind` are done together, if they are."""
    return _groups.get(kind)


def get(kind: str) -> Handler:
    """Return the handler of `kind`.

    :raises UnknownKind: if no module listed in CELERY_IMPORTS registered one
    """
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(f"This worker has no handler for jobs of kind {kind!r}.") from None
