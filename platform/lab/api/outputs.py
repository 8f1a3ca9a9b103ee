"""A data set and its files as the API tells them."""

from typing import Any

from rest_framework import serializers

from accounts.rest import address
from lab.models import DataFile, DataSet
from lab.selectors.data_sets import kinds_for
from lab.wording import Kind, Source


class DataFileOutput(serializers.Serializer[DataFile]):
    """One file, and what was found in it or why it is left out."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    taken = serializers.BooleanField(source="is_taken")
    side = serializers.ChoiceField(["train", "valid", ""])
    code = serializers.CharField(source="refusal_code", help_text="Why it is left out, or empty.")
    detail = serializers.CharField(source="refusal_detail")
    music_sha256 = serializers.CharField(help_text="Of the notes alone.")
    parts = serializers.ListField(
        child=serializers.IntegerField(allow_null=True), allow_null=True, help_text="As chosen."
    )
    report = serializers.DictField(
        help_text="Bars, seconds, notes, phrases, tracks, the parts that are taken, their ranges."
    )


class DataSetOutput(serializers.Serializer[DataSet]):
    """A data set with the totals over its files."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    name = serializers.CharField()
    survey = serializers.DictField()
    kinds = serializers.ListField(
        child=serializers.ChoiceField(Kind.choices), help_text="Models that can learn it."
    )
    files = serializers.URLField()
    archive = serializers.URLField(
        allow_null=True, help_text="A ZIP file to train on by command line; none of a style."
    )
    created_at = serializers.DateTimeField()

    def get_fields(self) -> dict[str, Any]:
        # Words of serializers themselves, so they are no class attributes here.
        words = {
            "source": serializers.ChoiceField(Source.choices),
            "style": serializers.CharField(allow_blank=True),
        }
        return {**words, **super().get_fields()}

    def to_representation(self, instance: DataSet) -> dict[str, Any]:
        request = self.context["request"]
        is_style = instance.source == Source.STYLE
        return {
            "id": str(instance.pk),
            "url": address(request, "data-set", pk=instance.pk),
            "name": instance.name,
            "source": instance.source,
            "style": instance.style,
            "survey": instance.survey,
            "kinds": kinds_for(instance),
            "files": address(request, "data-set-files", pk=instance.pk),
            "archive": None if is_style else address(request, "data-set-archive", pk=instance.pk),
            "created_at": instance.created_at.isoformat(),
        }
