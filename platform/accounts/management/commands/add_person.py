"""Make an account from the terminal: how a new site gets its first organizer."""

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.services import create_person

ROLES = ("organizer", "judge", "staff", "superuser")


class Command(BaseCommand):
    """Asks for a password, or reads one line from a pipe, and makes the account."""

    help = (
        "Make an account with a confirmed address. The password is asked for, or read from stdin."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("email")
        for role in ROLES:
            parser.add_argument(f"--{role}", action="store_true")

    @transaction.atomic
    def handle(self, *args: Any, username: str, email: str, **options: Any) -> None:
        roles = [role for role in ROLES if options[role]]
        try:
            password = _password()
            validate_password(password)
            person = create_person(
                username=username,
                email=email,
                password=password,
                **{f"is_{role}": True for role in roles},  # type: ignore[arg-type]
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        audit.record(
            actor=None,
            action="person.added",
            subject=f"user:{person.username}",
            detail={"roles": roles},
            reason="In the terminal",
            now=timezone.now(),
        )
        self.stdout.write(f"{person.username} can sign in with {person.email}.")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise ValidationError("The two passwords differ.")
    return password
