"""Places on a board."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """What gives an entry its place. `tenths` is the score in tenths, 0 to 1000."""

    entry_id: UUID
    tenths: int
    submitted_at: datetime


def rank(standings: Iterable[Standing]) -> list[tuple[int, Standing]]:
    """Return `(rank, standing)` pairs, best first.

    Higher scores come first and equal scores share a rank, as in 1, 2, 2, 4. Within a tie the
    earlier submission is listed first.
    """
    ordered = sorted(standings, key=lambda s: (-s.tenths, s.submitted_at, s.entry_id))
    ranked: list[tuple[int, Standing]] = []
    for position, standing in enumerate(ordered, start=1):
        tied = bool(ranked) and ranked[-1][1].tenths == standing.tenths
        ranked.append((ranked[-1][0] if tied else position, standing))
    return ranked
