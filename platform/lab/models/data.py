"""The music that a model is trained on."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from lab.wording import Source

PARTS = ("melody", "second", "third", "bass")
"""The four parts of a piece that models learn from, from high to low."""


class DataSet(models.Model):
    """Music that somebody chose to train on; nobody else sees it.

    `survey` holds the totals over its files: pieces, phrases, bars, seconds, notes, duplicates,
    refused files, pieces on each side, and the pitch range of each part.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_sets"
    )
    name = models.CharField(max_length=80)
    source = models.CharField(max_length=12, choices=Source.choices)
    style = models.CharField(max_length=20, blank=True)
    rights_confirmed_at = models.DateTimeField(null=True, blank=True)
    survey = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=Source.values), name="data_set_source_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(source=Source.STYLE) & ~Q(style=""))
                | (~Q(source=Source.STYLE) & Q(style="")),
                name="data_set_of_a_style_names_it",
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.UPLOAD) | Q(rights_confirmed_at__isnull=False),
                name="uploaded_data_set_has_rights",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-created_at"], name="data_set_newest_of_owner")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("lab-data", kwargs={"pk": self.pk})

    def facts(self) -> dict[str, Any]:
        """Return what a run keeps of its data set, should that be deleted."""
        return {
            "name": self.name,
            "source": self.source,
            "style": self.style,
            "survey": self.survey,
        }


class DataFile(models.Model):
    """One file of a data set: music to train on, or why it is none.

    A file that was taken has a `midi_key` and a side; one that was refused has a `refusal_code`
    and the sentence that says what is wrong. `report` is what the survey found. `parts` are the
    tracks that somebody chose as its four parts, each a number or null; null as a whole leaves
    the choice to the survey.
    """

    data_set = models.ForeignKey(DataSet, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    midi_key = models.CharField(max_length=100, blank=True, db_index=True)
    music_sha256 = models.CharField(max_length=64, blank=True)
    report = models.JSONField(default=dict)
    refusal_code = models.CharField(max_length=60, blank=True)
    refusal_detail = models.TextField(blank=True)
    side = models.CharField(max_length=8, blank=True)
    parts = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["data_set", "name"], name="data_files_have_names"),
            models.CheckConstraint(
                condition=(Q(refusal_code="") & ~Q(midi_key="") & ~Q(side=""))
                | (~Q(refusal_code="") & Q(side="")),
                name="data_file_is_taken_or_refused",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_taken(self) -> bool:
        """Whether models learn from it."""
        return not self.refusal_code
