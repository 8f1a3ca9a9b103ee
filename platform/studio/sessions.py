"""How a browser without an account is known: a guest's id in its session."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from accounts.models import User
from studio.models import Guest
from studio.services.guests import adopt_guest_work

SESSION_KEY = "guest"


def guest_in(session: SessionBase) -> Guest | None:
    """Return the guest that a session belongs to, if there is one who was not adopted."""
    try:
        pk = UUID(session.get(SESSION_KEY, ""))
    except ValueError:
        return None
    return Guest.objects.filter(pk=pk, adopted_by=None).first()


def remember_guest(session: SessionBase, guest: Guest) -> None:
    """Let a session belong to a guest, for as long as the guest's work is kept from now on."""
    session[SESSION_KEY] = str(guest.pk)
    session.set_expiry(timedelta(days=settings.GUEST_DAYS))


def adopt_from_session(session: SessionBase, person: User, now: datetime) -> None:
    """Give a guest's work to the person whom the guest turns out to be, at sign-in."""
    guest = guest_in(session)
    if guest is not None:
        adopt_guest_work(guest=guest, user=person, now=now)
    session.pop(SESSION_KEY, None)
