"""Ready-made settings for a run in words, and the name under which a speed is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lab.recipes import Settings, as_dict, parse
from lab.wording import Kind
from ml.training.presets import PRESETS

Text = str | Promise

WORDS: dict[str, tuple[Text, Text]] = {
    "quick": (_("Quick look"), _("Enough to hear that it learns.")),
    "coffee": (_("Coffee"), _("Enough to hear what it learned.")),
    "overnight": (_("Overnight"), _("As good as it gets, in turns with everybody else’s runs.")),
}


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings under a name; `minutes` is what it aims at on one core of an ordinary machine."""

    name: str
    title: Text
    text: Text
    minutes: float
    settings: Mapping[str, Any]

    def parsed(self, kind: str) -> Settings:
        """Return its settings for a kind of run."""
        return parse(kind, self.settings)


def presets(kind: str) -> tuple[Preset, ...]:
    """Return the presets of a kind of run, the shortest first.

    :raises KeyError: if there is no such kind
    """
    return tuple(
        Preset(one.name, *WORDS[one.name], one.minutes, one.settings) for one in PRESETS[kind]
    )


def shape_of(kind: str, settings: Settings) -> str:
    """Return in a word what decides how fast a run is: its kind, sizes and points.

    >>> shape_of("gan", parse("gan", {}))
    'gan unet small critic 2 batch 16 points 25'
    """
    values = as_dict(settings)
    points = values["points_every"]
    if kind == Kind.GAN:
        return (
            f"gan {values['algorithm']} {values['size']} critic {values['critic_updates']} "
            f"batch {values['batch_size']} points {points}"
        )
    return f"{kind} {values['size']} points {points}"
