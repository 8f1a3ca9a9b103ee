"""`compositions/<id>/generations/`, `generations/<id>/` and what a generation made."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rest import (
    NewestFirst,
    address,
    idempotency_key,
    idempotency_parameter,
    now_of,
    problems,
)
from jobs.api import JobProgressOutput
from studio.api.common import PersonOrGuest, actor_of
from studio.api.outputs import MIDI_ANSWER
from studio.api.parameters import GenerationInput, generation_input_schema
from studio.downloads import midi_response
from studio.guests import GENERATIONS, holder_of, holder_who_keeps
from studio.models import Composition, Generation
from studio.selectors.compositions import compositions_of
from studio.selectors.generations import (
    GenerationState,
    GenerationView,
    events_of,
    generation_view,
    generations_of,
)
from studio.services.generations import Wish, cancel_generation, request_generation
from studio.wording import Technique


class ResultOutput(serializers.Serializer[Any]):
    """What a generation made."""

    composition = serializers.UUIDField(
        allow_null=True, help_text="The new composition; null once it was deleted."
    )
    composition_url = serializers.URLField(allow_null=True)
    midi = serializers.URLField(allow_null=True)
    notes_in = serializers.IntegerField()
    notes_out = serializers.IntegerField()
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    events = serializers.IntegerField(help_text="How many edit events there are.")
    events_url = serializers.URLField()
    seconds = serializers.FloatField(help_text="What the model took.")
    details = serializers.DictField(help_text="What the technique chose, such as a style.")


class GenerationOutput(serializers.Serializer[Generation]):
    """One run of a technique, and where it stands."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    input = serializers.UUIDField(help_text="The composition that it works on.")
    input_sha256 = serializers.CharField(help_text="Of that composition's file as it was then.")
    input_version = serializers.IntegerField()
    technique = serializers.ChoiceField(Technique.choices)
    model = serializers.CharField()
    model_title = serializers.CharField(
        allow_blank=True, help_text="Of a model that somebody trained; empty for the site's own."
    )
    sha256 = serializers.CharField(help_text="Of the weights.")
    parameters = serializers.DictField()
    seed = serializers.IntegerField()
    state = serializers.ChoiceField([state.value for state in GenerationState])
    final = serializers.BooleanField(help_text="Whether `state` will not change by itself.")
    job = JobProgressOutput()
    code = serializers.CharField(allow_null=True, help_text="Why it failed.")
    detail = serializers.CharField(allow_null=True)
    result = ResultOutput(allow_null=True)
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: Generation) -> dict[str, Any]:
        request = self.context["request"]
        view = generation_view(generation=instance, now=now_of(self))
        return {
            "id": str(instance.pk),
            "url": address(request, "generation", pk=instance.pk),
            "input": str(instance.input_id),
            "input_sha256": instance.input_sha256,
            "input_version": instance.input_version,
            **instance.step(),
            "model_title": instance.model_title,
            "state": view.state.value,
            "final": view.is_final,
            "job": JobProgressOutput(view.job, context=self.context).data,
            "code": view.code,
            "detail": view.detail,
            "result": self._result(view) if view.state == GenerationState.SUCCEEDED else None,
            "created_at": instance.created_at.isoformat(),
        }

    def _result(self, view: GenerationView) -> dict[str, Any]:
        request, generation, output = self.context["request"], view.generation, view.output
        return {
            "composition": output and str(output.pk),
            "composition_url": output and address(request, "composition", pk=output.pk),
            "midi": output and address(request, "generation-midi", pk=generation.pk),
            "notes_in": generation.notes_in,
            "notes_out": generation.notes_out,
            "added": generation.added,
            "removed": generation.removed,
            "events": generation.n_events,
            "events_url": address(request, "generation-events", pk=generation.pk),
            "seconds": generation.seconds,
            "details": generation.details,
        }


class NoteOutput(serializers.Serializer[Any]):
    """A note of an edit event, in ticks of 1/480 beat."""

    start = serializers.IntegerField()
    pitch = serializers.IntegerField(min_value=0, max_value=127)
    duration = serializers.IntegerField()
    velocity = serializers.IntegerField(min_value=1, max_value=127)


