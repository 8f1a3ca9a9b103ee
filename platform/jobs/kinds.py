"""The kinds of job there are, registered by the apps that own them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from jobs.errors import UnknownKind

if TYPE_CHECKING:
    from jobs.models import Job

QUEUES = ("score", "light", "generate", "render", "train")


@dataclass(frozen=True, slots=True)
class JobKind:
    """How jobs of one kind are worked on.

    `lease` is how long a worker may stay silent before the job is taken from it, `time_limit` how
    long one attempt may take. `on_end` runs inside the transaction that ends a job, whatever its
    end. At most `max_parallel` jobs of the kind run at once; None sets no bound. The first rest
    after a failed attempt lasts about `backoff`, the next ones double.
    """

    name: str
    queue: str
    lease: timedelta = timedelta(seconds=20)
    time_limit: timedelta = timedelta(seconds=60)
    max_attempts: int = 3
    on_end: "Callable[[Job], None] | None" = None
    max_parallel: int | None = None
    backoff: timedelta = timedelta(seconds=2)


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    """Make a kind known; registering a name again replaces it."""
    _kinds[kind.name] = kind


def get(name: str) -> JobKind:
    """Return the kind called `name`.

    :raises UnknownKind: if no app registered it
    """
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(f"No job kind is called {name!r}.") from None


def known() -> list[str]:
    """Return the names of all registered kinds."""
    return list(_kinds)


def in_queue(queue: str) -> list[JobKind]:
    """Return the kinds whose jobs wait in `queue`."""
    return [kind for kind in _kinds.values() if kind.queue == queue]


def queue_time_limit(queue: str) -> timedelta:
    """Return the longest time limit in `queue`, since a ring does not say which job it is for."""
    return max((kind.time_limit for kind in in_queue(queue)), default=timedelta(seconds=60))
