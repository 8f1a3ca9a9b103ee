import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from challenges.models.round import Round
from jobs.models import Job
from studio.models import Guest, MusicFile, held_by_one


class Estimate(MusicFile):
    """What a piece would score in a round if it were handed in. Kept for a short time.

    It stands on no board and costs nothing of a quota.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    guest = models.ForeignKey(Guest, null=True, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="+")
    lineage = models.JSONField(default=list)
    created_at = models.DateTimeField(db_index=True)

    tenths = models.PositiveSmallIntegerField(null=True, help_text="The total, once it is known.")
    parts = models.JSONField(default=dict)
    metrics = models.JSONField(default=dict)
    originality = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[Any]] = [held_by_one("estimate_has_one_holder")]

    def __str__(self) -> str:
        return f"Estimate for {self.round}"

    @property
    def subject(self) -> str:
        """The name under which jobs speak of this estimate."""
        return f"estimate:{self.pk}"
