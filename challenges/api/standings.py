"""A submission as the API tells it: where it stands, its score and what explains it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.rest import address, now_of
from challenges.models import Submission
from challenges.models.entry import Eligibility
from challenges.selectors.submissions import ScoringState, Standing
from challenges.selectors.visibility import View, is_organizer, view_of
from jobs.api import JobProgressOutput
from jobs.states import Fault
from studio.api.outputs import AttributionOutput, attribution

PLATFORM_FAILED = gettext_lazy(
    "The site could not score this piece. That was not your doing: this "
    "submission is not counted against your quota, and the organizers see it."
)


class PartOutput(serializers.Serializer[Any]):
    """One part of a score."""

    value = serializers.FloatField(help_text="0 to 100.")
    weight = serializers.FloatField()
    reasons = serializers.ListField(child=serializers.CharField())


class SubmissionOutput(serializers.Serializer[Submission]):
    """One composition handed in, and where it stands, as the one who asks may see it."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    round = serializers.SlugField()
    entry = serializers.UUIDField()
    participant = serializers.CharField()
    title = serializers.CharField()
    statement = serializers.CharField()
    number = serializers.IntegerField(help_text="1 for the entry's first submission.")
    submitted_at = serializers.DateTimeField()
    state = serializers.ChoiceField([state.value for state in ScoringState])
    final = serializers.BooleanField(help_text="Whether `state` will not change by itself.")
    score = serializers.FloatField(allow_null=True, help_text="0 to 100.")
    parts = serializers.DictField(child=PartOutput(), allow_null=True)
    metrics = serializers.DictField(allow_null=True)
    originality = serializers.DictField(allow_null=True)
    eligibility = serializers.ChoiceField([value.value for value in Eligibility])
    eligibility_reason = serializers.CharField(allow_blank=True)
    job = JobProgressOutput(allow_null=True)
    code = serializers.CharField(allow_null=True, help_text="Why it has no score.")
    detail = serializers.CharField(allow_null=True)
    licence = serializers.CharField()
    midi = serializers.URLField()
    audio = serializers.URLField(help_text="Where its sound stands, and its files lie.")
    seconds = serializers.FloatField()
    lineage = serializers.ListField(
        child=serializers.DictField(),
        help_text="The generations that led here: technique, model, parameters, seed.",
    )
    attributions = AttributionOutput(many=True, help_text="Whose pieces it was made from.")
    notes = serializers.IntegerField()
    tracks = serializers.IntegerField()

    def to_representation(self, instance: Submission) -> dict[str, Any]:
        request = self.context["request"]
        view = self.context.get("known") or view_of(
            submission=instance, viewer=request.user, now=now_of(self)
        )
        score = view.standing.score
        return {
            "id": str(instance.pk),
            "url": address(request, "submission", pk=instance.pk),
            "round": instance.round.slug,
            "entry": str(instance.entry_id),
            "participant": instance.entry.participant.username,
            "title": instance.title,
            "statement": instance.statement,
            "number": instance.number,
            "submitted_at": instance.submitted_at.isoformat(),
            "state": view.standing.state.value,
            "final": view.standing.is_final,
            "score": score and score.total,
            "parts": score and score.parts,
            "metrics": score and score.metrics,
            "originality": instance.originality if score or view.private else None,
            "eligibility": view.eligibility,
            "eligibility_reason": view.eligibility_reason,
            "job": self._job(view),
            **refusal(view.standing, honest=is_organizer(request.user)),
            "licence": instance.licence,
            "midi": address(request, "submission-midi", pk=instance.pk),
            "audio": address(request, "submission-audio", pk=instance.pk),
            "seconds": round(instance.seconds, 3),
            "lineage": instance.lineage,
            "attributions": [attribution(request, one) for one in instance.attributions],
            "notes": instance.n_notes,
            "tracks": instance.n_tracks,
        }

    def _job(self, view: View) -> Mapping[str, Any] | None:
        job = view.standing.job
        return JobProgressOutput(job, context=self.context).data if job else None


def refusal(standing: Standing, *, honest: bool) -> dict[str, str | None]:
    """Return why a submission ended without a score; both None if it did not.

    Participants are not shown the platform's own errors, which say nothing to them; `honest`
    shows them.
    """
    job = standing.job
    if standing.state not in (ScoringState.FAILED, ScoringState.REJECTED):
        return {"code": None, "detail": None}
    if job is None:
        return {"code": "not_scored", "detail": str(PLATFORM_FAILED)}
    if job.fault == Fault.INPUT or honest:
        return {"code": job.error_code or "not_scored", "detail": job.error_detail}
    if job.error_code == "" and not job.fault:
        return {"code": "cancelled", "detail": _("The scoring was cancelled.")}
    return {"code": "not_scored", "detail": str(PLATFORM_FAILED)}
