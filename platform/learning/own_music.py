"""Music of the visitor's own, for live parts. Where it is kept is another app's business.

The site as a whole registers what finds it (`config.own_music`): lessons know no Studio.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.http import HttpRequest

from accounts.models import User
from ml.music import Song


@dataclass(frozen=True, slots=True)
class OwnPiece:
    """A piece that the visitor keeps; `key` finds it again."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose share of the queue a job counts against: a person's, or a guest's by `share`."""

    owner: User | None = None
    share: str = ""


class Shelf(Protocol):
    """Finds what a visitor keeps, and says who asks for work."""

    def pieces(self, request: HttpRequest) -> Sequence[OwnPiece]:
        """Return the visitor's pieces, the last one first."""

    def song(self, request: HttpRequest, key: str) -> Song | None:
        """Return one of them, or None if the visitor keeps no such piece.

        :raises RuleBroken: if it cannot be read just now
        """

    def asker(self, request: HttpRequest) -> Asker:
        """Return who asks for work.

        :raises RuleBroken: if guests from there asked for too much
        """


class _Empty:
    """Nobody keeps anything: what lessons have without the rest of the site."""

    def pieces(self, request: HttpRequest) -> Sequence[OwnPiece]:
        return ()

    def song(self, request: HttpRequest, key: str) -> Song | None:
        return None

    def asker(self, request: HttpRequest) -> Asker:
        return Asker(owner=request.user if isinstance(request.user, User) else None)


_shelf: Shelf = _Empty()


def register(found: Shelf) -> None:
    """Have visitors' music found by `found`."""
    global _shelf
    _shelf = found


def shelf() -> Shelf:
    """Return what finds visitors' music."""
    return _shelf
