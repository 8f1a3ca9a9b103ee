"""`models/<id>/`: models that people trained. The site's own are `models/<name>/`."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.rest import address, person_of, problems
from lab.models import CustomModel
from lab.selectors.models import models_of, models_open_to
from lab.services.models import change_model, delete_model
from lab.wording import Visibility
from studio.downloads import weights_response
from studio.wording import Technique


class CustomModelOutput(serializers.Serializer[CustomModel]):
    """A model that somebody trained, with its card."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    model = serializers.CharField(help_text="What generations call it: `own:<id>`.")
    name = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    visibility = serializers.ChoiceField(Visibility.choices)
    owner = serializers.CharField(help_text="The user name of whoever trained it.")
    technique = serializers.ChoiceField(Technique.choices)
    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="Of the weights, in bytes.")
    weights = serializers.URLField(help_text="The weights as a safetensors file.")
    run = serializers.URLField(allow_null=True, help_text="For its owner alone.")
    card = serializers.DictField(
        help_text="Data, how it was trained, curves, figures, limits, the command that repeats it."
    )
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def to_representation(self, instance: CustomModel) -> dict[str, Any]:
        request = self.context["request"]
        is_mine = instance.owner == request.user
        return {
            "id": str(instance.pk),
            "url": address(request, "custom-model", pk=instance.pk),
            "model": instance.own_name,
            "name": instance.name,
            "version": instance.version,
            "title": instance.label,
            "description": instance.description,
            "visibility": instance.visibility,
            "owner": instance.owner.username,
            "technique": instance.technique,
            "sha256": instance.sha256,
            "size": instance.size,
            "weights": address(request, "custom-model-weights", pk=instance.pk),
            "run": address(request, "training-run", pk=instance.run_id)
            if is_mine and instance.run_id
            else None,
            "card": instance.card,
            "created_at": instance.created_at.isoformat(),
            "updated_at": instance.updated_at.isoformat(),
        }


class ModelChange(serializers.Serializer[Any]):
    """What is to be different about a model."""

    name = serializers.CharField(required=False, max_length=60)
    description = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    visibility = serializers.ChoiceField(
        Visibility.choices,
        required=False,
        help_text="Who may see and use it: you, whoever has its address, everybody.",
    )


class OneModel(APIView):
    """Anything about a model: one's own, or one that is shared; others are not found."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    def model(self, pk: object) -> CustomModel:
        """Return the model in the address, if the caller may see it."""
        user = self.request.user
        person = user if isinstance(user, User) else None
        return get_object_or_404(models_open_to(person), pk=pk)

    def own(self, pk: object) -> CustomModel:
        """Return the model in the address, if it is the caller's."""
        return get_object_or_404(models_of(person_of(self.request)), pk=pk)


class CustomModelDetail(OneModel):
    """One model that somebody trained."""

    @extend_schema(
        operation_id="custom_models_retrieve",
        responses={200: CustomModelOutput, **problems(404, 429)},
    )
    def get(self, request: Request, pk: object) -> Response:
        """Read a model and its card."""
        return Response(CustomModelOutput(self.model(pk), context={"request": request}).data)

    @extend_schema(
        operation_id="custom_models_partial_update",
        request=ModelChange,
        responses={200: CustomModelOutput, **problems(400, 401, 403, 404, 415, 429)},
    )
    def patch(self, request: Request, pk: object) -> Response:
        """Give a model another name or description, or say who may see and use it."""
        model = self.own(pk)
        serializer = ModelChange(data=request.data)
        serializer.is_valid(raise_exception=True)
        changed = change_model(model=model, now=timezone.now(), **serializer.validated_data)
        return Response(CustomModelOutput(changed, context={"request": request}).data)

    @extend_schema(
        operation_id="custom_models_destroy",
        responses={204: None, **problems(401, 403, 404, 429)},
    )
    def delete(self, request: Request, pk: object) -> Response:
        """Delete a model with its files. Music made with it still says what it was called."""
        delete_model(model=self.own(pk), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class CustomModelWeights(OneModel):
    """The weights of a model."""

    @extend_schema(
        operation_id="custom_models_weights",
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            302: OpenApiResponse(description="The file lies at another address for a short time."),
            **problems(404, 429, 503),
        },
    )
    def get(self, request: Request, pk: object) -> HttpResponseBase:
        """Download the weights as a safetensors file."""
        model = self.model(pk)
        return weights_response(model.weights_key, model.label)
