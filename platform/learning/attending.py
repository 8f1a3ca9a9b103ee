"""Asking for the attention over a melody of one's own, and recording what a worker computed."""

import hashlib
import json
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jobs import services as jobs
from jobs.errors import JobNotOver
from jobs.models import Job
from jobs.states import State
from learning.errors import ModelMissing, NoMelody, TooManyAtOnce
from learning.kinds import ATTENTION
from learning.models import Attention
from learning.own_music import Asker
from ml.lessons.tune import Shares, Tune, tune_of
from ml.music import Song
from ml.techniques import ModelUnavailable, read_card, weights_for

AT_ONCE = 3
KEPT = timedelta(days=30)
FORGOTTEN_AT_ONCE = 200


def request_attention(*, song: Song, asker: Asker, now: datetime) -> Attention:
    """Have the attention over a song's first eight bars computed, unless it is known.

    :raises NoMelody: if there is hardly a note in them
    :raises ModelMissing: if the Transformer's weights are missing or damaged
    :raises TooManyAtOnce: if the visitor waits for several already
    """
    tune = tune_of(song)
    if tune is None:
        raise NoMelody(
            _("There is no melody in it: it needs pitched notes over two beats or more, at its "
              "beginning.")
        )  # fmt: skip
    digest = _digest(tune)
    with transaction.atomic():
        found = Attention.objects.select_related("job").filter(digest=digest).first()
        if found is not None:
            return _tried_again(found, now)
        _require_turn(asker)
        return _queue(tune, digest, asker, now)


def record_attention(*, attention_id: uuid.UUID, weights: Shares) -> None:
    """Store what a worker computed. Running it twice is running it once."""
    Attention.objects.filter(pk=attention_id).update(weights=weights)


def forget_old_attention(now: datetime) -> None:
    """Delete what was computed a month ago; the sweeper calls this."""
    old = Attention.objects.filter(created_at__lt=now - KEPT, job__finished_at__isnull=False)
    with transaction.atomic():
        found = list(old.values_list("pk", "job")[:FORGOTTEN_AT_ONCE])
        Attention.objects.filter(pk__in=[pk for pk, _job in found]).delete()
        # The same melody may be brought again: it is a new job then.
        Job.objects.filter(pk__in=[job for _pk, job in found]).update(dedupe_key=None)


def _digest(tune: Tune) -> str:
    try:
        card = read_card(weights_for("extend", None), folder=settings.WEIGHTS_DIR)
    except ModelUnavailable as error:
        raise ModelMissing(error.detail) from error
    return hashlib.sha256(json.dumps([tune.as_dict(), card.sha256]).encode()).hexdigest()


def _queue(tune: Tune, digest: str, asker: Asker, now: datetime) -> Attention:
    name = uuid.uuid4()
    job = jobs.enqueue(
        kind=ATTENTION,
        owner=asker.owner,
        share=asker.share,
        subject=f"attention:{name}",
        dedupe_key=f"attention {digest}",
        now=now,
    )
    attention, _made = Attention.objects.get_or_create(
        digest=digest,
        defaults={"id": name, "tune": tune.as_dict(), "job": job, "created_at": now},
    )
    return attention


def _require_turn(asker: Asker) -> None:
    mine = Q(owner=asker.owner) if asker.owner else Q(share=asker.share, owner=None)
    if Job.objects.open().filter(mine, kind=ATTENTION).count() < AT_ONCE:
        return
    raise TooManyAtOnce(
        _("Several melodies of yours are being read already. Wait until one of them is done.")
    )


def _tried_again(attention: Attention, now: datetime) -> Attention:
    """Give what failed another chance: somebody asks for it."""
    if attention.job.state in (State.FAILED, State.CANCELLED):
        try:
            attention.job = jobs.retry(job=attention.job, actor=None, now=now)
        except JobNotOver:  # somebody else was faster
            attention.job.refresh_from_db()
    return attention
