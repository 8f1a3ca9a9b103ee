"""`techniques/` and `models/`: what the models can do, and how they were made."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rest import address, problems
from accounts.words import translated
from ml.techniques import Parameter
from studio.guests import holder_of
from studio.selectors.techniques import ModelView, TechniqueView, models, models_for, techniques
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

    def to_representation(self, instance: Parameter) -> dict[str, Any]:
        told = super().to_representation(instance)
        return told | {name: translated(told[name]) for name in ("label", "help", "unit")}


class ModelOutput(serializers.Serializer[ModelView]):
    """Weights: what they are of, their hash, and whether they can be used here."""

    name = serializers.CharField(help_text="What generations call them.")
    title = serializers.CharField(help_text="What people read.")
    technique = serializers.ChoiceField(Technique.choices)
    available = serializers.BooleanField()
    detail = serializers.CharField(allow_null=True, help_text="Why they cannot be used.")
    sha256 = serializers.CharField(allow_null=True)
    own = serializers.BooleanField(help_text="Whether somebody trained them in the Lab.")
    mine = serializers.BooleanField(help_text="Whether that was you.")
    fixed = serializers.DictField(help_text="Parameters that the weights decide.")
    url = serializers.URLField()

    def to_representation(self, instance: ModelView) -> dict[str, Any]:
        request, own = self.context["request"], instance.own
        return {
            "name": instance.name,
            "title": instance.title,
            "technique": instance.technique,
            "available": not instance.unavailable,
            "detail": instance.unavailable or None,
            "sha256": instance.sha256 or None,
            "own": own is not None,
            "mine": own is not None and own.is_mine,
            "fixed": dict(own.fixed) if own else {},
            "url": request.build_absolute_uri(own.api_path)
            if own
            else address(request, "model", name=instance.name),
        }


class ModelCardOutput(ModelOutput):
    """Weights with their whole card."""

    card = serializers.DictField(
        allow_null=True,
        help_text="Data, licence, how they were trained, curves, figures and limits.",
    )

    def to_representation(self, instance: ModelView) -> dict[str, Any]:
        return {**super().to_representation(instance), "card": instance.card}


class TechniqueOutput(serializers.Serializer[TechniqueView]):
    """A technique: its plain name, parameters, models, and whether it runs here."""

    technique = serializers.ChoiceField(Technique.choices, source="name")
    plain_name = serializers.CharField(source="plain.name")
    model_name = serializers.CharField(source="plain.model")
    description = serializers.CharField(source="plain.text")
    available = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField(help_text="Why it does not run here.")
    parameters = ParameterOutput(many=True)
    models = serializers.ListField(
        child=serializers.CharField(), help_text="Names of its weights; `models/` tells of them."
    )

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
        """List the techniques with their parameters, and whether they run here."""
        return Response([TechniqueOutput(view).data for view in techniques()])


class ModelCollection(APIView):
    """All weights."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="models_list", responses={200: ModelOutput(many=True), **problems(429)}
    )
    def get(self, request: Request) -> Response:
        """List the site's models, then one's own and public ones that people trained."""
        context, found = {"request": request}, models_for(holder_of(request))
        return Response([ModelOutput(view, context=context).data for view in found])


class ModelDetail(APIView):
    """One model."""

    permission_classes = (AllowAny,)

    @extend_schema(responses={200: ModelCardOutput, **problems(404, 429)})
    def get(self, request: Request, name: str) -> Response:
        """Read a model's card: data, licence, how it was trained, figures and limits."""
        found = next((view for view in models() if view.name == name), None)
        if found is None:
            raise NotFound(_("There is no model of that name."))
        return Response(ModelCardOutput(found, context={"request": request}).data)
