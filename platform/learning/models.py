"""What people have learned, and how organizers arrange the capsules."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

SLUG = 40
TOKEN_BYTES = 24


def new_token() -> str:
    """Return an address nobody can guess: 192 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class CapsuleSetting(models.Model):
    """Where a capsule stands among the others, and whether visitors see it.

    A capsule without a row is published, in the place it was written for.
    """

    capsule = models.SlugField(max_length=SLUG, unique=True)
    position = models.PositiveSmallIntegerField()
    is_published = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.capsule


class ChapterProgress(models.Model):
    """What a person answered in one chapter, and since when it is done.

    `answers` maps the id of a question to {"given": [...], "right": bool}: the last answer, which
    stays right once it was.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="chapters"
    )
    capsule = models.SlugField(max_length=SLUG)
    chapter = models.SlugField(max_length=SLUG)
    answers = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("person", "capsule", "chapter", name="one_progress_per_chapter")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("capsule", "chapter", name="progress_by_chapter")
        ]

    def __str__(self) -> str:
        return f"{self.capsule}/{self.chapter}"


class Certificate(models.Model):
    """Says that a person did a whole capsule; whoever has its address may read it.

    `name` is the person's public name of that day.
    """

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="certificates"
    )
    capsule = models.SlugField(max_length=SLUG)
    name = models.CharField(max_length=60)
    issued_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("person", "capsule", name="one_certificate_per_capsule")
        ]

    def __str__(self) -> str:
        return f"{self.capsule}, {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("learn-certificate", args=[self.token])
