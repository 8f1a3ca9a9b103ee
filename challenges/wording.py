"""A round's rules and a piece's facts as sentences. Pure, no database."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.words import translated, within
from challenges.explaining import LABELS
from challenges.models import Round
from challenges.models.challenge import Counting, QuotaPeriod
from challenges.scoring import PARTS, rule_named
from studio.wording import Technique

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


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
    return ngettext("{n} day", "{n} days", days).format(n=days)


def rules_in_words(round_: Round) -> list[str]:
    """Return what a round asks for, a sentence each."""
    return [
        *rule_sentences(round_).values(),
        _("A piece outside these limits is refused.")
        if round_.refuse_outside_rules
        else _("A piece outside these limits is taken, but scores lower."),
        _quota_sentence(round_),
        _("Of your pieces, {label} stands on the board.").format(
            label=Counting(round_.counting).label
        ),
        _style_sentence(round_.style),
        _scoring_sentence(round_),
    ]


def rule_sentences(round_: Round) -> dict[str, str]:
    """Return the rules that a piece can break, a sentence each, by the names of the checks."""
    sentences = {
        "length": _("Your piece lasts {min_seconds} to {max_seconds} minutes.").format(
            min_seconds=clock(round_.min_seconds), max_seconds=clock(round_.max_seconds)
        ),
        "tracks": _tracks(round_.min_tracks, round_.max_tracks),
    }
    if round_.techniques:
        names = _(" and ").join(str(Technique(name).label) for name in round_.techniques)
        sentences["techniques"] = _("It was made with: {names}.").format(names=names)
    if not round_.allows_custom_models:
        sentences["models"] = _("Only the site’s own models helped, none that somebody trained.")
    return sentences


def _tracks(fewest: int, most: int) -> str:
    if fewest == most:
        return ngettext("It has exactly {n} track.", "It has exactly {n} tracks.", fewest).format(
            n=fewest
        )
    return _("It has {fewest} to {most} tracks.").format(fewest=fewest, most=most)


def _quota_sentence(round_: Round) -> str:
    if not round_.quota:
        return _("You may hand in as many pieces as you like.")
    return _quota(QuotaPeriod(round_.quota_period), round_.quota).format(n=round_.quota)


def _quota(period: QuotaPeriod, n: int) -> str:
    if period == QuotaPeriod.DAY:
        return ngettext("You may hand in {n} piece a day.", "You may hand in {n} pieces a day.", n)
    if period == QuotaPeriod.WEEK:
        return ngettext(
            "You may hand in {n} piece a week.", "You may hand in {n} pieces a week.", n
        )
    return ngettext("You may hand in {n} piece in all.", "You may hand in {n} pieces in all.", n)


def _style_sentence(style: str) -> str:
    if not style:
        return _("It is compared with the reference style that it comes nearest to.")
    return _("It is compared with real pieces of one style: {style}.").format(
        style=translated(style)
    )


def _scoring_sentence(round_: Round) -> str:
    rule = rule_named(round_.scoring_rule)
    weights = rule.validate(round_.scoring_config)
    parts = ", ".join(f"{within(LABELS[name])} {weights[name]:.0%}" for name in PARTS)
    return _("The score weighs {parts}. {meaning}").format(parts=parts, meaning=rule.meaning)
