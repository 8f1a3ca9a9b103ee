"""A request that was sent twice gets its first answer."""

from typing import TypeVar

from django.db.models import QuerySet

from studio.errors import IdempotencyConflict
from studio.models import Composition, Generation

Row = TypeVar("Row", Composition, Generation)


def first_answer(
    rows: QuerySet[Row], *, key: str | None, request: str, conflict: str
) -> Row | None:
    """Return what a person's earlier request with this key made, or None.

    `request` is the hash of what is asked for now.

    :raises IdempotencyConflict: saying `conflict`, if the key came with another request
    """
    found = rows.filter(idempotency_key=key).first() if key else None
    if found is not None and found.request_sha256 != request:
        raise IdempotencyConflict(conflict)
    return found
