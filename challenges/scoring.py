"""How the parts of a score become one total. A rule is a registered class; adding one is one class.

Parts are 0-100: `music` (the musical metrics against the round's style), `originality` (how much
of the piece is its own) and `fit` (length, tracks and techniques that the round asks for).
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from challenges.errors import InvalidScoringConfig
from ml.metrics import STYLES

PARTS = ("music", "originality", "fit")
FLOOR = 0.01  # a part of nothing costs most of a score, but leaves the other parts visible in it

HEAVIEST = 1000  # weights only matter against each other

COMMON_SHARE = 0.08  # chorales by one composer share this much of their bars with each other
COPIED_SHARE = 0.60  # with this much borrowed, nothing is left of the originality part


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: its value from 0 to 100, its weight in the total, and why."""

    value: float
    weight: float
    reasons: list[str]


class ScoringRule(Protocol):
    """A way to combine the parts. Its configuration is checked before a round may use it."""

    name: str
    title: StrOrPromise
    meaning: StrOrPromise

    def validate(self, config: Mapping[str, object]) -> dict[str, float]:
        """Return the weights to use, with defaults filled in.

        :raises InvalidScoringConfig: if the configuration is not one of this rule's
        """
        ...

    def combine(self, values: Mapping[str, float], weights: Mapping[str, float]) -> float:
        """Return the total, 0 to 100."""
        ...


R = TypeVar("R", bound=ScoringRule)

RULES: dict[str, ScoringRule] = {}


def register(rule: type[R]) -> type[R]:
    """Make a scoring rule known under its name."""
    RULES[rule.name] = rule()
    return rule


def rule_named(name: str) -> ScoringRule:
    """Return the registered rule.

    :raises InvalidScoringConfig: if there is none of that name
    """
    try:
        return RULES[name]
    except KeyError:
        raise InvalidScoringConfig(
            _("There is no scoring rule “{name}”. Choose one of: {names}.").format(
                name=name, names=", ".join(sorted(RULES))
            )
        ) from None


def require_style(style: str) -> None:
    """Refuse a style that there is no reference for; empty stands for all of them together.

    :raises InvalidScoringConfig: if the style is unknown
    """
    if style and style not in STYLES:
        known = ", ".join(sorted(STYLES))
        raise InvalidScoringConfig(
            _("There is no style “{style}”. Choose one of: {known}.").format(
                style=style, known=known
            )
        )


def _weights(config: Mapping[str, object], defaults: Mapping[str, float]) -> dict[str, float]:
    unknown = set(config) - set(defaults)
    if unknown:
        raise InvalidScoringConfig(
            _("Unknown parts: {names}.").format(names=", ".join(sorted(unknown)))
        )
    weights = {**defaults, **config}
    if not all(_is_weight(weight) for weight in weights.values()):
        raise InvalidScoringConfig(
            _("Every weight must be a number from 0 to {heaviest}.").format(heaviest=HEAVIEST)
        )
    total = sum(weights.values())  # type: ignore[arg-type]
    if total <= 0:
        raise InvalidScoringConfig(_("At least one weight must be above 0."))
    return {name: float(weight) / total for name, weight in weights.items()}  # type: ignore[arg-type]


