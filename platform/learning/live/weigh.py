"""Why one bad group costs more than an average would: the geometric mean of the score."""

import math

from learning.live.pieces import Asked, Part, Slider, Stat, Stats, Table, Words
from ml.metrics.catalogue import GROUP_TITLES
from ml.metrics.plan import FLOOR, GROUPS

START = {"harmony": 100, "melody": 100, "rhythm": 100, "structure": 20, "texture": 100,
         "likelihood": 100}  # fmt: skip


def show(asked: Asked) -> Part:
    """Return the score of a piece with the marks that were set, and what an average would give."""
    marks = {name: asked.count(name, START[name], 5, 100) for name in GROUPS}
    score = geometric(marks)
    mean = sum(GROUPS[name] * mark for name, mark in marks.items())
    worst = min(marks, key=lambda name: marks[name])
    rows = [
        [GROUP_TITLES[name], f"{GROUPS[name]:.2f}", f"{mark}", _cost(name, mark)]
        for name, mark in marks.items()
    ]
    return Part(
        "Put a score together",
        "Set the mark of each group in percent.",
        [
            Slider(name, GROUP_TITLES[name], mark, 5, 100, 5, f"{mark} %")
            for name, mark in marks.items()
        ],
        [
            Words(f"The score is {score:.1f}. A plain average would be {mean:.1f}. "
                  f"{GROUP_TITLES[worst]} costs the most."),
            Stats([Stat("Score", f"{score:.1f}", "weighted geometric mean"),
                   Stat("Plain average", f"{mean:.1f}", "not used")]),
            Table("What each group does", ["Group", "Weight", "Mark", "Multiplies the score by"],
                  rows),
        ],
    )  # fmt: skip


def geometric(marks: dict[str, int]) -> float:
    """Return 100 times the weighted geometric mean of marks in percent."""
    logs = [GROUPS[name] * math.log(max(mark / 100, FLOOR)) for name, mark in marks.items()]
    return 100 * math.exp(sum(logs))


def _cost(name: str, mark: int) -> str:
    return f"{max(mark / 100, FLOOR) ** GROUPS[name]:.3f}"