class EventOutput(serializers.Serializer[Any]):
    """One edit. Replaying all of them on the input, in order, gives the output."""

    kind = serializers.ChoiceField(["add", "remove", "move"])
    track = serializers.IntegerField(help_text="Counted from 0.")
    before = NoteOutput(allow_null=True)
    after = NoteOutput(allow_null=True)
    log_odds = serializers.FloatField(help_text="How sure the model was.")
    iteration = serializers.IntegerField()


class GenerationCollection(generics.ListAPIView[Generation]):
    """The generations from one of the caller's compositions."""

    permission_classes = (PersonOrGuest,)
    serializer_class = GenerationOutput
    pagination_class = NewestFirst
    throttle_scope: str | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method == "POST":
            self.throttle_scope = "generations"
        super().initial(request, *args, **kwargs)

    def composition(self) -> Composition:
        """Return the composition in the address, if it is the caller's."""
        own = compositions_of(holder_of(self.request))
        return get_object_or_404(own, pk=self.kwargs["pk"])

    def get_queryset(self) -> QuerySet[Generation]:
        return generations_of(holder_of(self.request)).filter(input=self.composition())

    @extend_schema(
        operation_id="compositions_generations_list",
        responses={200: GenerationOutput(many=True), **problems(401, 404, 429)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the generations from a composition, the last one first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request=generation_input_schema(),
        parameters=[idempotency_parameter("generation")],
        responses={
            202: GenerationOutput,
            **problems(400, 401, 403, 404, 409, 415, 422, 429, 503),
        },
    )
    def post(self, request: Request, pk: object) -> Response:
        """Ask for a generation. Poll `Location` until `final` is true."""
        composition = self.composition()
        serializer = GenerationInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        generation = request_generation(
            composition=composition,
            owner=holder_who_keeps(request, scope=GENERATIONS),
            wish=Wish(**serializer.validated_data),
            now=timezone.now(),
            idempotency_key=idempotency_key(request),
        )
        body = GenerationOutput(generation, context={"request": request}).data
        return Response(
            body, status=status.HTTP_202_ACCEPTED, headers={"Location": str(body["url"])}
        )


class OneGeneration(APIView):
    """Anything about one of the caller's generations; another's is not found."""

    permission_classes = (PersonOrGuest,)

    def generation(self, pk: object) -> Generation:
        """Return the generation in the address, if it is the caller's."""
        return get_object_or_404(generations_of(holder_of(self.request)), pk=pk)

    def answer(self, generation: Generation, **kwargs: Any) -> Response:
        """Return the generation and where it stands."""
        context = {"request": self.request}
        return Response(GenerationOutput(generation, context=context).data, **kwargs)


class GenerationDetail(OneGeneration):
    """One generation."""

    @extend_schema(responses={200: GenerationOutput, **problems(401, 404, 429)})
    def get(self, request: Request, pk: object) -> Response:
        """Read where a generation stands, and what it made."""
        return self.answer(self.generation(pk))

    @extend_schema(responses={202: GenerationOutput, **problems(401, 403, 404, 409, 429)})
    def delete(self, request: Request, pk: object) -> Response:
        """Cancel a generation: at once if nobody works on it, else as soon as its worker hears."""
        generation = self.generation(pk)
        cancel_generation(generation=generation, actor=actor_of(request), now=timezone.now())
        return self.answer(generation, status=status.HTTP_202_ACCEPTED)


class GenerationEvents(OneGeneration):
    """The edits that a generation made, in the model's order."""

    @extend_schema(
        operation_id="generations_events_list",
        responses={200: EventOutput(many=True), **problems(401, 404, 429, 503)},
    )
    def get(self, request: Request, pk: object) -> Response:
        """List the edit events: only `edit` has them, other techniques give an empty list."""
        return Response(events_of(self.generation(pk)))


class GenerationMidi(OneGeneration):
    """The music that a generation made."""

    @extend_schema(responses={**MIDI_ANSWER, **problems(401, 404, 429, 503)})
    def get(self, request: Request, pk: object) -> HttpResponseBase:
        """Download the result as a canonical MIDI file."""
        view = generation_view(generation=self.generation(pk), now=timezone.now())
        if view.output is None:
            raise NotFound(_("There is no result: not yet, not any more, or it failed."))
        return midi_response(view.output.midi_key, view.output.title)
