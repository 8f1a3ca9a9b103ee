"""Computes where the Transformer looks in a melody: jobs of kind `attention`."""

from typing import Any

from jobs.errors import BadInput
from jobs.models import Job
from learning.attending import record_attention
from learning.kinds import ATTENTION
from learning.models import Attention
from ml.lessons.tune import Tune
from ml.techniques import ModelUnavailable
from workers import handlers
from workers.context import Context
from workers.model_store import models


def attend(job: Job, context: Context) -> handlers.Record:
    """Read a melody with the shipped Transformer and keep what it paid attention to."""
    attention = Attention.objects.filter(job=job).first()
    if attention is None:
        raise BadInput("melody_gone", "This melody is not kept any more. Bring it again.")
    context.report(0.1, "Loading the Transformer")
    try:
        model = models().get("extend")
    except ModelUnavailable as error:
        raise BadInput("technique_unavailable", error.detail) from error
    from ml.lessons.attending import attended  # torch: not before a job needs it

    context.report(0.6, "Reading the melody")
    weights = attended(model.network, Tune.from_dict(attention.tune))

    def record() -> dict[str, Any]:
        record_attention(attention_id=attention.pk, weights=weights)
        return {"attention": str(attention.pk)}

    return record


handlers.register(ATTENTION, attend)
