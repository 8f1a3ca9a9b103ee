"""`rounds/<slug>/revisions/` and `revisions/<id>/`: scoring a round anew. For organizers."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rest import NewestFirst, address, person_of, problems
from challenges.api.common import IsOrganizer
from challenges.forms import visible_text
from challenges.models import Round, ScoringRevision
from challenges.selectors.desk import RankMoves, rank_moves, rescoring_progress
from challenges.services.revisions import apply_revision, cancel_revision, start_revision

MOVES_SHOWN = 100


class RankMoveOutput(serializers.Serializer[Any]):
    """What a revision does to one entry; a rank is null where the entry is not on that board."""

    entry = serializers.UUIDField(source="entry.pk")
    participant = serializers.CharField(source="entry.participant.username")
    rank_before = serializers.IntegerField(allow_null=True)
    rank_after = serializers.IntegerField(allow_null=True)
    score_before = serializers.FloatField(allow_null=True)
    score_after = serializers.FloatField(allow_null=True)


class RankMovesOutput(serializers.Serializer[RankMoves]):
    """What a revision does to the board: the largest moves first."""

    entries = serializers.IntegerField(help_text="Entries on either board.")
    up = serializers.IntegerField()
    down = serializers.IntegerField()
    unmoved = serializers.IntegerField()
    moves = RankMoveOutput(many=True)


class RevisionSummary(serializers.ModelSerializer[ScoringRevision]):
    """A scoring revision in a list."""

    url = serializers.SerializerMethodField()
    number = serializers.IntegerField(help_text="1 for the round's first scoring.")
    round = serializers.CharField(source="round.slug")
    created_by = serializers.CharField(source="created_by.username", default=None)
    progress = serializers.SerializerMethodField(help_text="Share of its jobs that are done.")

    class Meta:
        model = ScoringRevision
        fields: ClassVar[list[str]] = [
            "id",
            "url",
            "round",
            "number",
            "state",
            "style",
            "scoring_rule",
            "scoring_config",
            "metrics_version",
            "reason",
            "created_by",
            "created_at",
            "progress",
        ]

    def get_url(self, revision: ScoringRevision) -> str:
        """Return the revision's address."""
        return address(self.context["request"], "revision", pk=revision.pk)

    def get_progress(self, revision: ScoringRevision) -> float:
        """Return how much of the rescoring is done, 0 to 1."""
        return rescoring_progress(revision).share


class RevisionOutput(RevisionSummary):
    """A scoring revision with what applying it would change."""

    rank_moves = serializers.SerializerMethodField()

    class Meta(RevisionSummary.Meta):
        fields: ClassVar[list[str]] = [*RevisionSummary.Meta.fields, "rank_moves"]

    @extend_schema_field(RankMovesOutput)
    def get_rank_moves(self, revision: ScoringRevision) -> dict[str, Any]:
        """Return the moves against the round's live board."""
        return RankMovesOutput(rank_moves(revision=revision, limit=MOVES_SHOWN)).data


class RevisionInput(serializers.Serializer[Any]):
    """Another way to score a round; what is left out stays as it is."""

    scoring_rule = serializers.CharField(max_length=40, required=False)
    scoring_config = serializers.DictField(required=False, help_text="Weights by part.")
    reason = serializers.CharField(max_length=300)

    def get_fields(self) -> dict[str, Any]:
        # `style` is a word of serializers themselves, so it is no class attribute here.
        style = serializers.CharField(max_length=20, required=False, allow_blank=True)
        return {**super().get_fields(), "style": style}


class RevisionCollection(generics.ListAPIView[ScoringRevision]):
    """A round's scoring revisions."""

    permission_classes = (IsOrganizer,)
    serializer_class = RevisionSummary

    class pagination_class(NewestFirst):  # noqa: N801 - the name is the framework's
        """Revisions, the last one first."""

        ordering = ("-number", "-pk")

    def get_queryset(self) -> QuerySet[ScoringRevision]:
        round_ = get_object_or_404(Round, slug=self.kwargs["slug"])
        return round_.revisions.select_related("round", "created_by")

    @extend_schema(
        operation_id="rounds_revisions_list",
        responses={200: RevisionSummary(many=True), **problems(401, 403, 404, 429)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List a round's scoring revisions, the last one first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request=RevisionInput,
        responses={202: RevisionOutput, **problems(400, 401, 403, 404, 409, 422, 429)},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Start scoring all entries anew; the present board stays until the revision is applied."""
        round_ = get_object_or_404(Round.objects.select_related("live_board__revision"), slug=slug)
        serializer = RevisionInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        values = serializer.validated_data
        present = round_.live_board.revision if round_.live_board else round_
        revision = start_revision(
            round_=round_,
            actor=person_of(request),
            reason=visible_text(values["reason"]),
            now=timezone.now(),
            scoring_rule=values.get("scoring_rule", present.scoring_rule),
            scoring_config=values.get("scoring_config", present.scoring_config),
            style=values.get("style", present.style),
        )
        body = RevisionOutput(revision, context={"request": request}).data
        return Response(body, status=status.HTTP_202_ACCEPTED, headers={"Location": body["url"]})


class RevisionDetail(generics.RetrieveAPIView[ScoringRevision]):
    """One scoring revision."""

    permission_classes = (IsOrganizer,)
    serializer_class = RevisionOutput
    queryset = ScoringRevision.objects.select_related("round__live_board", "created_by")

    @extend_schema(responses={200: RevisionOutput, **problems(401, 403, 404, 429)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Read a revision and the rank moves it would bring."""
        return super().get(request, *args, **kwargs)


class RevisionDecisionInput(serializers.Serializer[Any]):
    """What becomes of a revision."""

    decision = serializers.ChoiceField(["apply", "cancel"])


class RevisionDecisions(APIView):
    """Applying or cancelling a revision."""

    permission_classes = (IsOrganizer,)

    @extend_schema(
        request=RevisionDecisionInput,
        responses={200: RevisionOutput, **problems(400, 401, 403, 404, 409, 429)},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Apply a revision that is ready, or drop it."""
        revision = get_object_or_404(ScoringRevision, pk=pk)
        serializer = RevisionDecisionInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        act = {"apply": apply_revision, "cancel": cancel_revision}
        act[serializer.validated_data["decision"]](
            revision=revision, actor=person_of(request), now=timezone.now()
        )
        revision = ScoringRevision.objects.select_related("round__live_board").get(pk=pk)
        return Response(RevisionOutput(revision, context={"request": request}).data)
