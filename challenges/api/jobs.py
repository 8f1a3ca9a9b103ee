"""`jobs/<id>/`: how far work is, cancelling it, trying it again."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rest import person_of, problems
from challenges.api.common import IsOrganizer, viewer_of
from challenges.api.standings import PLATFORM_FAILED
from challenges.selectors.visibility import is_organizer
from jobs.api import JobProgressOutput
from jobs.models import Job
from jobs.selectors import JobProgress, progress
from jobs.services import cancel, retry
from jobs.states import Fault


class JobOutput(JobProgressOutput):
    """A job. The log and the platform's own errors are for organizers."""

    final = serializers.BooleanField(source="is_final")
    code = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()
    log = serializers.SerializerMethodField()

    def _honest(self) -> bool:
        return is_organizer(self.context["request"].user)

    def get_code(self, job: JobProgress) -> str | None:
        """Return why the job failed, as a word."""
        if job.fault == Fault.PLATFORM and not self._honest():
            return "platform_failed"
        return job.error_code or None

    def get_detail(self, job: JobProgress) -> str | None:
        """Return why the job failed, as a sentence."""
        if job.fault != Fault.INPUT and job.error_code and not self._honest():
            return str(PLATFORM_FAILED) if job.is_final else None
        return job.error_detail or None

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_log(self, job: JobProgress) -> list[str]:
        """Return the last lines of the job's log."""
        return job.log if self._honest() else []


class OneJob(APIView):
    """Anything about one job."""

    permission_classes: tuple[type[BasePermission], ...] = (IsAuthenticated,)

    def job(self, pk: object) -> Job:
        """Return the job in the address.

        :raises NotFound: if there is none, or it is neither the caller's nor are they an organizer
        """
        job = get_object_or_404(Job, pk=pk)
        if job.owner_id != self.request.user.pk and not is_organizer(viewer_of(self.request)):
            raise NotFound(_("There is nothing at this address."))
        return job

    def answer(self, job: Job, **kwargs: Any) -> Response:
        """Return how far the job is."""
        found = progress(job, timezone.now())
        return Response(JobOutput(found, context={"request": self.request}).data, **kwargs)


class JobDetail(OneJob):
    """One job."""

    @extend_schema(responses={200: JobOutput, **problems(401, 404, 429)})
    def get(self, request: Request, pk: object) -> Response:
        """Read how far a job is."""
        return self.answer(self.job(pk))

    @extend_schema(responses={202: JobOutput, **problems(401, 404, 409, 429)})
    def delete(self, request: Request, pk: object) -> Response:
        """Cancel a job: at once if nobody works on it, else at its worker's next heartbeat."""
        job = cancel(job=self.job(pk), actor=person_of(request), now=timezone.now())
        return self.answer(job, status=status.HTTP_202_ACCEPTED)


class JobAttempts(OneJob):
    """Trying a job again."""

    permission_classes = (IsOrganizer,)

    @extend_schema(request=None, responses={202: JobOutput, **problems(401, 403, 404, 409, 429)})
    def post(self, request: Request, pk: object) -> Response:
        """Give a failed or cancelled job a fresh set of attempts."""
        job = retry(job=self.job(pk), actor=person_of(request), now=timezone.now())
        return self.answer(job, status=status.HTTP_202_ACCEPTED)
