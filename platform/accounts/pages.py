"""What all pages share: who is signed in, and showing what was refused."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest

from accounts.errors import RuleBroken
from accounts.models import User
from ml.music import MidiRefused

UNPROCESSABLE = 422


def person_of(request: HttpRequest) -> User:
    """Return the signed-in person; the view lets nobody else through."""
    return cast(User, request.user)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not done, as a notice on the page, and the status it answers with."""

    text: str
    status: int
    url: str = ""
    link: str = ""

    @classmethod
    def of(cls, error: RuleBroken | MidiRefused) -> "Refusal":
        """Return what a broken rule or a refused file is shown as."""
        if isinstance(error, MidiRefused):
            return cls(error.detail, UNPROCESSABLE)
        return cls(str(error), error.status)
