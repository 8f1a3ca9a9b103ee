"""Models that people trained."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from lab.models.runs import TrainingRun
from lab.wording import Visibility
from studio.wording import Technique


class CustomModelQuerySet(models.QuerySet["CustomModel"]):
    """Filters over models."""

    def kept(self) -> Self:
        """Models that their owner has not deleted."""
        return self.filter(deleted_at=None)

    def public(self) -> Self:
        """Models that everybody may find."""
        return self.kept().filter(visibility=Visibility.PUBLIC)

    def open_to(self, person: User | None) -> Self:
        """Models that somebody who knows the address may see and use."""
        shared = Q(visibility__in=(Visibility.UNLISTED, Visibility.PUBLIC))
        return self.kept().filter(shared if person is None else shared | Q(owner=person))


class CustomModel(models.Model):
    """Weights that a run made, with the card that the run wrote.

    `weights` is the file's name among models (such as `gan_unet`); the file lies under its own
    hash, and its card beside it. A deleted model keeps its row without its files.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="custom_models"
    )
    run = models.OneToOneField(
        TrainingRun, null=True, on_delete=models.SET_NULL, related_name="model"
    )
    name = models.CharField(max_length=60)
    version = models.PositiveIntegerField(help_text="Counts the owner's models of this name.")
    description = models.CharField(max_length=1000, blank=True)
    visibility = models.CharField(
        max_length=10, choices=Visibility.choices, default=Visibility.PRIVATE
    )
    technique = models.CharField(max_length=12, choices=Technique.choices)
    weights = models.CharField(max_length=40)
    weights_key = models.CharField(max_length=100, db_index=True)
    card_key = models.CharField(max_length=100, db_index=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="Of the weights, in bytes.")
    card = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = CustomModelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="model_visibility_is_known"
            ),
            models.UniqueConstraint(
                fields=["owner", "name", "version"], name="models_of_a_name_are_numbered"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="model_newest_of_owner"),
            models.Index(fields=["visibility", "-created_at"], name="model_newest_public"),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("lab-model", kwargs={"pk": self.pk})

    @property
    def label(self) -> str:
        """The name and, from the second one of that name on, which it is."""
        return self.name if self.version == 1 else f"{self.name} {self.version}"

    @property
    def own_name(self) -> str:
        """What generations and lineages call it."""
        return f"own:{self.pk}"

    @property
    def styles(self) -> list[str]:
        """The styles that its card names."""
        return [str(style) for style in self.card.get("styles", [])]
