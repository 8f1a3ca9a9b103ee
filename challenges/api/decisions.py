"""`rounds/<slug>/decisions/`. For organizers."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import AuditRecord
from accounts.rest import person_of, problems
from challenges.api.common import AuditLine, IsOrganizer, MomentField, NewestAudit, as_instant
from challenges.api.rounds import RoundOutput
from challenges.forms import visible_text
from challenges.models import Round
from challenges.services.decisions import Decision, decide


class DecisionInput(serializers.Serializer[Any]):
    """What an organizer decides about a round."""

    decision = serializers.ChoiceField([decision.value for decision in Decision])
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    closes_at = MomentField(required=False, allow_null=True, default=None)


class RoundDecisions(generics.ListAPIView[AuditRecord]):
    """The decisions about a round: organizers read and take them."""

    permission_classes = (IsOrganizer,)
    serializer_class = AuditLine
    pagination_class = NewestAudit

    def get_queryset(self) -> QuerySet[AuditRecord]:
        round_ = get_object_or_404(Round, slug=self.kwargs["slug"])
        return AuditRecord.objects.about(f"round:{round_.slug}").select_related("actor")

    @extend_schema(
        operation_id="rounds_decisions_list",
        responses={200: AuditLine(many=True), **problems(401, 403, 404, 429)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what was decided about a round, the last decision first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request=DecisionInput,
        responses={200: RoundOutput, **problems(400, 401, 403, 404, 409, 422, 429)},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Publish, pause, extend, close, … a round."""
        round_ = get_object_or_404(Round, slug=slug)
        serializer = DecisionInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        values = serializer.validated_data
        closes_at = values["closes_at"]
        round_ = decide(
            round_=round_,
            decision=Decision(values["decision"]),
            actor=person_of(request),
            reason=visible_text(values["reason"]),
            closes_at=closes_at and as_instant(closes_at, round_.tzinfo),
            now=timezone.now(),
        )
        return Response(RoundOutput(round_, context={"request": request}).data)
