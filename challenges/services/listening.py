"""Counting who heard what."""

from datetime import UTC, datetime

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from challenges.errors import HeardTooLittle
from challenges.models import Entry, Listen, Submission

ENOUGH_SECONDS = 15.0
ENOUGH_SHARE = 0.5


def enough_of(seconds: float) -> float:
    """Return how many seconds of a piece count as having heard it: half of it, at most 15.

    >>> enough_of(20.0), enough_of(90.0)
    (10.0, 15.0)
    """
    return min(ENOUGH_SECONDS, ENOUGH_SHARE * seconds)


def visitor_key(*, address: str, browser: str, now: datetime) -> str:
    """Return what tells people without an account apart for a day, without telling who they are."""
    day = now.astimezone(UTC).date()
    return salted_hmac(
        "challenges.listen", f"{day}\0{address}\0{browser}", algorithm="sha256"
    ).hexdigest()


def record_listen(
    *,
    entry: Entry,
    submission: Submission,
    person: User | None,
    visitor: str,
    heard: float,
    now: datetime,
) -> Listen | None:
    """Count that somebody heard `heard` seconds of an entry, once a day for each of them.

    Nobody's own listening counts: then there is None. `visitor` is used where there is no person.

    :raises HeardTooLittle: if it was less than half of the piece and less than 15 seconds
    """
    if heard < enough_of(submission.seconds):
        raise HeardTooLittle(_("A listen counts from half of the piece, or from 15 seconds."))
    if person is not None and entry.participant_id == person.pk:
        return None
    who = {"person": person, "visitor": "" if person else visitor}
    listen, _created = Listen.objects.get_or_create(
        entry=entry,
        **who,
        day=now.astimezone(UTC).date(),
        defaults={"at": now, "seconds": min(heard, submission.seconds)},
    )
    return listen
