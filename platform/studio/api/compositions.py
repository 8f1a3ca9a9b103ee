"""`compositions/`, `compositions/<id>/` and its MIDI file."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rest import (
    NewestFirst,
    address,
    idempotency_key,
    idempotency_parameter,
    person_of,
    problems,
)
from ml.music.text import clean_name
from studio.api.parsers import (
    MALFORMED,
    MAX_FILE_BYTES,
    TooLarge,
    UploadParser,
    refuse_malformed,
    require_bounded,
)
from studio.downloads import midi_response
from studio.models import Composition, Generation, Origin
from studio.selectors.compositions import compositions_of, lineage_of
from studio.services.compositions import (
    create_composition,
    delete_composition,
    rename_composition,
)
from studio.wording import title_of

MIDI_ANSWER = {
    (200, "audio/midi"): OpenApiTypes.BINARY,
    302: OpenApiResponse(description="The file lies at another address for a short time."),
}


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
    created_at = serializers.DateTimeField()

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
            "created_at": instance.created_at.isoformat(),
        }


class StepOutput(serializers.Serializer[Generation]):
    """One generation on the way to a composition."""

    input = serializers.UUIDField(help_text="The composition that it worked on.")
    generation = serializers.UUIDField()
    technique = serializers.CharField()
    model = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the weights.")
    parameters = serializers.DictField()
    seed = serializers.IntegerField()


class CompositionOutput(CompositionSummary):
    """A composition and where it comes from."""

    lineage = StepOutput(many=True, help_text="The generations that led here, the first one first.")

    def to_representation(self, instance: Composition) -> dict[str, Any]:
        steps = [
            {
                "input": str(step.input.pk),
                "generation": str(step.generation.pk),
                **step.generation.step(),
            }
            for step in lineage_of(instance)
        ]
        return {**super().to_representation(instance), "lineage": steps}


class CompositionInput(serializers.Serializer[Any]):
    """A piece to keep, as multipart/form-data."""

    midi = serializers.FileField(
        allow_empty_file=True, max_length=None, help_text="A standard MIDI file, at most 1 MiB."
    )
    title = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=80,
        help_text="The file's name when left out.",
    )

    def read(self) -> tuple[bytes, str]:
        """Return the file's bytes and the title.

        :raises TooLarge: if the file is larger than any that is read
        """
        upload = self.validated_data["midi"]
        if upload.size > MAX_FILE_BYTES:
            raise TooLarge
        title = clean_name(self.validated_data["title"]) or title_of(upload.name or "")
        return upload.read(), title


class TitleInput(serializers.Serializer[Any]):
    """Another title."""

    title = serializers.CharField(max_length=80)

    def validate_title(self, value: str) -> str:
        """Return the title without what cannot be seen."""
        title = clean_name(value)
        if not title:
            raise serializers.ValidationError("Use letters that can be seen.")
        return title


class CompositionCollection(generics.ListAPIView[Composition]):
    """The caller's compositions."""

    permission_classes = (IsAuthenticated,)
    parser_classes = (UploadParser,)
    serializer_class = CompositionSummary
    pagination_class = NewestFirst
    throttle_scope: str | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method == "POST":
            self.throttle_scope = "submissions"
            require_bounded(request)
        super().initial(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)  # a session's CSRF check reads the body
        except MALFORMED as error:
            refuse_malformed(error)

    def get_queryset(self) -> QuerySet[Composition]:
        own = compositions_of(person_of(self.request))
        search = self.request.query_params.get("search", "").strip()
        return own.filter(title__icontains=search) if search else own

    @extend_schema(
        parameters=[OpenApiParameter("search", description="A part of the title.")],
        responses={200: CompositionSummary(many=True), **problems(401, 404, 429)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the caller's compositions, the last one first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request={"multipart/form-data": CompositionInput},
        parameters=[idempotency_parameter("composition")],
        responses={
            201: CompositionOutput,
            **problems(400, 401, 403, 409, 411, 413, 415, 422, 429, 503),
        },
    )
    def post(self, request: Request) -> Response:
        """Keep a MIDI file as a composition that only you see."""
        serializer = CompositionInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        upload, title = serializer.read()
        composition = create_composition(
            owner=person_of(request),
            upload=upload,
            title=title,
            now=timezone.now(),
            idempotency_key=idempotency_key(request),
        )
        body = CompositionOutput(composition, context={"request": request}).data
        return Response(
            body, status=status.HTTP_201_CREATED, headers={"Location": str(body["url"])}
        )


class OneComposition(APIView):
    """Anything about one of the caller's compositions; another's is not found."""

    permission_classes = (IsAuthenticated,)

    def composition(self, pk: object) -> Composition:
        """Return the composition in the address, if it is the caller's."""
        return get_object_or_404(compositions_of(person_of(self.request)), pk=pk)

    def answer(self, composition: Composition) -> Response:
        """Return the composition with where it comes from."""
        return Response(CompositionOutput(composition, context={"request": self.request}).data)


class CompositionDetail(OneComposition):
    """One composition."""

    @extend_schema(responses={200: CompositionOutput, **problems(401, 404, 429)})
    def get(self, request: Request, pk: object) -> Response:
        """Read a composition and where it comes from."""
        return self.answer(self.composition(pk))

    @extend_schema(
        request=TitleInput,
        responses={200: CompositionOutput, **problems(400, 401, 403, 404, 415, 429)},
    )
    def patch(self, request: Request, pk: object) -> Response:
        """Give a composition another title."""
        serializer = TitleInput(data=request.data)
        composition = self.composition(pk)
        serializer.is_valid(raise_exception=True)
        title = serializer.validated_data["title"]
        return self.answer(rename_composition(composition=composition, title=title))

    @extend_schema(responses={204: None, **problems(401, 403, 404, 429)})
    def delete(self, request: Request, pk: object) -> Response:
        """Delete a composition, and cancel what is being generated from it."""
        delete_composition(
            composition=self.composition(pk), actor=person_of(request), now=timezone.now()
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class CompositionMidi(OneComposition):
    """A composition's music."""

    @extend_schema(responses={**MIDI_ANSWER, **problems(401, 404, 429, 503)})
    def get(self, request: Request, pk: object) -> HttpResponseBase:
        """Download the canonical MIDI file."""
        composition = self.composition(pk)
        return midi_response(composition.midi_key, composition.title)
