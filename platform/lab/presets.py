"""Ready-made settings for a run, and how long a run is likely to take here.

Times come from `lab.models.Speed`: what this site's own workers measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lab.recipes import Settings, as_dict, parse
from lab.wording import Kind

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings under a name."""

    name: str
    title: Text
    text: Text
    settings: Mapping[str, Any]

    def parsed(self, kind: str) -> Settings:
        """Return its settings for a kind of run."""
        return parse(kind, self.settings)


QUICK = (_("Quick look"), _("About 2 minutes: enough to hear that it learns."))
COFFEE = (_("Coffee"), _("About 15 minutes: enough to hear what it learned."))
NIGHT = (_("Overnight"), _("About 8 hours, in turns with everybody else’s runs."))

PRESETS: dict[str, tuple[Preset, ...]] = {
    Kind.GAN: (
        Preset("quick", *QUICK, {"size": "small", "iterations": 500}),
        Preset("coffee", *COFFEE, {"size": "small", "iterations": 4000}),
        Preset("overnight", *NIGHT, {"size": "shipped", "iterations": 12000, "batch_size": 32}),
    ),
    Kind.AR_CNN: (
        Preset("quick", *QUICK, {"iterations": 60}),
        Preset("coffee", *COFFEE, {"iterations": 450}),
        Preset("overnight", *NIGHT, {"iterations": 14000}),
    ),
    Kind.TRANSFORMER: (
        Preset("quick", *QUICK, {"iterations": 60}),
        Preset("coffee", *COFFEE, {"iterations": 450}),
        Preset("overnight", *NIGHT, {"iterations": 14000}),
    ),
}


def presets(kind: str) -> tuple[Preset, ...]:
    """Return the presets of a kind of run, the shortest first.

    :raises KeyError: if there is no such kind
    """
    return PRESETS[kind]


def shape_of(kind: str, settings: Settings) -> str:
    """Return in one word what decides how fast a run is: its kind and sizes.

    >>> shape_of("gan", parse("gan", {}))
    'gan unet small critic 5 batch 16'
    """
    values = as_dict(settings)
    if kind == Kind.GAN:
        return (
            f"gan {values['algorithm']} {values['size']} critic {values['critic_updates']} "
            f"batch {values['batch_size']}"
        )
    return f"{kind} {values['size']}"
