"""A job as the API tells it."""

from datetime import timedelta

from rest_framework import serializers

from accounts.rest import address
from jobs.selectors import JobProgress


class JobProgressOutput(serializers.Serializer[JobProgress]):
    """How far a job is. Times are in seconds."""

    id = serializers.UUIDField()
    url = serializers.SerializerMethodField()
    kind = serializers.CharField()
    state = serializers.CharField()
    position = serializers.IntegerField(
        allow_null=True, help_text="Jobs that go first; null unless it waits for a worker."
    )
    age = serializers.SerializerMethodField()
    attempt = serializers.IntegerField()
    max_attempts = serializers.IntegerField()
    progress = serializers.FloatField(min_value=0, max_value=1)
    message = serializers.CharField()
    eta = serializers.SerializerMethodField()

    def get_url(self, job: JobProgress) -> str:
        """Return the job's address."""
        return address(self.context["request"], "job", pk=job.id)

    def get_age(self, job: JobProgress) -> float:
        """Return the seconds since the job was made."""
        return round(job.age.total_seconds(), 3)

    def get_eta(self, job: JobProgress) -> float | None:
        """Return the seconds until the likely end; null if nobody can say."""
        return _seconds(job.eta)


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds(), 3)
