"""The parts of a lesson that run: real code, asked by a form that works without scripts.

A live part is a function from the form's values, and what the lesson sets, to a `Part`: the
controls as they stand and pieces to show. `PARTS` names them.
"""

from collections.abc import Callable, Mapping

from learning.live import (
    attention,
    costs,
    descent,
    edits,
    evolution,
    faults,
    judged,
    markov,
    marks,
    noise,
    paint,
    policy,
    resolution,
    sampling,
    shuffle,
    weigh,
)
from learning.live.pieces import Asked, Part

PARTS: Mapping[str, Callable[[Asked], Part]] = {
    "attention": attention.show,
    "cost": costs.show,
    "descent": descent.show,
    "edits": edits.show,
    "evolution": evolution.show,
    "faults": faults.show,
    "judge": judged.show,
    "layers": judged.show_layers,
    "marks": marks.show,
    "markov": markov.show,
    "noise": noise.show,
    "paint": paint.show,
    "policy": policy.show,
    "reward": policy.show_reward,
    "resolution": resolution.show,
    "sampling": sampling.show,
    "shuffle": shuffle.show,
    "weigh": weigh.show,
}


def show(name: str, values: Mapping[str, list[str]], options: Mapping[str, str]) -> Part:
    """Return a live part as it stands for a form's values; wrong values become the default.

    :raises KeyError: if there is no such part
    """
    return PARTS[name](Asked(values, options))