def _is_weight(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value <= HEAVIEST  # type: ignore[operator]


@register
class Balanced:
    """The weighted geometric mean of the parts: a very weak part cannot be bought off by others."""

    name = "balanced"
    title: StrOrPromise = gettext_lazy("Balanced")
    meaning: StrOrPromise = gettext_lazy(
        "All parts must be good: a very weak one pulls the whole score down."
    )
    defaults = {"music": 0.7, "originality": 0.2, "fit": 0.1}

    def validate(self, config: Mapping[str, object]) -> dict[str, float]:
        return _weights(config, self.defaults)

    def combine(self, values: Mapping[str, float], weights: Mapping[str, float]) -> float:
        return 100 * math.exp(
            sum(w * math.log(max(values[part] / 100, FLOOR)) for part, w in weights.items())
        )


@register
class Sum:
    """The weighted arithmetic mean of the parts."""

    name = "sum"
    title: StrOrPromise = gettext_lazy("Sum of parts")
    meaning: StrOrPromise = gettext_lazy(
        "Each part adds its share; a strong one can make up for a weak one."
    )
    defaults = {"music": 0.7, "originality": 0.2, "fit": 0.1}

    def validate(self, config: Mapping[str, object]) -> dict[str, float]:
        return _weights(config, self.defaults)

    def combine(self, values: Mapping[str, float], weights: Mapping[str, float]) -> float:
        return sum(weight * values[part] for part, weight in weights.items())


def total_tenths(total: float) -> int:
    """Return a total as whole tenths, 0 to 1000."""
    return min(max(round(total * 10), 0), 1000)


def borrowed_share(originality: Mapping[str, Any]) -> float:
    """Return which share of a piece is somebody else's, 0-1, from what was found about it.

    Bars count; where a copy is suspected, lines count as well, which survive another harmony.
    """
    lines = originality.get("line_share", 0.0) if originality.get("suspected") else 0.0
    return max(float(originality["share"]), float(lines))


def originality_value(share: float) -> float:
    """Return the originality part, 0-100, for the share of a piece's bars found elsewhere (0-1).

    Full marks up to the share that independent pieces of one style have in common, none from the
    share of a copy, straight between.
    """
    return 100 * min(max((COPIED_SHARE - share) / (COPIED_SHARE - COMMON_SHARE), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class PieceFacts:
    """What the round's rules ask about a piece."""

    seconds: float
    n_tracks: int
    techniques: frozenset[str]
    own_models: tuple[str, ...] = ()  # the titles of models that people trained


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """How a piece stands to one rule of a round: `share` is 1 when it is kept, less otherwise.

    `reason` says what is amiss; it is empty when the rule is kept.
    """

    name: str
    share: float
    reason: str

    @property
    def is_kept(self) -> bool:
        """Whether nothing is amiss."""
        return not self.reason


def check_rules(
    piece: PieceFacts,
    *,
    seconds: tuple[int, int],
    tracks: tuple[int, int],
    techniques: frozenset[str],
) -> list[RuleCheck]:
    """Return how a piece stands to the rules on length, tracks and techniques, in this order.

    Outside a range the share is the ratio to the nearest limit: twice too long gives a half. Of
    required techniques, it is the share that was used.
    """
    return [
        _check_length(piece.seconds, *seconds),
        _check_tracks(piece.n_tracks, *tracks),
        _check_techniques(piece.techniques, techniques),
    ]


def _check_length(seconds: float, low: int, high: int) -> RuleCheck:
    if low <= seconds <= high:
        return RuleCheck("length", 1.0, "")
    return RuleCheck(
        "length",
        _ratio(seconds, low, high),
        _("The round asks for {low} to {high}; this piece has {seconds}.").format(
            low=_clock(low), high=_clock(high), seconds=_clock(seconds)
        ),
    )


def _check_tracks(n_tracks: int, low: int, high: int) -> RuleCheck:
    if low <= n_tracks <= high:
        return RuleCheck("tracks", 1.0, "")
    return RuleCheck(
        "tracks",
        _ratio(n_tracks, low, high),
        _("The round asks for {low} to {high} tracks; this piece has {n_tracks}.").format(
            low=low, high=high, n_tracks=n_tracks
        ),
    )


def _check_techniques(used: frozenset[str], required: frozenset[str]) -> RuleCheck:
    missing = required - used
    if not missing:
        return RuleCheck("techniques", 1.0, "")
    return RuleCheck(
        "techniques",
        1 - len(missing) / len(required),
        _("The round asks for these techniques as well: {names}.").format(
            names=", ".join(sorted(missing))
        ),
    )


def fit_value(
    piece: PieceFacts,
    *,
    seconds: tuple[int, int],
    tracks: tuple[int, int],
    techniques: frozenset[str],
) -> tuple[float, list[str]]:
    """Return how well a piece fits a round's rules, 0-100, and a sentence for each thing amiss.

    The value is the product of the shares that `check_rules` gives.
    """
    checks = check_rules(piece, seconds=seconds, tracks=tracks, techniques=techniques)
    value = math.prod(check.share for check in checks)
    return 100 * value, [check.reason for check in checks if not check.is_kept]


def _ratio(value: float, low: float, high: float) -> float:
    return value / low if value < low else high / value


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def parts_as_json(parts: Mapping[str, Part]) -> dict[str, dict[str, object]]:
    """Return the parts as they are stored with a score."""
    return {name: asdict(part) for name, part in parts.items()}
