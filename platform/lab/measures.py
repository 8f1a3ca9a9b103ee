"""What the values of a run's curve points mean: names, sentences, and which way is which.

The names of the values are those that `ml.training` writes. A value that has no entry here is kept
in the table of numbers and drawn nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Measure:
    """A value that is watched: its name, what it counts, and what its curve tells."""

    name: str
    title: Text
    unit: Text
    says: Text
    digits: int = 2


def _share(name: str, title: Text, says: Text) -> Measure:
    return Measure(name, title, _("share"), says)


MUSICAL: Mapping[str, Measure] = {
    m.name: m
    for m in (
        _share(
            "empty_bars",
            _("Empty bars"),
            _("Bars in which a voice is silent. Silence scores the worst here, so a generator "
              "cannot win by saying nothing."),
        ),
        Measure(
            "pitch_classes_alto", _("Pitch classes, second voice"), _("per bar"),
            _("How many different notes of the scale the second voice uses in a bar. Random notes "
              "use nearly all; a drone uses one."),
        ),
        Measure(
            "pitch_classes_tenor", _("Pitch classes, third voice"), _("per bar"),
            _("The same for the third voice."),
        ),
        Measure(
            "pitch_classes_bass", _("Pitch classes, bass"), _("per bar"),
            _("The same for the bass, which moves more than the voices between."),
        ),
        _share(
            "eighths",
            _("Notes of an eighth or longer"),
            _("Where this is low, the music is a shower of splinters: the mark of a network that "
              "has not learned to hold a note yet."),
        ),
        Measure(
            "tonal_distance", _("Tonal distance of melody and bass"), _("distance"),
            _("How far the bass lies from the melody in a space in which fifths and thirds are "
              "near. Lower than real music is not better: it is duller."),
        ),
        _share(
            "shuffled_worse",
            _("Worse under a foreign melody"),
            _("How much that distance grows when every accompaniment is laid under another "
              "melody. At zero the generator does not listen to the melody at all."),
        ),
        _share(
            "dissonant",
            _("Dissonant pairs"),
            _("Pairs of voices that rub against each other. Real music has some; the aim is its "
              "level and not zero."),
        ),
        _share(
            "in_scale",
            _("Time within one scale"),
            _("Sounding time that fits the best major or minor scale. Random notes fit none; a "
              "melody with nothing but scale notes fits too well."),
        ),
        _share(
            "stepwise",
            _("Moves by step"),
            _("Moves of the added voices by a whole tone or less. Real voices mostly walk; dice "
              "leap."),
        ),
    )
}  # fmt: skip
"""Measures of generated music that have a counterpart in held-out music, in the order shown."""

VARIETY = _share(
    "seeds_differ",
    _("Two draws differ"),
    _("How many cells differ between two draws for the same melody. Near zero the generator "
      "knows only one answer: it has collapsed."),
)  # fmt: skip

LOSSES: Mapping[str, tuple[Measure, ...]] = {
    "gan": (
        Measure(
            "generator_loss", _("Generator loss"), _("loss"),
            _("How badly the generator fools the critic. It may rise while the music gets "
              "better, since the critic that judges it gets stricter all the time."),
        ),
        Measure(
            "critic_loss", _("Critic loss"), _("loss"),
            _("How well the critic tells generated from real music. It should settle somewhat "
              "below zero. If it stays at zero, it tells nothing apart and teaches nothing."),
        ),
    ),
    "ar_cnn": (
        Measure("train", _("Training"), _("nats per hidden cell"), "", 3),
        Measure("valid", _("Held out"), _("nats per hidden cell"), "", 3),
    ),
    "transformer": (
        Measure("train", _("Training"), _("nats per note"), "", 3),
        Measure("valid", _("Held out"), _("nats per note"), "", 3),
    ),
}  # fmt: skip

WARM_UP = Measure(
    "ce",
    _("Surprise at real accompaniments"),
    _("nats per cell"),
    _("The generator first learns which notes go with a melody. This is how much a real "
      "accompaniment still surprises it: lower is better, and it flattens when there is no more "
      "to learn this way."),
    3,
)  # fmt: skip

Points = Sequence[Mapping[str, float]]
"""Curve points: `iteration` and any of the values above, the earliest first."""


def column(points: Points, name: str) -> list[tuple[float, float]]:
    """Return (iteration, value) of one value, where a point has it."""
    return [(float(p["iteration"]), float(p[name])) for p in points if name in p]


def held_out_name(points: Points) -> str:
    """Return the value that tells the loss on held-out music: `valid`, or that of its style."""
    names = dict.fromkeys(name for point in points for name in point)
    styled = (name for name in names if name.startswith("valid_"))
    return "valid" if "valid" in names else next(styled, "valid")
