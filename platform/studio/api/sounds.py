"""`compositions/<id>/audio/`: whether a composition can be heard, and where."""

from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rest import address, now_of, problems
from jobs.api import JobProgressOutput
from studio.api.common import OneComposition
from studio.downloads import audio_response
from studio.errors import SoundLost, SoundUnavailable, TooLongToRender
from studio.models import AudioFormat
from studio.selectors.renderings import Hearing, SoundState
from studio.services.renderings import hear, remake


class AudioOutput(serializers.Serializer[Hearing]):
    """The sound of a composition, or why there is none."""

    state = serializers.ChoiceField([state.value for state in SoundState])
    final = serializers.BooleanField(help_text="Whether `state` will not change by itself.")
    detail = serializers.CharField(help_text="Why there is no sound; empty when there is.")
    mp3 = serializers.URLField(allow_null=True, help_text="To play; takes ranges.")
    wav = serializers.URLField(help_text="To keep; made when it is first asked for.")
    seconds = serializers.FloatField(allow_null=True, help_text="With what rings on at the end.")
    peaks = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=255),
        help_text="The loudest sample of each of a few hundred equal stretches.",
    )
    job = JobProgressOutput(allow_null=True)

    def to_representation(self, instance: Hearing) -> dict[str, Any]:
        request, where = self.context["request"], {"pk": self.context["composition"].pk}
        sound = instance.rendering if instance.is_ready else None
        job = instance.job(now_of(self))
        return {
            "state": instance.state.value,
            "final": instance.is_final,
            "detail": instance.detail,
            "mp3": address(request, "composition-mp3", **where) if sound else None,
            "wav": address(request, "composition-wav", **where),
            "seconds": sound and sound.seconds,
            "peaks": sound.peaks if sound else [],
            "job": job and JobProgressOutput(job, context=self.context).data,
        }


ELSEWHERE = OpenApiResponse(description="The file lies at another address for a short time.")


class CompositionAudio(OneComposition):
    """A composition's sound."""

    audio_format = AudioFormat.MP3

    def hearing(self, pk: object) -> tuple[Hearing, dict[str, Any]]:
        """Return the sound of the composition in the address, and the context to tell of it."""
        composition = self.composition(pk)
        heard = hear(
            composition,
            now=timezone.now(),
            audio_format=self.audio_format,
            owner=composition.owner,
        )
        return heard, {"request": self.request, "composition": composition}

    def answer_without_sound(self, hearing: Hearing, context: dict[str, Any]) -> Response:
        """Return where the sound stands."""
        done = status.HTTP_200_OK if hearing.is_final else status.HTTP_202_ACCEPTED
        return Response(AudioOutput(hearing, context=context).data, status=done)

    @extend_schema(responses={200: AudioOutput, 202: AudioOutput, **problems(401, 404, 429)})
    def get(self, request: Request, pk: object) -> HttpResponseBase:
        """Read where the sound is; 202 while it is being made, which the first question begins."""
        return self.answer_without_sound(*self.hearing(pk))


class SoundFile(CompositionAudio):
    """A file of sound, or where it stands."""

    def file(self, request: Request, pk: object) -> HttpResponseBase:
        """Return the file; while it is being made 202, and 503 or 422 if there is none.

        :raises RuleBroken: if the sound cannot be had
        """
        hearing, context = self.hearing(pk)
        if hearing.rendering is not None and hearing.is_ready:
            try:
                return audio_response(request, hearing.rendering, context["composition"].title)
            except SoundLost as lost:
                made = remake(rendering=hearing.rendering, now=timezone.now())
                hearing = Hearing(SoundState.MAKING, str(lost), made)
        if hearing.is_final:
            raise NO_SOUND[hearing.state](hearing.detail)
        return self.answer_without_sound(hearing, context)


NO_SOUND = {
    SoundState.UNAVAILABLE: SoundUnavailable,
    SoundState.TOO_LONG: TooLongToRender,
}


class CompositionMp3(SoundFile):
    """A composition's sound to play."""

    @extend_schema(
        responses={
            (200, "audio/mpeg"): OpenApiTypes.BINARY,
            (206, "audio/mpeg"): OpenApiTypes.BINARY,
            202: AudioOutput,
            302: ELSEWHERE,
            **problems(401, 404, 422, 429, 503),
        }
    )
    def get(self, request: Request, pk: object) -> HttpResponseBase:
        """Play the MP3 file; ranges are taken."""
        return self.file(request, pk)


class CompositionWav(SoundFile):
    """A composition's sound to keep."""

    audio_format = AudioFormat.WAV

    @extend_schema(
        responses={
            (200, "audio/wav"): OpenApiTypes.BINARY,
            (206, "audio/wav"): OpenApiTypes.BINARY,
            202: AudioOutput,
            302: ELSEWHERE,
            **problems(401, 404, 422, 429, 503),
        }
    )
    def get(self, request: Request, pk: object) -> HttpResponseBase:
        """Download the WAV file; 202 while it is being made."""
        return self.file(request, pk)
