from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.errors import AuditIsAppendOnly
from accounts.validators import HANDLE_VALIDATORS, validate_printable, validate_timezone


class User(AbstractUser):
    """A person with an account. `username` is the public name in addresses and on boards."""

    username = models.CharField(
        _("user name"),
        max_length=30,
        unique=True,
        validators=HANDLE_VALIDATORS,
        error_messages={"unique": _("Somebody has this user name already.")},
        help_text=_("In your profile's address: letters, digits, - and _."),
    )
    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(
        max_length=60,
        blank=True,
        validators=[validate_printable],
        help_text=_("Shown instead of the user name."),
    )
    bio = models.CharField(
        max_length=280,
        blank=True,
        validators=[validate_printable],
        help_text=_("A line or two for your profile."),
    )
    timezone = models.CharField(
        max_length=64,
        blank=True,
        validators=[validate_timezone],
        help_text=_("An IANA zone; the browser's when empty."),
    )
    is_organizer = models.BooleanField(default=False)
    is_judge = models.BooleanField(default=False)
    # Part of every session's hash: raising it ends all sessions of this person at once.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    class Meta(AbstractUser.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("username"), name="handle_unique_in_any_case"),
            models.UniqueConstraint(Lower("email"), name="email_unique_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.public_name

    @property
    def public_name(self) -> str:
        """The name that other people see."""
        return self.display_name or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django asks this method for the current key and for each fallback key.
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac("accounts.session", value, secret=secret, algorithm="sha256").hexdigest()


class ApiToken(models.Model):
    """A key with which a program acts for a person; only its hash is kept."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60, validators=[validate_printable])
    prefix = models.CharField(
        max_length=12, help_text="The key's first characters, to tell keys apart."
    )
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the key, in hex.")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class AuditQuerySet(models.QuerySet["AuditRecord"]):
    """Reads only: what was done cannot be undone by rewriting it."""

    def update(self, **kwargs: Any) -> int:
        raise AuditIsAppendOnly("The audit log cannot be changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AuditIsAppendOnly("The audit log cannot be shortened.")

    def about(self, subject: str) -> "AuditQuerySet":
        """Return the records of one subject such as `round:2026-11`."""
        return self.filter(subject=subject)


class AuditRecord(models.Model):
    """Who did what, when, and why. Rows are only ever added."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Nobody when the site acted by itself.",
    )
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, db_index=True)
    detail = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    def save(
        self,
        force_insert: bool | tuple[models.base.ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        if not self._state.adding:
            raise AuditIsAppendOnly("The audit log cannot be changed.")
        super().save(force_insert=True, using=using)

    def delete(
        self, using: str | None = None, keep_parents: bool = False
    ) -> tuple[int, dict[str, int]]:
        raise AuditIsAppendOnly("The audit log cannot be shortened.")
