"""Compositions, and the generations that lead from one to the next."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from jobs.models import Job
from studio.wording import Plain, Technique, plain

MAX_SEED = 2**32 - 1


class Origin(models.TextChoices):
    """How a composition came to be."""

    UPLOAD = "upload", "Uploaded"
    GENERATION = "generation", "Generated"


class CompositionQuerySet(models.QuerySet["Composition"]):
    """Filters over compositions."""

    def kept(self) -> Self:
        """Compositions that their owner has not deleted."""
        return self.filter(deleted_at=None)


class Composition(models.Model):
    """Music that a person owns; nobody else sees it.

    `midi_key` is where the canonical bytes lie, named by their own sha256. `version` counts the
    states of its music, of which this is the last one. A deleted composition keeps its row, since
    others may come from it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="compositions"
    )
    title = models.CharField(max_length=80)
    origin = models.CharField(max_length=12, choices=Origin.choices)
    generation = models.OneToOneField(
        "studio.Generation",
        null=True,
        on_delete=models.RESTRICT,
        related_name="output",
        help_text="The generation whose result this is.",
    )
    version = models.PositiveIntegerField(default=1)

    midi_key = models.CharField(max_length=100)
    midi_sha256 = models.CharField(max_length=64)
    midi_size = models.PositiveIntegerField()
    music_hash = models.CharField(max_length=64, help_text="Hash of the notes alone.")
    seconds = models.FloatField()
    n_notes = models.PositiveIntegerField()
    n_tracks = models.PositiveSmallIntegerField()

    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)
    idempotency_key = models.CharField(max_length=255, null=True, blank=True)
    request_sha256 = models.CharField(max_length=64, blank=True)

    objects = CompositionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(origin=Origin.GENERATION, generation__isnull=False)
                | (~Q(origin=Origin.GENERATION) & Q(generation__isnull=True)),
                name="generated_composition_has_its_generation",
            ),
            models.UniqueConstraint(
                fields=["owner", "idempotency_key"], name="one_composition_per_idempotency_key"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="composition_newest_of_owner")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("composition", kwargs={"pk": self.pk})


class Generation(models.Model):
    """One run of a technique on a composition, as it was then.

    With the same input, weights, parameters and seed the result has the same bytes. The row says
    what was asked for; where it stands is its job's to say, and its result is there once the job
    succeeded.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="generations"
    )
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="generation")
    input = models.ForeignKey(Composition, on_delete=models.CASCADE, related_name="generations")
    input_version = models.PositiveIntegerField()
    input_key = models.CharField(max_length=100)
    input_sha256 = models.CharField(max_length=64)
    technique = models.CharField(max_length=12, choices=Technique.choices)
    model = models.CharField(max_length=60, help_text="Name of the weights.")
    model_sha256 = models.CharField(max_length=64)
    parameters = models.JSONField()
    seed = models.BigIntegerField()
    created_at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=255, null=True, blank=True)
    request_sha256 = models.CharField(max_length=64)

    attempt = models.PositiveSmallIntegerField(
        null=True, help_text="Of the job: the one whose result this is."
    )
    events_key = models.CharField(max_length=100, blank=True)
    n_events = models.PositiveIntegerField(default=0)
    notes_in = models.PositiveIntegerField(null=True)
    notes_out = models.PositiveIntegerField(null=True)
    added = models.PositiveIntegerField(null=True)
    removed = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(null=True, help_text="What the model took.")
    details = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(technique__in=Technique.values), name="generation_technique_is_known"
            ),
            models.CheckConstraint(
                condition=Q(seed__gte=0, seed__lte=MAX_SEED), name="generation_seed_in_range"
            ),
            models.UniqueConstraint(
                fields=["owner", "idempotency_key"], name="one_generation_per_idempotency_key"
            ),
        ]
        indexes = [models.Index(fields=["input", "-created_at"], name="generation_newest_of_input")]

    def __str__(self) -> str:
        return f"{self.plain.name}: {self.input}"

    def get_absolute_url(self) -> str:
        return reverse("generation", kwargs={"pk": self.pk})

    @property
    def subject(self) -> str:
        """The name under which jobs speak of this generation."""
        return f"generation:{self.pk}"

    @property
    def plain(self) -> Plain:
        """The technique in plain words."""
        return plain(self.technique)

    def step(self) -> dict[str, Any]:
        """Return the line that this generation is in the lineage of what came of it."""
        return {
            "technique": self.technique,
            "model": self.model,
            "sha256": self.model_sha256,
            "parameters": self.parameters,
            "seed": self.seed,
        }


class AudioFormat(models.TextChoices):
    """What sound is stored as."""

    MP3 = "mp3", "MP3"
    WAV = "wav", "WAV"


class Rendering(models.Model):
    """The sound of a canonical MIDI file, made once for everybody who hears or downloads it.

    The row says what was asked for; where it stands is its job's to say, and the file is there once
    the job succeeded. `seconds` is how long the sound is, `peaks` how loud it is along the way: the
    loudest sample of each of a few hundred equal stretches, from 0 to 255.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    midi_sha256 = models.CharField(max_length=64)
    midi_key = models.CharField(max_length=100)
    engine = models.CharField(max_length=60, help_text="What makes it; others sound different.")
    format = models.CharField(max_length=4, choices=AudioFormat.choices)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="rendering")
    created_at = models.DateTimeField()

    key = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(null=True, help_text="Of the file, in bytes.")
    seconds = models.FloatField(null=True)
    peaks = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(format__in=AudioFormat.values), name="rendering_format_is_known"
            ),
            models.UniqueConstraint(
                fields=["midi_sha256", "engine", "format"], name="music_is_rendered_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.midi_sha256[:8]}.{self.format}"

    @property
    def subject(self) -> str:
        """The name under which jobs speak of this rendering."""
        return f"rendering:{self.pk}"
