"""`…/audio/`: whether a piece can be heard, and where; a composition's own here."""

from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.rest import address, now_of, problems
from jobs.api import JobProgressOutput
from studio.api.common import OneComposition
from studio.downloads import audio_response
from studio.errors import SoundLost, SoundUnavailable, TooLongToRender
from studio.models import AudioFormat, Composition
from studio.selectors.renderings import Hearing, SoundState
from studio.services.renderings import Stored, hear, remake


class Piece(Stored, Protocol):
    """A stored piece that has an address and a title."""

    pk: UUID
    title: str


class AudioOutput(serializers.Serializer[Hearing]):
    """The sound of a piece, or why there is none."""

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
        request, where = self.context["request"], {"pk": self.context["pk"]}
        names: dict[AudioFormat, str] = self.context["names"]
        sound = instance.rendering if instance.is_ready else None
        job = instance.job(now_of(self))
        return {
            "state": instance.state.value,
            "final": instance.is_final,
            "detail": instance.detail,
            "mp3": address(request, names[AudioFormat.MP3], **where) if sound else None,
            "wav": address(request, names[AudioFormat.WAV], **where),
            "seconds": sound and sound.seconds,
            "peaks": sound.peaks if sound else [],
            "job": job and JobProgressOutput(job, context=self.context).data,
        }


ELSEWHERE = OpenApiResponse(description="The file lies at another address for a short time.")


class PieceAudio(APIView):
    """Where the sound of the piece in the address stands; asking for the first time has it made."""

    audio_format = AudioFormat.MP3
    names: ClassVar[dict[AudioFormat, str]]
    """The addresses of the files."""

    def piece(self, pk: UUID) -> Piece:
        """Return the piece in the address, if the caller may hear it; and keep it, if it is a WAV.

        :raises Http404: if there is none that the caller may hear
        """
        raise NotImplementedError

    def owner(self, piece: Any) -> User | None:
        """Return whose share of the queue the work counts against."""
        raise NotImplementedError

    def hearing(self, pk: UUID) -> tuple[Hearing, Piece]:
        """Return the sound of the piece in the address, and the piece."""
        piece = self.piece(pk)
        heard = hear(
            piece,
            now=timezone.now(),
            audio_format=self.audio_format,
            owner=self.owner(piece),
        )
        return heard, piece

    def answer_without_sound(self, hearing: Hearing, piece: Piece) -> Response:
        """Return where the sound stands."""
        context = {"request": self.request, "pk": piece.pk, "names": self.names}
        done = status.HTTP_200_OK if hearing.is_final else status.HTTP_202_ACCEPTED
        return Response(AudioOutput(hearing, context=context).data, status=done)

    @extend_schema(responses={200: AudioOutput, 202: AudioOutput, **problems(401, 404, 429)})
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """Read where the sound is; 202 while it is being made, which the first question begins."""
        return self.answer_without_sound(*self.hearing(pk))


NO_SOUND = {
    SoundState.UNAVAILABLE: SoundUnavailable,
    SoundState.TOO_LONG: TooLongToRender,
}


class SoundFile(PieceAudio):
    """A file of sound, or where it stands."""

    def file(self, request: Request, pk: UUID) -> HttpResponseBase:
        """Return the file; while it is being made 202, and 503 or 422 if there is none.

        :raises RuleBroken: if the sound cannot be had
        """
        hearing, piece = self.hearing(pk)
        if hearing.rendering is not None and hearing.is_ready:
            try:
                return audio_response(request, hearing.rendering, piece.title)
            except SoundLost as lost:
                made = remake(rendering=hearing.rendering, now=timezone.now())
                hearing = Hearing(SoundState.MAKING, str(lost), made)
        if hearing.is_final:
            raise NO_SOUND[hearing.state](hearing.detail)
        return self.answer_without_sound(hearing, piece)


class Mp3File(SoundFile):
    """A piece's sound to play."""

    @extend_schema(
        responses={
            (200, "audio/mpeg"): OpenApiTypes.BINARY,
            (206, "audio/mpeg"): OpenApiTypes.BINARY,
            202: AudioOutput,
            302: ELSEWHERE,
            **problems(401, 404, 422, 429, 503),
        }
    )
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """Play the MP3 file; ranges are taken."""
        return self.file(request, pk)


class WavFile(SoundFile):
    """A piece's sound to keep."""

    audio_format = AudioFormat.WAV

    @extend_schema(
        responses={
            (200, "audio/wav"): OpenApiTypes.BINARY,
            (206, "audio/wav"): OpenApiTypes.BINARY,
            202: AudioOutput,
            302: ELSEWHERE,
            **problems(401, 403, 404, 422, 429, 503),
        }
    )
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """Download the WAV file; 202 while it is being made."""
        return self.file(request, pk)


class CompositionSound(OneComposition, PieceAudio):
    """Anything about the sound of one of the caller's compositions."""

    names: ClassVar = {AudioFormat.MP3: "composition-mp3", AudioFormat.WAV: "composition-wav"}

    def piece(self, pk: UUID) -> Composition:
        """Return the composition in the address, if it is the caller's."""
        return self.composition(pk)

    def owner(self, piece: Composition) -> User | None:
        """Return the composition's owner; a guest has none."""
        return piece.owner


class CompositionAudio(CompositionSound):
    """A composition's sound."""


class CompositionMp3(CompositionSound, Mp3File):
    """A composition's sound to play."""


class CompositionWav(CompositionSound, WavFile):
    """A composition's sound to keep."""
