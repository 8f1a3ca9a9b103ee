"""Compositions, their versions, and the generations that lead from one to the next."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jobs.models import Job
from studio.wording import Plain, Technique, plain

MAX_SEED = 2**32 - 1


class Guest(models.Model):
    """Somebody without an account, known by their browser's session alone.

    A guest who signed in was adopted: what is theirs belongs to that person, and what still comes
    in under the guest's name goes there too.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True, help_text="Kept to the day.")
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )

    def __str__(self) -> str:
        return f"Guest {self.pk}"

    @property
    def share(self) -> str:
        """The name under which the queue counts this guest's jobs."""
        return f"guest:{self.pk}"


class Origin(models.TextChoices):
    """How a composition came to be."""

    UPLOAD = "upload", _("Uploaded")
    GENERATION = "generation", _("Generated")
    COPY = "copy", _("Copied")
    REMIX = "remix", _("Remixed")


class MusicFile(models.Model):
    """Canonical bytes in the file store, named by their own sha256, and facts about them."""

    midi_key = models.CharField(max_length=100, db_index=True)
    midi_sha256 = models.CharField(max_length=64)
    midi_size = models.PositiveIntegerField()
    music_hash = models.CharField(max_length=64, help_text="Hash of the notes alone.")
    seconds = models.FloatField()
    n_notes = models.PositiveIntegerField()
    n_tracks = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    def file_facts(self) -> dict[str, Any]:
        """Return what this row says about its file, by the names of its columns."""
        return {field.name: getattr(self, field.name) for field in MusicFile._meta.local_fields}


class CompositionQuerySet(models.QuerySet["Composition"]):
    """Filters over compositions."""

    def kept(self) -> Self:
        """Compositions that their owner has not deleted."""
        return self.filter(deleted_at=None)

    def deleted_since(self, moment: datetime) -> Self:
        """Compositions that their owner deleted after `moment`."""
        return self.filter(deleted_at__gt=moment)


def held_by_one(name: str) -> models.CheckConstraint:
    """Return the rule that a row belongs to a person or to a guest, and not to both."""
    return models.CheckConstraint(
        condition=Q(owner__isnull=False, guest__isnull=True)
        | Q(owner__isnull=True, guest__isnull=False),
        name=name,
    )


class Composition(MusicFile):
    """Music that a person or a guest owns; nobody else sees it.

    `version` counts the states of its music, of which this is the last one. A deleted composition
    keeps its row, since others may come from it. `attributions` names whose pieces it was made
    from, the first one first: title, author, licence and url of each; whatever is made of it
    inherits them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="compositions"
    )
    guest = models.ForeignKey(
        Guest, null=True, on_delete=models.CASCADE, related_name="compositions"
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
    source = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="copies")
    attributions = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    settings = models.JSONField(
        default=dict, help_text="What the Studio knows of it that MIDI cannot hold."
    )

    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(help_text="When its music, title or settings changed last.")
    deleted_at = models.DateTimeField(null=True, blank=True)
    idempotency_key = models.CharField(max_length=255, null=True, blank=True)
    request_sha256 = models.CharField(max_length=64, blank=True)

    objects = CompositionQuerySet.as_manager()

    class Meta:
        constraints = [
            held_by_one("composition_has_one_holder"),
            models.CheckConstraint(
                condition=Q(origin=Origin.GENERATION, generation__isnull=False)
                | (~Q(origin=Origin.GENERATION) & Q(generation__isnull=True)),
                name="generated_composition_has_its_generation",
            ),
            models.UniqueConstraint(
                fields=["owner", "idempotency_key"], name="one_composition_per_idempotency_key"
            ),
            models.UniqueConstraint(
                fields=["guest", "idempotency_key"], name="one_guest_composition_per_key"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="composition_newest_of_owner")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("composition", kwargs={"pk": self.pk})


class CompositionVersion(MusicFile):
    """One state of a composition's music, the present one included."""

    composition = models.ForeignKey(Composition, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["composition", "number"], name="versions_are_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.composition}, version {self.number}"


class ShareLink(models.Model):
    """An address at which whoever has it may see one composition."""

    composition = models.OneToOneField(
        Composition, on_delete=models.CASCADE, related_name="share_link"
    )
    token = models.CharField(max_length=40, help_text="Kept to be shown to the owner again.")
    digest = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the token, by which it is found."
    )
    may_download = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Link to {self.composition}"

    def get_absolute_url(self) -> str:
        return reverse("shared", kwargs={"token": self.token})


class DiscardedFile(models.Model):
    """A stored file that some row no longer points to; the sweeper removes it if none does."""

    key = models.CharField(max_length=100, primary_key=True)
    discarded_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


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
    guest = models.ForeignKey(
        Guest, null=True, on_delete=models.CASCADE, related_name="generations"
    )
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="generation")
    input = models.ForeignKey(Composition, on_delete=models.CASCADE, related_name="generations")
    input_version = models.PositiveIntegerField()
    input_key = models.CharField(max_length=100, db_index=True)
    input_sha256 = models.CharField(max_length=64)
    technique = models.CharField(max_length=12, choices=Technique.choices)
    model = models.CharField(max_length=60, help_text="Name of the weights.")
    model_sha256 = models.CharField(max_length=64)
    model_title = models.CharField(
        max_length=120, blank=True, default="", help_text="Of a model that somebody trained."
    )
    model_key = models.CharField(
        max_length=100,
        blank=True,
        default="",
        db_index=True,
        help_text="Where its weights lie, if they are somebody's own.",
    )
    model_card_key = models.CharField(max_length=100, blank=True, default="")
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
            held_by_one("generation_has_one_holder"),
            models.CheckConstraint(
                condition=Q(technique__in=Technique.values), name="generation_technique_is_known"
            ),
            models.CheckConstraint(
                condition=Q(seed__gte=0, seed__lte=MAX_SEED), name="generation_seed_in_range"
            ),
            models.UniqueConstraint(
                fields=["owner", "idempotency_key"], name="one_generation_per_idempotency_key"
            ),
            models.UniqueConstraint(
                fields=["guest", "idempotency_key"], name="one_guest_generation_per_key"
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

    @property
    def model_name(self) -> str:
        """What people read of its model."""
        return self.model_title or self.model

    def step(self) -> dict[str, Any]:
        """Return the line that this generation is in the lineage of what came of it."""
        named = {"model_title": self.model_title} if self.model_title else {}
        return {
            "technique": self.technique,
            "model": self.model,
            **named,
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
