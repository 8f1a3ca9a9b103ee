"""Estimating what a piece would score, before it is handed in."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from challenges.errors import TooManyEstimates
from challenges.evaluation import Evaluation
from challenges.kinds import ESTIMATE
from challenges.models import Estimate, Round, Submission
from jobs.errors import JobOver
from jobs.services import cancel, enqueue
from jobs.states import OPEN, Priority, State
from ml.music import read_midi
from studio.files import store_song
from studio.holders import Holder, columns, held_by, lock_holder
from studio.models import Composition
from studio.selectors.compositions import lineage_as_json
from studio.services.discarding import discard_files

KEPT = timedelta(hours=1)
DROPPED_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """Music to estimate: its stored file, and the generations that led to it."""

    facts: Mapping[str, Any]
    lineage: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def of(cls, composition: Composition) -> "Sketch":
        """Return a composition as it is now."""
        return cls(facts=composition.file_facts(), lineage=lineage_as_json(composition))

    @classmethod
    def read(cls, upload: bytes) -> "Sketch":
        """Return the music in a MIDI file.

        :raises MidiRefused: if the bytes are no MIDI file that can be worked with
        :raises StorageUnavailable: if the bytes could not be stored
        """
        return cls(facts=store_song(read_midi(upload)).facts())


@transaction.atomic
def request_estimate(*, round_: Round, holder: Holder, sketch: Sketch, now: datetime) -> Estimate:
    """Queue an estimate of what a piece would score in a round.

    Asking for the same again within the hour gives the first estimate, unless that failed.

    :raises TooManyEstimates: if the holder has as many under way as one may have
    """
    holder = lock_holder(holder)
    lineage = [dict(step) for step in sketch.lineage]
    own = Estimate.objects.filter(held_by(holder), created_at__gt=now - KEPT)
    for earlier in own.filter(
        round=round_,
        midi_sha256=sketch.facts["midi_sha256"],
        job__state__in={*OPEN, State.SUCCEEDED},
    ):
        if earlier.lineage == lineage:
            return earlier
    if own.filter(job__state__in=OPEN).count() >= settings.MAX_ESTIMATES_AT_ONCE:
        raise TooManyEstimates(
            _("Earlier estimates of yours are still being worked out. Wait a bit.")
        )
    estimate = Estimate(
        id=uuid.uuid4(),
        round=round_,
        lineage=lineage,
        created_at=now,
        **columns(holder),
        **sketch.facts,
    )
    estimate.job = enqueue(
        kind=ESTIMATE,
        payload={"estimate": str(estimate.pk)},
        owner=estimate.owner,
        share=estimate.guest.share if estimate.guest else "",
        subject=estimate.subject,
        priority=Priority.LOW,
        now=now,
    )
    estimate.save(force_insert=True)
    return estimate


def record_estimate(
    *, estimate_id: UUID, evaluation: Evaluation, originality: Mapping[str, Any]
) -> None:
    """Store what was worked out. Running it twice leaves the same row."""
    Estimate.objects.filter(pk=estimate_id).update(
        tenths=evaluation.tenths,
        parts=evaluation.parts,
        metrics=evaluation.metrics,
        originality=dict(originality),
    )


def drop_old_estimates(now: datetime) -> None:
    """Delete the estimates that are older than an hour; the sweeper calls this."""
    old = Estimate.objects.filter(created_at__lte=now - KEPT).order_by("created_at")
    for estimate in old.select_related("job")[:DROPPED_AT_ONCE]:
        _drop(estimate, now)


@transaction.atomic
def _drop(estimate: Estimate, now: datetime) -> None:
    if not estimate.job.is_final:
        with suppress(JobOver):  # it ended in this very moment
            cancel(job=estimate.job, actor=None, now=now)
    discard_files(keys=[estimate.midi_key], now=now)
    estimate.delete()


def used_in_challenges(keys: Collection[str]) -> set[str]:
    """Return which of some stored files submissions and estimates need."""
    return {*_keys_of(Submission, keys), *_keys_of(Estimate, keys)}


def _keys_of(model: type[Submission] | type[Estimate], keys: Collection[str]) -> Iterable[str]:
    rows = model._default_manager.filter(midi_key__in=keys)
    return rows.values_list("midi_key", flat=True)
