"""`techniques/`: what the models can do, whether they run here, and how they were made."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rest import problems
from studio.selectors.techniques import ModelView, TechniqueView, techniques
from studio.wording import Technique


class ParameterOutput(serializers.Serializer[Any]):
    """One parameter: its kind, range, default and words for people."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(
        ["integer", "number", "choice", "boolean", "bars", "notes", "tracks"]
    )
    help = serializers.CharField()
    default = serializers.JSONField(allow_null=True)
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    choices = serializers.ListField(child=serializers.CharField())
    unit = serializers.CharField(allow_blank=True)
    optional = serializers.BooleanField(help_text="Whether it may be null.")

    def get_fields(self) -> dict[str, Any]:
        # `label` is a word of serializers themselves, so it is no class attribute here.
        return {"label": serializers.CharField(), **super().get_fields()}


class ModelOutput(serializers.Serializer[ModelView]):
    """Weights and their card: data, licence, how they were trained, figures and limits."""

    name = serializers.CharField()
    available = serializers.BooleanField()
    detail = serializers.CharField(allow_null=True, help_text="Why they cannot be used.")
    sha256 = serializers.CharField(allow_null=True)
    card = serializers.DictField(allow_null=True)

    def to_representation(self, instance: ModelView) -> dict[str, Any]:
        return {
            "name": instance.name,
            "available": not instance.unavailable,
            "detail": instance.unavailable or None,
            "sha256": instance.sha256 or None,
            "card": instance.card,
        }


class TechniqueOutput(serializers.Serializer[TechniqueView]):
    """A technique: its plain name, parameters, models, and whether it runs here."""

    technique = serializers.ChoiceField(Technique.choices, source="name")
    plain_name = serializers.CharField(source="plain.name")
    model_name = serializers.CharField(source="plain.model")
    description = serializers.CharField(source="plain.text")
    available = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField(help_text="Why it does not run here.")
    parameters = ParameterOutput(many=True)
    models = ModelOutput(many=True)

    def get_available(self, view: TechniqueView) -> bool:
        """Return whether the technique runs here."""
        return not view.unavailable

    def get_detail(self, view: TechniqueView) -> str | None:
        """Return why not."""
        return view.unavailable or None


class TechniqueCollection(APIView):
    """All techniques."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="techniques_list",
        responses={200: TechniqueOutput(many=True), **problems(429)},
    )
    def get(self, request: Request) -> Response:
        """List the techniques with their parameters, their models' cards and what is available."""
        return Response([TechniqueOutput(view).data for view in techniques()])
