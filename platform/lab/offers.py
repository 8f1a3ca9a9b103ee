"""The presets of a run as one chooses among them: what they set, how long they take, what for."""

from collections.abc import Sequence
from dataclasses import dataclass

from lab.forms import CHOICES, RunForm
from lab.presets import presets
from lab.recipes import as_dict
from lab.selectors.estimates import estimate


@dataclass(frozen=True, slots=True)
class Offer:
    """A preset in words, and how long it takes: as measured here, or for the release."""

    name: str
    title: str
    text: str
    seconds: float
    is_measured: bool
    facts: Sequence[str]
    is_chosen: bool


def offers(form: RunForm) -> list[Offer]:
    """Return the presets of a form's kind, with how long they take here."""
    chosen = form["preset"].value()
    found = []
    for preset in presets(form.kind):
        settings = preset.parsed(form.kind)
        values = as_dict(settings)
        facts = [f"{settings.iterations:,}", *_sizes(values)]
        found_here = estimate(form.kind, settings)
        found.append(
            Offer(
                preset.name,
                str(preset.title),
                str(preset.text),
                found_here.seconds or preset.minutes * 60,
                found_here.is_measured,
                facts,
                preset.name == chosen,
            )
        )
    return found


def _sizes(values: dict[str, object]) -> list[str]:
    names = ("algorithm", "size", "begin_from")
    return [str(CHOICES.get(str(values[n]), values[n])) for n in names if n in values]
