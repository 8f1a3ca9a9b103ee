"""`rounds/<slug>/estimates/`, `rounds/<slug>/checks/`, `estimates/<id>/`: before handing in."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.rest import address, now_of, problems
from challenges.api.common import viewer_of
from challenges.api.explanations import ExplanationOutput, explanation
from challenges.api.standings import PartOutput
from challenges.evaluation import piece_facts
from challenges.models import Estimate, Round
from challenges.scoring import PieceFacts
from challenges.selectors.estimates import Check, estimates_of, rule_checks, time_checks
from challenges.selectors.visibility import is_organizer, rounds_for
from challenges.services.estimating import KEPT, Sketch, request_estimate
from jobs.api import JobProgressOutput
from jobs.selectors import JobProgress, progress
from jobs.states import Fault
from ml.music import read_midi
from studio.api.common import PersonOrGuest
from studio.api.parsers import MidiParser, midi_in, require_bounded
from studio.guests import ESTIMATES, holder_of, holder_who_keeps
from studio.models import Composition
from studio.selectors.compositions import compositions_of, lineage_as_json
from studio.selectors.generations import STATES, GenerationState

PLATFORM_FAILED = _(
    "The site could not work out an estimate. That was not your doing; your "
    "piece is unchanged. Try again in a minute."
)


class OwnComposition(serializers.PrimaryKeyRelatedField[Composition]):
    """One of the caller's compositions, a guest's too; another's does not exist for them."""

    def get_queryset(self) -> QuerySet[Composition]:
        return compositions_of(holder_of(self.context["request"]))


class MusicInput(serializers.Serializer[Any]):
    """A composition, instead of a MIDI file as the body."""

    composition = OwnComposition(queryset=Composition.objects.none())


MUSIC = {"audio/midi": OpenApiTypes.BINARY, "application/json": MusicInput}


class OneRound(APIView):
    """Something about a piece that is meant for a round."""

    permission_classes = (PersonOrGuest,)
    parser_classes: Sequence[type[MidiParser | JSONParser]] = (MidiParser, JSONParser)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        require_bounded(request)
        super().initial(request, *args, **kwargs)

    def round(self) -> Round:
        """Return the round in the address, if the caller may see it."""
        return get_object_or_404(rounds_for(viewer_of(self.request)), slug=self.kwargs["slug"])

    def music(self) -> Composition | bytes:
        """Return what was sent: one of the caller's compositions, or a MIDI file's bytes."""
        if self.request.content_type.partition(";")[0].strip() == MidiParser.media_type:
            return midi_in(self.request)
        serializer = MusicInput(data=self.request.data, context={"request": self.request})
        serializer.is_valid(raise_exception=True)
        composition: Composition = serializer.validated_data["composition"]
        return composition


class CheckOutput(serializers.Serializer[Check]):
    """How a piece stands to one rule."""

    name = serializers.ChoiceField(["length", "tracks", "techniques", "models", "open", "quota"])
    kept = serializers.BooleanField(source="is_kept")
    rule = serializers.CharField()
    reason = serializers.CharField(allow_blank=True, help_text="What is amiss.")


class ChecksOutput(serializers.Serializer[Any]):
    """How a piece stands to the rules of a round."""

    round = serializers.SlugField()
    kept = serializers.BooleanField(help_text="Whether all rules are kept.")
    refused = serializers.BooleanField(
        help_text="Whether the piece would be refused if it were handed in now."
    )
    checks = CheckOutput(many=True)


