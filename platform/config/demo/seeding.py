"""A newcomer's first data: a monthly challenge with an open round and a past one."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import User
from challenges.models import Challenge, Recurrence, Round
from challenges.services.draining import note_drained
from challenges.services.recurring import schedule_monthly_rounds
from challenges.services.rounds import (
    Dates,
    create_challenge,
    create_round,
    finalize,
    publish,
    publish_results,
)
from challenges.zones import month_starts
from config.demo.people import PARTICIPANT, give_api_key, judge, organizer, participant
from config.demo.pieces import PARTICIPANTS, DemoPiece, random_notes, real_pieces, repeated_note
from config.demo.run import hand_in
from ml.data.melodies import sample_melodies
from workers import scoring  # noqa: F401 - registers the handlers
from workers.runner import work_once

BRIEF = """\
Write a short chorale: **four voices**, a tune that a congregation could pick up at first hearing,
and a cadence that means what it says.

Take a melody of your own or one that is in the public domain. Keep the voices moving against each
other; let the bass walk. What the score looks at, and what it cannot hear, is explained on every
entry's page.
"""
OPEN_STAGE = """\
A room to try things out: any style, any length up to half an hour, as often as you like. Pieces are
scored against all reference styles together, so you can see what each metric says about your music
before you enter a challenge.
"""
DAYS_AHEAD_OF_CLOSE = 5


def is_seeded() -> bool:
    """Tell whether the site has a challenge already."""
    return Challenge.objects.exists()


def seed(*, cache: Path) -> None:
    """Make the accounts, the challenges, this month's rounds and a past one with results."""
    now = timezone.now()
    actor = organizer()
    judge()
    give_api_key(participant(PARTICIPANT), now)
    chorale = _chorale_challenge(actor, now)
    past = _past_round(chorale, actor, now)
    schedule_monthly_rounds(now)
    _open_stage(actor, now)
    real = real_pieces(cache, count=12)
    _hand_in_from(past, real[:6], past.opens_at + timedelta(days=DAYS_AHEAD_OF_CLOSE))
    current = Round.objects.open(now).get(challenge=chorale)
    samples = [(title, song.to_midi()) for title, song in sample_melodies()]
    weak = [("One note, insisted upon", repeated_note().to_midi())]
    weak.append(("Dice", random_notes(seed=7).to_midi()))
    _hand_in_from(current, [*real[6:], *samples, *weak], now)
    _score_what_waits()
    _conclude(past, actor, now)


def _score_what_waits() -> None:
    """Do here what a worker would, so that a newcomer's first page has a board."""
    while work_once("score", "seed"):
        pass


def _conclude(round_: Round, actor: User, now: datetime) -> None:
    note_drained(now)
    publish_results(round_=round_, actor=actor, now=now)
    finalize(round_=round_, actor=actor, now=now)


def _hand_in_from(round_: Round, pieces: list[tuple[str, bytes]], received_at: datetime) -> None:
    for number, (title, midi) in enumerate(pieces):
        piece = DemoPiece(PARTICIPANTS[number + 1], title, midi)
        hand_in(round_, piece, received_at + timedelta(seconds=number))


def _chorale_challenge(actor: User, now: datetime) -> Challenge:
    return create_challenge(
        actor=actor,
        now=now,
        slug="chorale",
        title="A chorale of your own",
        brief=BRIEF,
        style="chorale",
        min_seconds=16,
        max_seconds=180,
        quota=20,
        recurrence=Recurrence.MONTHLY,
    )


def _past_round(challenge: Challenge, actor: User, now: datetime) -> Round:
    """Make last month's round as it was made then: its dates lie before `now`."""
    zone = ZoneInfo(challenge.zone)
    [this_month] = month_starts(now, zone, count=1)
    [opens_at] = month_starts(this_month - timedelta(days=1), zone, count=1)
    title = f"{challenge.title}, {opens_at.astimezone(zone):%B %Y}"
    made_at = opens_at - timedelta(days=1)
    round_ = create_round(
        challenge=challenge,
        dates=Dates(opens_at=opens_at, closes_at=this_month),
        title=title,
        slug=f"{challenge.slug}-{opens_at.astimezone(zone):%Y-%m}",
        actor=actor,
        now=made_at,
    )
    return publish(round_=round_, actor=actor, now=made_at)


def _open_stage(actor: User, now: datetime) -> Round:
    """Make a round without limits that stays open for a year."""
    challenge = create_challenge(
        actor=actor,
        now=now,
        slug="open-stage",
        title="Open stage",
        brief=OPEN_STAGE,
        min_seconds=1,
        max_seconds=1800,
        max_tracks=64,
        quota=0,
    )
    dates = Dates(opens_at=now - timedelta(minutes=1), closes_at=now + timedelta(days=365))
    round_ = create_round(
        challenge=challenge,
        dates=dates,
        title="Open stage",
        slug="open-stage",
        actor=actor,
        now=now,
    )
    return publish(round_=round_, actor=actor, now=now)
