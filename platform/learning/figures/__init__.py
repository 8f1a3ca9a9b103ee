"""The lessons' pictures, drawn by code: `figure(name)` gives a drawing and its caption."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.safestring import SafeString

from learning.figures import curves, machines, music, scoring
from learning.words import inline

Drawn = tuple[SafeString, str]
"""The drawing, and its caption in Markdown."""

FIGURES: Mapping[str, Callable[[], Drawn]] = {
    "curves-ar-cnn": curves.ar_cnn,
    "curves-gan": curves.gan,
    "curves-gan-metrics": curves.gan_metrics,
    "curves-transformer": curves.transformer,
    "edit-loop": machines.edit_loop,
    "families": machines.families,
    "frame": machines.frame,
    "gan-loop": machines.gan_loop,
    "layers": machines.layers,
    "moved-notes": scoring.moved_notes,
    "nucleus": scoring.nucleus,
    "reward-loop": machines.reward_loop,
    "roll-and-array": music.roll_and_array,
    "score-and-roll": music.score_and_roll,
    "score-path": scoring.score_path,
    "slope": machines.slope,
    "split": music.split,
    "two-questions": machines.two_questions,
    "u-net": machines.u_net,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with its caption as HTML."""

    svg: SafeString
    caption: SafeString


@cache
def figure(name: str) -> Figure:
    """Return a picture.

    :raises KeyError: if there is no such picture
    """
    svg, caption = FIGURES[name]()
    return Figure(svg, inline(caption))
