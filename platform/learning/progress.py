"""Where progress is kept: in a guest's session, or in rows of the person who is signed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts.models import User
from learning.book import Chapter
from learning.models import ChapterProgress

KEY = "learning"

Place = tuple[str, str]
"""Capsule and chapter, by slug."""


@dataclass(frozen=True, slots=True)
class State:
    """What somebody did in a chapter: answers by question, and since when it is done."""

    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    done_at: datetime | None = None

    def merged(self, other: "State") -> "State":
        """Return both together: right answers win, then the other's; the earlier end counts."""
        kept = {q: a for q, a in self.answers.items() if a["right"] or q not in other.answers}
        ends = [end for end in (self.done_at, other.done_at) if end]
        return State({**other.answers, **kept}, min(ends, default=None))


class Keeper(Protocol):
    """Keeps one visitor's progress."""

    def all(self) -> dict[Place, State]:
        """Return the state of every chapter that was begun."""

    def save(self, chapter: Chapter, state: State) -> State:
        """Merge a state into what is kept of a chapter, and return the whole."""


class InSession:
    """Keeps a guest's progress in their session."""

    def __init__(self, session: SessionBase) -> None:
        self._session = session

    def all(self) -> dict[Place, State]:
        found = {}
        for name, row in self._session.get(KEY, {}).items():
            capsule, _, chapter = name.partition("/")
            done = row["done_at"]
            end = datetime.fromisoformat(done) if done else None
            found[capsule, chapter] = State(row["answers"], end)
        return found

    def save(self, chapter: Chapter, state: State) -> State:
        kept = self.all().get((chapter.capsule, chapter.slug), State()).merged(state)
        rows = dict(self._session.get(KEY, {}))
        rows[f"{chapter.capsule}/{chapter.slug}"] = {
            "answers": dict(kept.answers),
            "done_at": kept.done_at.isoformat() if kept.done_at else None,
        }
        self._session[KEY] = rows
        return kept


class InRows:
    """Keeps a signed-in person's progress in the database."""

    def __init__(self, person: User) -> None:
        self._person = person

    def all(self) -> dict[Place, State]:
        return {
            (row.capsule, row.chapter): State(row.answers, row.done_at)
            for row in ChapterProgress.objects.filter(person=self._person)
        }

    @transaction.atomic
    def save(self, chapter: Chapter, state: State) -> State:
        # The lock makes two answers sent at once wait for each other: neither is lost.
        row, _ = ChapterProgress.objects.select_for_update().get_or_create(
            person=self._person, capsule=chapter.capsule, chapter=chapter.slug
        )
        kept = State(row.answers, row.done_at).merged(state)
        row.answers, row.done_at = dict(kept.answers), kept.done_at
        row.save(update_fields=["answers", "done_at"])
        return kept


def keeper_of(person: User | None, session: SessionBase) -> Keeper:
    """Return what keeps this visitor's progress."""
    return InRows(person) if person else InSession(session)
