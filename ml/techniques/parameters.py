"""What a musician may set for each technique: one typed class each, described once.

The web form, the API's schema and the command line are built from `describe`; every value that
comes from outside passes `parse`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from ml.techniques.errors import ParameterProblem, ParametersRefused
from ml.words import _

Kind = Literal["integer", "number", "choice", "boolean", "bars", "notes", "tracks"]

STYLES = ("chorale", "madrigal", "quartet", "dance", "arcade")
"""Styles that models are trained on; not every technique has every style."""

ACCOMPANY_STYLES = ("chorale", "madrigal", "quartet", "arcade")
EXTEND_STYLES = ("auto", *STYLES)
STYLES_WITH_DRUMS = ("arcade",)
PITCHED_TRACKS = 3
"""Tracks with pitches that `accompany` can add; the one after them is drums."""

MAX_LISTED = 20_000
MAX_DIGITS = 12  # of both ends of a range together


@dataclass(frozen=True, slots=True)
class Parameter:
    """How one parameter is asked for: its kind, range, default and words for people.

    `minimum` and `maximum` bound numbers, `choices` lists the values of a choice, `unit` is what
    a number counts. `optional` parameters may be None, which `help` explains.
    """

    name: str
    kind: Kind
    label: str
    help: str
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    optional: bool = False


def _number(
    default: float | None, low: float, high: float, label: str, text: str, *, unit: str = ""
) -> Any:
    kind = "integer" if isinstance(default, int) else "number"
    about = {"kind": kind, "minimum": low, "maximum": high, "label": label, "help": text,
             "unit": unit, "optional": default is None}  # fmt: skip
    return field(default=default, metadata=about)


def _choice(default: str, choices: tuple[str, ...], label: str, text: str) -> Any:
    about = {"kind": "choice", "choices": choices, "label": label, "help": text}
    return field(default=default, metadata=about)


def _switch(default: bool, label: str, text: str) -> Any:
    return field(default=default, metadata={"kind": "boolean", "label": label, "help": text})


def _listed(kind: Kind, label: str, text: str, **about: Any) -> Any:
    return field(default=(), metadata={"kind": kind, "label": label, "help": text, **about})


@dataclass(frozen=True, slots=True)
class AccompanyParameters:
    """Settings of `accompany`: a GAN adds tracks to a melody."""

    algorithm: str = _choice(
        "unet", ("unet", "musegan"), _("Algorithm"),
        _("U-Net looks at the whole phrase at once; MuseGAN gives every track a "
        "generator of its own and a shared idea, and varies more."),
    )  # fmt: skip
    style: str = _choice(
        "chorale", ACCOMPANY_STYLES, _("Style"), _("What the added tracks should sound like.")
    )
    tracks: int = _number(
        3, 1, 4, _("Tracks to add"),
        _("How many tracks to add, from the bass up. The fourth is drums, in styles "
        "that have them."),
    )  # fmt: skip
    creative_risk: float = _number(
        1.0, 0.5, 6.0, _("Creative risk"),
        _("Low: the most likely notes. High: more surprises, and more mistakes."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class EditParameters:
    """Settings of `edit`: an AR-CNN adds, removes and moves notes towards Bach."""

    sampling_iterations: int = _number(
        100, 0, 100, _("Sampling iterations"),
        _("How often the model looks at the piece and edits it. 0 changes nothing."),
    )  # fmt: skip
    maximum_notes_to_remove: float = _number(
        100.0, 0, 100, _("Maximum notes to remove"),
        _("At most this share of your notes is removed."),
        unit="%",
    )  # fmt: skip
    maximum_notes_to_add: int = _number(
        500,
        0,
        1000,
        _("Maximum notes to add"),
        _("At most this many notes are added."),
        unit=_("notes"),
    )
    creative_risk: float = _number(
        1.0, 0.5, 6.0, _("Creative risk"),
        _("Low: only edits that the model is sure of. High: more surprises, and more "
        "mistakes."),
    )  # fmt: skip
    locked_bars: tuple[int, ...] = _listed(
        "bars", _("Locked bars"), _("Bars, counted from 1, in which no note is touched.")
    )
    locked_notes: tuple[int, ...] = _listed(
        "notes", _("Locked notes"),
        _("Notes that stay as they are, by their place in the list of all notes, "
        "counted from 0."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExtendParameters:
    """Settings of `extend`: a Transformer continues a piece."""

    sampling_technique: str = _choice(
        "nucleus", ("nucleus", "top_k", "random"), _("Sampling technique"),
        _("Nucleus draws from the likeliest notes that make up a share of the "
        "probability, top-k from a fixed number of the likeliest, random from all."),
    )  # fmt: skip
    sampling_threshold: float = _number(
        0.95, 0.05, 1.0, _("Sampling threshold"),
        _("The share of the probability (nucleus) or of the possible notes (top-k) "
        "that is kept."),
    )  # fmt: skip
    creative_risk: float = _number(
        1.0, 0.5, 6.0, _("Creative risk"),
        _("Low: the most likely notes. High: more surprises, and more mistakes."),
    )  # fmt: skip
    input_duration: float | None = _number(
        None, 1, 600, _("Input duration"),
        _("How much of the end of your piece the model listens to. Empty: as much as "
        "it can."),
        unit=_("seconds"),
    )  # fmt: skip
    extension_duration: float = _number(
        30.0, 1, 30, _("Extension duration"), _("How much music is added, at your tempo."),
        unit=_("seconds"),
    )  # fmt: skip
    maximum_rest: float | None = _number(
        None, 0, 30, _("Maximum rest"),
        _("No voice is silent for longer than this. Empty: no limit."),
        unit=_("seconds"),
    )  # fmt: skip
    maximum_note_length: float | None = _number(
        None, 0.1, 30, _("Maximum note length"), _("No note is longer than this. Empty: no limit."),
        unit=_("seconds"),
    )  # fmt: skip
    key_lock: bool = _switch(False, _("Key lock"), _("Add notes of your piece's key only."))
    style: str = _choice(
        "auto", EXTEND_STYLES, _("Style"),
        _("What the model should lean towards; auto takes the style that your piece is "
        "closest to."),
    )  # fmt: skip


Parameters = AccompanyParameters | EditParameters | ExtendParameters

CLASSES: dict[str, type[Parameters]] = {
    "accompany": AccompanyParameters,
    "edit": EditParameters,
    "extend": ExtendParameters,
}
TECHNIQUES = tuple(CLASSES)

P = TypeVar("P", AccompanyParameters, EditParameters, ExtendParameters)
S = TypeVar("S")


def describe(technique: str) -> tuple[Parameter, ...]:
    """Return a technique's parameters in the order in which they are asked for.

    :raises KeyError: if there is no such technique
    """
    return described(CLASSES[technique])


def described(settings: type[Any]) -> tuple[Parameter, ...]:
    """Return how the fields of a class of settings are asked for, in their order.

    The class is a dataclass whose fields all have a default and, as metadata, what a `Parameter`
    says of them.
    """
    return tuple(
        Parameter(name=f.name, default=f.default, **f.metadata)
        for f in dataclasses.fields(settings)
    )


def parse(technique: str, values: Mapping[str, Any]) -> Parameters:
    """Return a technique's parameters from JSON values or text; what is left out is the default.

    Text may write lists as `1-4, 7`. Numbers must be finite and in range.

    >>> parse("edit", {"locked_bars": "1-2, 5"}).locked_bars
    (1, 2, 5)

    :raises KeyError: if there is no such technique
    :raises ParametersRefused: naming every value that is wrong and what would be right
    """
    parameters = parsed(CLASSES[technique], values)
    if isinstance(parameters, AccompanyParameters):
        check_drums(parameters)
    return parameters


def parsed(settings: type[S], values: Mapping[str, Any]) -> S:
    """Return settings of a class that `described` takes, from JSON values or text.

    :raises ParametersRefused: naming every value that is wrong and what would be right
    """
    known = {p.name: p for p in described(settings)}
    names = ", ".join(known)
    problems = [
        ParameterProblem(
            name,
            _("There is no parameter {name!r}; there are: {names}.").format(
                name=name[:60], names=names
            ),
        )
        for name in values
        if name not in known
    ]
    found: dict[str, Any] = {}
    for name, value in values.items():
        if parameter := known.get(name):
            try:
                found[name] = _value(parameter, value)
            except ValueError as error:
                problems.append(ParameterProblem(name, str(error)))
    if problems:
        raise ParametersRefused(tuple(problems))
    return settings(**found)


def check_drums(parameters: AccompanyParameters) -> None:
    """Refuse a fourth track, the drums, in a style without drums.

    :raises ParametersRefused: saying which styles have them
    """
    if parameters.tracks > PITCHED_TRACKS and parameters.style not in STYLES_WITH_DRUMS:
        detail = _(
            "The style {style} has no drums, which are the fourth track: ask for up to "
            "{pitched_tracks} tracks, or for the style {styles_with_drums}."
        ).format(
            style=parameters.style,
            pitched_tracks=PITCHED_TRACKS,
            styles_with_drums=STYLES_WITH_DRUMS[0],
        )
        raise ParametersRefused((ParameterProblem("tracks", detail),))


def as_dict(parameters: Parameters) -> dict[str, Any]:
    """Return parameters as JSON values; `parse` reads them back."""
    found = dataclasses.asdict(parameters)
    return {name: list(v) if isinstance(v, tuple) else v for name, v in found.items()}


def _value(parameter: Parameter, value: Any) -> Any:
    if parameter.optional and (value is None or value == ""):
        return None
    if parameter.kind == "choice":
        if value not in parameter.choices:
            raise ValueError(
                _("{label} is one of: {names}.").format(
                    label=parameter.label, names=", ".join(parameter.choices)
                )
            )
        return value
    if parameter.kind == "boolean":
        return _truth(parameter, value)
    if parameter.kind in {"bars", "notes", "tracks"}:
        return _numbers(parameter, value)
    return _in_range(parameter, value)


def _in_range(parameter: Parameter, value: Any) -> float:
    wanted = (
        _("{label} is a whole number from {low:g} to {high:g}{unit}.")
        if parameter.kind == "integer"
        else _("{label} is a number from {low:g} to {high:g}{unit}.")
    )
    unit = f" {parameter.unit}" if parameter.unit else ""
    wrong = ValueError(
        wanted.format(
            label=parameter.label, low=parameter.minimum, high=parameter.maximum, unit=unit
        )
    )
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wrong
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise wrong from None
    low, high = parameter.minimum or 0, parameter.maximum or math.inf
    if not math.isfinite(number) or not low <= number <= high:
        raise wrong
    if parameter.kind == "integer":
        if number != int(number):
            raise wrong
        return int(number)
    return number


def _truth(parameter: Parameter, value: Any) -> bool:
    words = {"true": True, "on": True, "yes": True, "1": True,
             "false": False, "off": False, "no": False, "0": False, "": False}  # fmt: skip
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise ValueError(_("{label} is true or false.").format(label=parameter.label))


def _numbers(parameter: Parameter, value: Any) -> tuple[int, ...]:
    wrong = ValueError(
        _("{label} is a list of whole numbers, such as 1-4, 7.").format(label=parameter.label)
    )
    first = 0 if parameter.kind == "notes" else 1
    if isinstance(value, str):
        found = _spelled_out(value, wrong)
    elif isinstance(value, list | tuple) and all(type(n) is int for n in value):
        found = set(value)
    else:
        raise wrong
    if len(found) > MAX_LISTED or any(n < first or n >= 10**6 for n in found):
        raise wrong
    return tuple(sorted(found))


def _spelled_out(text: str, wrong: ValueError) -> set[int]:
    found: set[int] = set()
    for part in filter(None, (p.strip() for p in text.split(","))):
        low, dash, high = (piece.strip() for piece in part.partition("-"))
        if not low.isdecimal() or (dash and not high.isdecimal()) or len(low + high) > MAX_DIGITS:
            raise wrong
        start, end = int(low), int(high) if dash else int(low)
        if not 0 <= end - start < MAX_LISTED:
            raise wrong
        found.update(range(start, end + 1))
    return found
