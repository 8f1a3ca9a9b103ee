"""The people of the demo. Their passwords are public, so they exist in demo databases only."""

from datetime import datetime
from typing import Any

from accounts.models import ApiToken, User
from accounts.services import create_person, hash_key

PASSWORD = "play-it-again"
ORGANIZER = "clara"
JUDGE = "robert"
PARTICIPANT = "amara"
API_KEY = "cp_demo_play-it-again"


def participant(username: str) -> User:
    """Return a demo participant, made on first use; only `PARTICIPANT` can sign in."""
    return _person(username, PASSWORD if username == PARTICIPANT else None)


def organizer() -> User:
    """Return the demo's organizer, who may use Django's admin too."""
    return _person(ORGANIZER, PASSWORD, is_organizer=True, is_staff=True, is_superuser=True)


def judge() -> User:
    """Return the demo's judge."""
    return _person(JUDGE, PASSWORD, is_judge=True)


def give_api_key(person: User, now: datetime) -> None:
    """Let programs act for a demo account with `API_KEY`, as public as the passwords."""
    ApiToken.objects.get_or_create(
        digest=hash_key(API_KEY),
        defaults={
            "person": person,
            "name": "Demo",
            "prefix": API_KEY[:8],
            "created_at": now,
        },
    )


def _person(username: str, password: str | None, **roles: Any) -> User:
    known = User.objects.filter(username=username).first()
    return known or create_person(
        username=username,
        email=f"{username}@counterpoint.example",
        password=password,
        display_name=username.title(),
        **roles,
    )
