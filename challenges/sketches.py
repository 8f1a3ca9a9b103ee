"""Small drawings as numbers: ranks over time. Pure, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

RANK_STEP, RANK_HEIGHT = 110.0, 150.0  # px from round to round
RANK_MARGIN, RANK_TOP, RANK_FOOT = 56.0, 30.0, 44.0


@dataclass(frozen=True, slots=True)
class RankPoint:
    """A rank in one round, as a dot with its number."""

    x: float
    y: float
    rank: int
    of: int
    label: str


@dataclass(frozen=True, slots=True)
class RankHistory:
    """A person's ranks over time: dots, the lines between them, and the size of the drawing."""

    width: float
    height: float
    points: tuple[RankPoint, ...]
    lines: tuple[tuple[float, float, float, float], ...]


def rank_history(results: Sequence[tuple[str, int, int]]) -> RankHistory:
    """Return ranks as dots from left to right; `results` are (label, rank, entries), oldest first.

    The height shows the share of entries left behind: first place at the top, last at the bottom.
    """
    room = RANK_HEIGHT - RANK_TOP - RANK_FOOT
    points = tuple(
        RankPoint(
            x=RANK_MARGIN + index * RANK_STEP,
            y=round(RANK_TOP + room * (rank - 1) / max(of - 1, 1), 1),
            rank=rank,
            of=of,
            label=label,
        )
        for index, (label, rank, of) in enumerate(results)
    )
    lines = tuple((a.x, a.y, b.x, b.y) for a, b in pairwise(points))
    width = 2 * RANK_MARGIN + RANK_STEP * max(len(results) - 1, 0)
    return RankHistory(width, RANK_HEIGHT, points, lines)
