"""A round's rules and a piece's facts as sentences. Pure, no database."""

from datetime import timedelta

from django.utils.translation import gettext as _

from challenges.explaining import LABELS
from challenges.models import Round
from challenges.models.challenge import Counting, QuotaPeriod
from challenges.scoring import PARTS, rule_named
from studio.wording import Technique

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

QUOTAS = {
    QuotaPeriod.DAY: "a day",
    QuotaPeriod.WEEK: "a week",
    QuotaPeriod.ROUND: "in all",
}


def clock(seconds: float) -> str:
    """Return a length of music as minutes and seconds.

    >>> clock(72.4), clock(8)
    ('1:12', '0:08')
    """
    return f"{int(seconds) // MINUTE}:{int(seconds) % MINUTE:02d}"


def span(length: timedelta) -> str:
    """Return a waiting time in its largest unit, for people.

    >>> span(timedelta(seconds=4)), span(timedelta(seconds=170)), span(timedelta(hours=30))
    ('4 s', '3 min', '1 day')
    """
    seconds = max(length.total_seconds(), 0)
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    if seconds < 90 * MINUTE:
        return f"{seconds / MINUTE:.0f} min"
    if seconds < DAY:
        return f"{seconds / HOUR:.0f} h"
    days = int(seconds / DAY)
    return f"{days} day{'s'[: days != 1]}"


def rules_in_words(round_: Round) -> list[str]:
    """Return what a round asks for, a sentence each."""
    return [
        *rule_sentences(round_).values(),
        "A piece outside these limits is refused."
        if round_.refuse_outside_rules
        else "A piece outside these limits is taken, but scores lower.",
        _quota_sentence(round_),
        f"Of your pieces, {Counting(round_.counting).label} stands on the board.",
        _style_sentence(round_.style),
        _scoring_sentence(round_),
    ]


def rule_sentences(round_: Round) -> dict[str, str]:
    """Return the rules that a piece can break, a sentence each, by the names of the checks."""
    sentences = {
        "length": f"Your piece lasts {clock(round_.min_seconds)} to "
        f"{clock(round_.max_seconds)} minutes.",
        "tracks": f"It has {_tracks(round_.min_tracks, round_.max_tracks)}.",
    }
    if round_.techniques:
        names = " and ".join(Technique(name).label for name in round_.techniques)
        sentences["techniques"] = f"It was made with: {names}."
    if not round_.allows_custom_models:
        sentences["models"] = _("Only the site’s own models helped, none that somebody trained.")
    return sentences


def _tracks(fewest: int, most: int) -> str:
    if fewest == most:
        return f"exactly {fewest} track{'s'[: fewest != 1]}"
    return f"{fewest} to {most} tracks"


def _quota_sentence(round_: Round) -> str:
    if not round_.quota:
        return "You may hand in as many pieces as you like."
    pieces = f"{round_.quota} piece{'s'[: round_.quota != 1]}"
    return f"You may hand in {pieces} {QUOTAS[QuotaPeriod(round_.quota_period)]}."


def _style_sentence(style: str) -> str:
    if not style:
        return "It is compared with the reference style that it comes nearest to."
    return f"It is compared with real pieces of one style: {style}."


def _scoring_sentence(round_: Round) -> str:
    rule = rule_named(round_.scoring_rule)
    weights = rule.validate(round_.scoring_config)
    parts = ", ".join(f"{LABELS[name].lower()} {weights[name]:.0%}" for name in PARTS)
    return f"The score weighs {parts}. {rule.meaning}"
