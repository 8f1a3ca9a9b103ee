"""What people have learned, and how organizers arrange the capsules."""

import secrets
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from jobs.models import Job
from jobs.states import Fault

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


class Attention(models.Model):
    """Where the shipped Transformer looks while it reads a melody that somebody brought.

    Computed once for each melody and weights, whoever brings it; its address cannot be guessed.
    `weights` is there once the job succeeded (`ml.lessons.attending.Shares`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True, help_text="Of the tune and the model.")
    tune = models.JSONField(help_text="ml.lessons.tune.Tune.as_dict")
    weights = models.JSONField(null=True)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="attention")
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"Attention {self.pk}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come by itself."""
        return self.weights is not None or self.job.is_final

    @property
    def state_in_words(self) -> str:
        """Where the work stands, as a sentence in the language of the lessons."""
        if not self.job.is_final:
            return "The Transformer is reading your melody. The arcs appear here by themselves."
        if self.job.fault == Fault.INPUT:
            return self.job.error_detail
        return "Your melody could not be read just now. Bring it again in a minute."

    def as_run(self) -> dict[str, Any]:
        """Return what the live part draws, as `ml.lessons.recording("attention")` has it."""
        return {"title": "Your melody", **self.tune, "weights": self.weights}
