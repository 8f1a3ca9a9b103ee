"""What people do with accounts: join, get roles, make and revoke API tokens."""

import hashlib
import secrets
from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import audit
from accounts.errors import RoleNotGranted, TokenLimitReached
from accounts.models import ApiToken, User

KEY_START = "cp_"
ROLES = ("organizer", "judge")


@transaction.atomic
def create_person(
    *,
    username: str,
    email: str,
    password: str | None,
    verified: bool = True,
    display_name: str = "",
    bio: str = "",
    zone: str = "",
    is_organizer: bool = False,
    is_judge: bool = False,
    is_staff: bool = False,
    is_superuser: bool = False,
) -> User:
    """Make an account without the sign-up pages, as commands and tests do.

    `password` None makes an account that nobody can sign in to. `verified` says that the address
    belongs to the person; without it they must verify it before they sign in.

    :raises django.core.exceptions.ValidationError: if a value would be refused at sign-up
    """
    person = User(
        username=username,
        email=email.lower(),
        display_name=display_name,
        bio=bio,
        timezone=zone,
        is_organizer=is_organizer,
        is_judge=is_judge,
        is_staff=is_staff,
        is_superuser=is_superuser,
    )
    person.set_password(password)
    person.full_clean()
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=verified, primary=True)
    return person


def hash_key(key: str) -> str:
    """Return the SHA-256 of an API key in hex; keys are random, so a slow hash adds nothing."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def create_token(*, person: User, name: str, now: datetime) -> tuple[ApiToken, str]:
    """Make an API token and return it with its key, which is shown once and kept nowhere.

    :raises TokenLimitReached: if the person has `MAX_API_TOKENS` tokens already
    """
    # The lock makes two requests of one person wait for each other.
    User.objects.select_for_update().get(pk=person.pk)
    limit: int = settings.MAX_API_TOKENS
    if person.api_tokens.filter(revoked_at=None).count() >= limit:
        raise TokenLimitReached(
            _("You have {limit} API tokens. Revoke one to make another.").format(limit=limit)
        )
    key = KEY_START + secrets.token_urlsafe(32)
    token = ApiToken(person=person, name=name, prefix=key[:8], digest=hash_key(key), created_at=now)
    token.full_clean()
    token.save()
    audit.record(
        actor=person,
        action="token.created",
        subject=_subject(person),
        detail=_facts(token),
        now=now,
    )
    return token, key


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: User, now: datetime) -> None:
    """End an API token for good; revoking it again changes nothing."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        return
    audit.record(
        actor=actor,
        action="token.revoked",
        subject=_subject(token.person),
        detail=_facts(token),
        now=now,
    )


@transaction.atomic
def set_role(
    *, person: User, role: str, granted: bool, actor: User, reason: str, now: datetime
) -> None:
    """Give somebody a role (`organizer` or `judge`) or take it away.

    :raises RoleNotGranted: if `actor` is no organizer, or would take away their own role
    :raises ValueError: if there is no such role
    """
    if role not in ROLES:
        raise ValueError(_("No such role: {role}").format(role=role))
    if not (actor.is_organizer or actor.is_superuser):
        raise RoleNotGranted(_("Only organizers hand out roles."))
    if role == "organizer" and person == actor and not granted:
        raise RoleNotGranted(_("Another organizer has to take this role from you."))
    if not User.objects.filter(pk=person.pk, **{f"is_{role}": not granted}).update(
        **{f"is_{role}": granted}
    ):
        return
    setattr(person, f"is_{role}", granted)
    action = f"role.{role}.{'granted' if granted else 'taken'}"
    audit.record(actor=actor, action=action, subject=_subject(person), reason=reason, now=now)


@transaction.atomic
def disable_person(*, person: User, actor: User, reason: str, now: datetime) -> None:
    """Close an account: nobody signs in to it, and whoever is signed in is out at once."""
    User.objects.filter(pk=person.pk).update(is_active=False)
    person.is_active = False
    end_access(person=person, action="person.disabled", actor=actor, reason=reason, now=now)


@transaction.atomic
def end_access(
    *, person: User, action: str, now: datetime, actor: User | None = None, reason: str = ""
) -> None:
    """End every session and API token of a person, because of `action`.

    `actor` is the person themselves when left out.
    """
    User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])
    ended = person.api_tokens.filter(revoked_at=None).update(revoked_at=now)
    audit.record(
        actor=actor or person,
        action=action,
        subject=_subject(person),
        detail={"tokens_revoked": ended},
        reason=reason,
        now=now,
    )


def touch_token(*, token: ApiToken, now: datetime) -> None:
    """Remember that a token was used, at most once a minute to spare the database."""
    if token.last_used_at is None or (now - token.last_used_at).total_seconds() >= 60:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _subject(person: User) -> str:
    return f"user:{person.username}"


def _facts(token: ApiToken) -> dict[str, object]:
    return {"token": token.pk, "name": token.name, "prefix": token.prefix}
