"""Which function does the work of which kind of job."""

from collections.abc import Callable
from typing import Any

from jobs.errors import UnknownKind
from jobs.models import Job
from workers.context import Context

Record = Callable[[], dict[str, Any] | None]
Handler = Callable[[Job, Context], Record]

_handlers: dict[str, Handler] = {}


def register(kind: str, function: Handler) -> None:
    """Have jobs of `kind` done by `function`.

    It computes without a transaction and returns a function that stores the outcome; that one runs
    inside the transaction that ends the job, and only if the job is still this worker's. It raises
    `jobs.errors.BadInput` if the job can never succeed; after any other error the job is tried
    again until its attempts are used up.
    """
    _handlers[kind] = function


def get(kind: str) -> Handler:
    """Return the handler of `kind`.

    :raises UnknownKind: if no module listed in CELERY_IMPORTS registered one
    """
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(f"This worker has no handler for jobs of kind {kind!r}.") from None
