"""`submissions/<id>/appeals/` and `submissions/<id>/decisions/`."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rest import person_of, problems
from challenges.api.common import IsOrganizer
from challenges.api.standings import SubmissionOutput
from challenges.api.submissions import OneSubmission
from challenges.forms import visible_text
from challenges.models.entry import Eligibility
from challenges.services.reviewing import appeal, judge_eligibility


class AppealInput(serializers.Serializer[Any]):
    """Why a disqualification should be looked at again."""

    statement = serializers.CharField(max_length=300)


class SubmissionAppeals(OneSubmission):
    """Asking the organizers to look again."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        request=AppealInput,
        responses={201: SubmissionOutput, **problems(400, 401, 403, 404, 409, 429)},
    )
    def post(self, request: Request, pk: object) -> Response:
        """Appeal against a disqualification."""
        submission = self.own_submission(pk)
        serializer = AppealInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        appealed = appeal(
            submission=submission,
            statement=visible_text(serializer.validated_data["statement"]),
            now=timezone.now(),
        )
        response = self.answer(appealed)
        response.status_code = status.HTTP_201_CREATED
        return response


ELIGIBILITY_DECISIONS = [
    (value.value, value.label) for value in Eligibility if value != Eligibility.APPEALED
]


class EligibilityInput(serializers.Serializer[Any]):
    """Whether a piece may count, and why."""

    decision = serializers.ChoiceField(ELIGIBILITY_DECISIONS)
    reason = serializers.CharField(max_length=300)


class SubmissionDecisions(OneSubmission):
    """What organizers decide about a piece."""

    permission_classes = (IsOrganizer,)

    @extend_schema(
        request=EligibilityInput,
        responses={200: SubmissionOutput, **problems(400, 401, 403, 404, 409, 429)},
    )
    def post(self, request: Request, pk: object) -> Response:
        """Disqualify a piece, reinstate it, or send it to review."""
        serializer = EligibilityInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        judged = judge_eligibility(
            submission=self.submission(pk),
            decision=Eligibility(serializer.validated_data["decision"]),
            reason=visible_text(serializer.validated_data["reason"]),
            actor=person_of(request),
            now=timezone.now(),
        )
        return self.answer(judged)