class RoundChecks(OneRound):
    """Which rules of a round a piece keeps."""

    @extend_schema(
        request=MUSIC,
        responses={200: ChecksOutput, **problems(400, 401, 403, 404, 411, 413, 415, 422, 429)},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Check a piece against a round's rules at once. Nothing is kept."""
        round_, viewer = self.round(), viewer_of(request)
        person = viewer if isinstance(viewer, User) else None
        of_time = time_checks(round_=round_, person=person, now=timezone.now())
        of_music = rule_checks(round_, facts_of(self.music()))
        broken = {check.name for check in of_music if not check.is_kept}
        body = {
            "round": round_.slug,
            "kept": all(check.is_kept for check in [*of_music, *of_time]),
            "refused": "models" in broken
            or bool(broken - {"techniques"} and round_.refuse_outside_rules)
            or not all(check.is_kept for check in of_time),
            "checks": [CheckOutput(check).data for check in [*of_music, *of_time]],
        }
        return Response(body)


def facts_of(music: Composition | bytes) -> PieceFacts:
    """Return what a round's rules ask about a composition or a MIDI file.

    :raises MidiRefused: if the bytes are no MIDI file that can be worked with
    """
    if isinstance(music, Composition):
        return piece_facts(music.seconds, music.n_tracks, lineage_as_json(music))
    song = read_midi(music)
    return piece_facts(song.duration_seconds, len(song.tracks), ())


class EstimateOutput(serializers.Serializer[Estimate]):
    """What a piece would score in a round. It stands on no board and costs no submission."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    round = serializers.SlugField()
    state = serializers.ChoiceField([state.value for state in GenerationState])
    final = serializers.BooleanField(help_text="Whether `state` will not change by itself.")
    job = JobProgressOutput()
    code = serializers.CharField(allow_null=True, help_text="Why there is none.")
    detail = serializers.CharField(allow_null=True)
    sha256 = serializers.CharField(help_text="Of the canonical MIDI file.")
    score = serializers.FloatField(allow_null=True, help_text="0 to 100.")
    parts = serializers.DictField(child=PartOutput(), allow_null=True)
    metrics = serializers.DictField(allow_null=True)
    originality = serializers.DictField(
        allow_null=True, help_text="Against the corpus; other entries count once it is handed in."
    )
    explanation = ExplanationOutput(allow_null=True)
    checks = CheckOutput(many=True)
    expires_at = serializers.DateTimeField()

    def to_representation(self, instance: Estimate) -> dict[str, Any]:
        request = self.context["request"]
        job = progress(instance.job, now_of(self))
        state = STATES.get(job.state, GenerationState.WAITING)  # type: ignore[call-overload]
        if state == GenerationState.SUCCEEDED:
            instance.refresh_from_db(fields=["tenths", "parts", "metrics", "originality"])
        piece = piece_facts(instance.seconds, instance.n_tracks, instance.lineage)
        return {
            "id": str(instance.pk),
            "url": address(request, "estimate", pk=instance.pk),
            "round": instance.round.slug,
            "state": state.value,
            "final": job.is_final,
            "job": JobProgressOutput(job, context=self.context).data,
            **_refusal(job, state, honest=is_organizer(request.user)),
            "sha256": instance.midi_sha256,
            **_outcome(instance),
            "checks": [CheckOutput(check).data for check in rule_checks(instance.round, piece)],
            "expires_at": (instance.created_at + KEPT).isoformat(),
        }


def _refusal(job: JobProgress, state: GenerationState, *, honest: bool) -> dict[str, str | None]:
    if state != GenerationState.FAILED:
        return {"code": None, "detail": None}
    if job.fault == Fault.INPUT or honest:
        return {"code": job.error_code, "detail": job.error_detail}
    return {"code": "platform_failed", "detail": str(PLATFORM_FAILED)}


def _outcome(estimate: Estimate) -> dict[str, Any]:
    if estimate.tenths is None:
        names = ("score", "parts", "metrics", "originality", "explanation")
        return dict.fromkeys(names)
    score = estimate.tenths / 10
    return {
        "score": score,
        "parts": estimate.parts,
        "metrics": estimate.metrics,
        "originality": estimate.originality,
        "explanation": explanation(estimate.parts, estimate.metrics, score),
    }


class EstimateCollection(OneRound):
    """Estimates of what a piece would score in a round."""

    throttle_scope = "estimates"

    @extend_schema(
        request=MUSIC,
        responses={
            202: EstimateOutput,
            **problems(400, 401, 403, 404, 409, 411, 413, 415, 422, 429, 503),
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        """Ask what a piece would score, without handing it in. Poll `Location`.

        The same question within the hour has the same answer.
        """
        round_, music = self.round(), self.music()
        sketch = Sketch.of(music) if isinstance(music, Composition) else Sketch.read(music)
        estimate = request_estimate(
            round_=round_,
            holder=holder_who_keeps(request, scope=ESTIMATES),
            sketch=sketch,
            now=timezone.now(),
        )
        body = EstimateOutput(estimate, context={"request": request}).data
        return Response(
            body, status=status.HTTP_202_ACCEPTED, headers={"Location": str(body["url"])}
        )


class EstimateDetail(APIView):
    """One of the caller's estimates."""

    permission_classes = (PersonOrGuest,)

    @extend_schema(responses={200: EstimateOutput, **problems(401, 404, 429)})
    def get(self, request: Request, pk: object) -> Response:
        """Read an estimate. It is kept for an hour."""
        own = estimates_of(holder_of(request), timezone.now())
        estimate = get_object_or_404(own, pk=pk)
        return Response(EstimateOutput(estimate, context={"request": request}).data)
