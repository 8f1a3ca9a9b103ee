"""`training-kinds/`: what can be trained, its settings and presets, and how long they take."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rest import problems
from lab.presets import Preset, presets
from lab.recipes import TRAINABLE_STYLES, as_dict, describe
from lab.selectors.estimates import estimate
from lab.wording import TECHNIQUES, Kind
from studio.api.techniques import ParameterOutput
from studio.wording import Technique


class PresetOutput(serializers.Serializer[Any]):
    """Ready-made settings, and how long a run with them is likely to train."""

    name = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    settings = serializers.DictField()
    seconds = serializers.FloatField(
        allow_null=True, help_text="Of training on one core; null if unknown."
    )
    measured = serializers.BooleanField(help_text="Whether workers here measured that.")


class KindOutput(serializers.Serializer[Any]):
    """A kind of model that can be trained."""

    kind = serializers.ChoiceField(Kind.choices)
    title = serializers.CharField()
    technique = serializers.ChoiceField(Technique.choices)
    styles = serializers.ListField(
        child=serializers.CharField(), help_text="Shipped styles that it can learn."
    )
    settings = ParameterOutput(many=True)
    presets = PresetOutput(many=True)


class KindCollection(APIView):
    """All kinds of model that can be trained."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="training_kinds_list",
        responses={200: KindOutput(many=True), **problems(429)},
    )
    def get(self, request: Request) -> Response:
        """List what can be trained, with settings, presets and how long those take."""
        return Response([KindOutput(_told(kind)).data for kind in Kind])


def _told(kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "title": kind.label,
        "technique": TECHNIQUES[kind],
        "styles": TRAINABLE_STYLES[kind],
        "settings": describe(kind),
        "presets": [_preset(kind, preset) for preset in presets(kind)],
    }


def _preset(kind: Kind, preset: Preset) -> dict[str, Any]:
    settings = preset.parsed(kind)
    likely = estimate(kind, settings)
    return {
        "name": preset.name,
        "title": preset.title,
        "text": preset.text,
        "settings": as_dict(settings),
        "seconds": likely.seconds,
        "measured": likely.is_measured,
    }
