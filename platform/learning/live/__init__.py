"""The parts of a lesson that run: real code, asked by a form that works without scripts.

A live part is a function from the form's values, and what the lesson sets, to a `Part`: the
controls as they stand and pieces to show. `PARTS` names them.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from urllib.parse import parse_qs

from learning.live import (
    attention,
    costs,
    critic,
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
from learning.live.pieces import Asked, Part, RollPiece, Sound

__all__ = ["PARTS", "Asked", "Part", "midi_of", "show"]

PARTS: Mapping[str, Callable[[Asked], Part]] = {
    "attention": attention.show,
    "cost": costs.show,
    "critic": critic.show,
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


@lru_cache(maxsize=256)
def midi_of(name: str, number: int, query: str, options: tuple[tuple[str, str], ...]) -> bytes:
    """Return the music of one piece of a live part as a MIDI file.

    :param number: which of the part's pieces, counted from 0
    :param query: the form's values as an address has them
    :raises KeyError: if that piece has no music
    """
    values = parse_qs(query, keep_blank_values=True)
    pieces = show(name, values, dict(options)).pieces
    piece = pieces[number] if number < len(pieces) else None
    if not isinstance(piece, RollPiece | Sound) or not piece.song.n_notes:
        raise KeyError(number)
    return piece.song.to_midi()
