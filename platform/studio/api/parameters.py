"""The parameters of each technique as serializers, built from what `ml.techniques` says of them.

They describe a request in the API's schema; its values are checked by `ml.techniques.parse`.
"""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from ml.techniques import TECHNIQUES, Parameter, describe
from studio.models import MAX_SEED
from studio.wording import Technique, plain

MAX_MODEL_NAME = 60


def parameters_of(technique: str) -> type[serializers.Serializer[Any]]:
    """Return the serializer of a technique's parameters."""
    fields: dict[str, Any] = {
        parameter.name: _field(parameter) for parameter in describe(technique)
    }
    fields["__doc__"] = f"Parameters of `{technique}`: {Technique(technique).label}."
    return type(f"{technique.capitalize()}Parameters", (serializers.Serializer,), fields)


def _field(parameter: Parameter) -> serializers.Field[Any, Any, Any, Any]:
    about: dict[str, Any] = {
        "required": False,
        "label": parameter.label,
        "help_text": f"{parameter.label}. {parameter.help}",
        "allow_null": parameter.optional,
    }
    if parameter.kind == "choice":
        return serializers.ChoiceField(parameter.choices, default=parameter.default, **about)
    if parameter.kind == "boolean":
        return serializers.BooleanField(default=parameter.default, **about)
    if parameter.kind in {"bars", "notes", "tracks"}:
        lowest = 0 if parameter.kind == "notes" else 1
        return serializers.ListField(child=serializers.IntegerField(min_value=lowest), **about)
    field = serializers.IntegerField if parameter.kind == "integer" else serializers.FloatField
    limits: dict[str, Any] = {"min_value": parameter.minimum, "max_value": parameter.maximum}
    return field(default=parameter.default, **limits, **about)


class GenerationInput(serializers.Serializer[Any]):
    """What is asked of a technique."""

    technique = serializers.ChoiceField(Technique.choices)
    parameters = serializers.DictField(
        required=False, default=dict, help_text="What is left out has its default."
    )
    seed = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=MAX_SEED,
        help_text="The same seed gives the same music. Random when left out.",
    )
    model = serializers.CharField(
        required=False,
        allow_null=True,
        default=None,
        max_length=MAX_MODEL_NAME,
        help_text="The weights to use, `own:<id>` for a model that somebody trained. The ones that "
        "the parameters call for when left out.",
    )


def _input_of(technique: str) -> type[serializers.Serializer[Any]]:
    """Return the serializer that describes a request for one technique."""
    fields = {
        "__doc__": plain(technique).text,
        "parameters": parameters_of(technique)(required=False),
    }
    return type(f"{technique.capitalize()}GenerationInput", (GenerationInput,), fields)


def generation_input_schema() -> PolymorphicProxySerializer:
    """Return what describes requests for all techniques in the API's schema."""
    return PolymorphicProxySerializer(
        component_name="GenerationInput",
        serializers={technique: _input_of(technique) for technique in TECHNIQUES},
        resource_type_field_name="technique",
    )
