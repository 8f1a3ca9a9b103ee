"""What is to happen when somebody signs in, told by the apps above this one when they start."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase

from accounts.models import User

Welcome = Callable[[SessionBase, User, datetime], None]

_welcomes: list[Welcome] = []


def register(welcome: Welcome) -> None:
    """Have `welcome` called with the visitor's session just before they are signed in."""
    if welcome not in _welcomes:
        _welcomes.append(welcome)


def welcome(session: SessionBase, person: User, now: datetime) -> None:
    """Call everything that was registered, in order.

    An error stops the sign-in, and leaves the visitor's session as it was: they can try again.
    """
    for call in _welcomes:
        call(session, person, now)
