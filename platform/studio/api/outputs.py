"""A composition, its versions and its link as the API tells them."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request

from accounts.rest import address
from studio.models import Composition, CompositionVersion, Generation, Origin, ShareLink
from studio.selectors.compositions import lineage_of
from studio.wording import how_made

MIDI_ANSWER = {
    (200, "audio/midi"): OpenApiTypes.BINARY,
    302: OpenApiResponse(description="The file lies at another address for a short time."),
}


class AttributionOutput(serializers.Serializer[Any]):
    """Somebody's published piece that this one was made from."""

    title = serializers.CharField()
    author = serializers.CharField()
    licence = serializers.CharField()
    url = serializers.URLField()


class CompositionSummary(serializers.Serializer[Composition]):
    """A composition in a list."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    title = serializers.CharField()
    origin = serializers.ChoiceField(Origin.choices)
    version = serializers.IntegerField(help_text="Counts the states of its music.")
    seconds = serializers.FloatField()
    notes = serializers.IntegerField()
    tracks = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of the canonical MIDI file.")
    music_hash = serializers.CharField(help_text="Of the notes alone.")
    midi = serializers.URLField()
    generations = serializers.URLField(help_text="Where to ask for generations from it.")
    generation = serializers.URLField(
        allow_null=True, help_text="The generation whose result it is."
    )
    copy_of = serializers.UUIDField(
        allow_null=True, help_text="The composition that it is a copy of."
    )
    attributions = AttributionOutput(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    deleted_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Composition) -> dict[str, Any]:
        request = self.context["request"]
        made_by = instance.generation_id
        return {
            "id": str(instance.pk),
            "url": address(request, "composition", pk=instance.pk),
            "title": instance.title,
            "origin": instance.origin,
            "version": instance.version,
            "seconds": round(instance.seconds, 3),
            "notes": instance.n_notes,
            "tracks": instance.n_tracks,
            "sha256": instance.midi_sha256,
            "music_hash": instance.music_hash,
            "midi": address(request, "composition-midi", pk=instance.pk),
            "generations": address(request, "generation-collection", pk=instance.pk),
            "generation": address(request, "generation", pk=made_by) if made_by else None,
            "copy_of": instance.source_id and str(instance.source_id),
            "attributions": [attribution(request, one) for one in instance.attributions],
            "created_at": instance.created_at.isoformat(),
            "updated_at": instance.updated_at.isoformat(),
            "deleted_at": instance.deleted_at and instance.deleted_at.isoformat(),
        }


def attribution(request: Request, stored: dict[str, str]) -> dict[str, str]:
    """Return a source as the API tells it: its address is full there, and a path in the row."""
    return stored | {"url": request.build_absolute_uri(stored["url"])}


class StepOutput(serializers.Serializer[Generation]):
    """One generation on the way to a composition."""

    input = serializers.UUIDField(help_text="The composition that it worked on.")
    generation = serializers.UUIDField()
    technique = serializers.CharField()
    model = serializers.CharField()
    model_title = serializers.CharField(
        required=False, help_text="Of a model that somebody trained; left out of the site's own."
    )
    sha256 = serializers.CharField(help_text="Of the weights.")
    parameters = serializers.DictField()
    seed = serializers.IntegerField()


class CompositionOutput(CompositionSummary):
    """A composition and where it comes from."""

    lineage = StepOutput(many=True, help_text="The generations that led here, the first one first.")
    statement = serializers.CharField(
        help_text="How it was made, in a sentence or two to hand it in with; empty if by hand."
    )
    settings = serializers.DictField(help_text="What the Studio keeps that MIDI cannot hold.")
    share = serializers.URLField(allow_null=True, help_text="The page at its unlisted link.")

    def to_representation(self, instance: Composition) -> dict[str, Any]:
        steps = lineage_of(instance)
        told = [step.generation.step() for step in steps]
        return {
            **super().to_representation(instance),
            "lineage": [
                {"input": str(step.input.pk), "generation": str(step.generation.pk), **line}
                for step, line in zip(steps, told, strict=True)
            ],
            "statement": how_made(told, instance.attributions),
            "settings": instance.settings,
            "share": self._share(instance),
        }

    def _share(self, instance: Composition) -> str | None:
        link = ShareLink.objects.filter(composition=instance).first()
        request: Request = self.context["request"]
        return request.build_absolute_uri(link.get_absolute_url()) if link else None


class VersionOutput(serializers.Serializer[CompositionVersion]):
    """A state of a composition's music."""

    number = serializers.IntegerField()
    current = serializers.BooleanField(help_text="Whether it is the present one.")
    sha256 = serializers.CharField()
    seconds = serializers.FloatField()
    notes = serializers.IntegerField()
    tracks = serializers.IntegerField()
    midi = serializers.URLField()
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: CompositionVersion) -> dict[str, Any]:
        composition: Composition = self.context["composition"]
        return {
            "number": instance.number,
            "current": instance.number == composition.version,
            "sha256": instance.midi_sha256,
            "seconds": round(instance.seconds, 3),
            "notes": instance.n_notes,
            "tracks": instance.n_tracks,
            "midi": address(
                self.context["request"],
                "version-midi",
                pk=composition.pk,
                number=instance.number,
            ),
            "created_at": instance.created_at.isoformat(),
        }


class ShareOutput(serializers.Serializer[ShareLink]):
    """The unlisted link of a composition."""

    url = serializers.URLField()
    download = serializers.BooleanField(
        source="may_download", help_text="Whether visitors may have the MIDI file."
    )
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: ShareLink) -> dict[str, Any]:
        request: Request = self.context["request"]
        return {
            "url": request.build_absolute_uri(instance.get_absolute_url()),
            "download": instance.may_download,
            "created_at": instance.created_at.isoformat(),
        }
