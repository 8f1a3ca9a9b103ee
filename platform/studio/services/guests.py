"""What becomes of guests: their work is adopted when they sign in, or forgotten after a while."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from jobs.errors import JobOver
from jobs.models import Job
from jobs.services import cancel
from jobs.states import OPEN
from studio.models import Composition, Generation, Guest
from studio.services.discarding import discard_files_of

SEEN_EVERY = timedelta(days=1)
AT_ONCE = 50  # guests forgotten in one run of the sweeper

Owned = QuerySet[Composition] | QuerySet[Generation]


def create_guest(*, now: datetime) -> Guest:
    """Make a guest, for the first thing that somebody without an account keeps."""
    return Guest.objects.create(created_at=now, seen_at=now)


def see_guest(*, guest: Guest, now: datetime) -> bool:
    """Remember that a guest was here, once a day; return whether that was written down."""
    if now - guest.seen_at < SEEN_EVERY:
        return False
    return bool(Guest.objects.filter(pk=guest.pk).update(seen_at=now))


@transaction.atomic
def adopt_guest_work(*, guest: Guest, user: User, now: datetime) -> int:
    """Give everything that a guest holds to a person; return how many compositions that were.

    Nothing is lost to the limits: somebody may come to hold more than one person may keep, and
    then has to delete before they keep more. What is being generated becomes the person's when it
    is done. Adopting twice is adopting once; what another person adopted stays theirs.
    """
    # A lock that lets others point to the row: a worker's new composition must not wait for us.
    guest = Guest.objects.select_for_update(no_key=True, of=("self",)).get(pk=guest.pk)
    if guest.adopted_by_id not in (None, user.pk):
        return 0
    guest.adopted_by, guest.seen_at = user, now
    guest.save(update_fields=["adopted_by", "seen_at"])
    # Generations first: a worker that is recording a result holds the generation's row, and when
    # it lets go, its composition is there to be adopted too.
    _hand_over(Generation.objects.filter(guest=guest), user)
    Job.objects.filter(share=guest.share).update(owner=user, share="")
    return _hand_over(Composition.objects.filter(guest=guest), user)


def _hand_over(rows: Owned, user: User) -> int:
    # A key that the person has used as well would belong to two rows.
    used = rows.model._default_manager.filter(owner=user, idempotency_key__isnull=False)
    rows.filter(idempotency_key__in=list(used.values_list("idempotency_key", flat=True))).update(
        idempotency_key=None
    )
    return rows.update(owner=user, guest=None)


def forget_stale_guests(now: datetime) -> None:
    """Delete what guests kept who did not come back for `GUEST_DAYS`; the sweeper calls this."""
    stale = Guest.objects.filter(seen_at__lt=now - timedelta(days=settings.GUEST_DAYS))
    for pk in list(stale.order_by("seen_at").values_list("pk", flat=True)[:AT_ONCE]):
        _forget(pk, now)


@transaction.atomic
def _forget(pk: UUID, now: datetime) -> None:
    stale = now - timedelta(days=settings.GUEST_DAYS)
    guest = Guest.objects.select_for_update().filter(pk=pk, seen_at__lt=stale).first()
    if guest is None:  # came back, or another sweeper was faster
        return
    generations = Generation.objects.filter(guest=guest)
    for generation in generations.filter(job__state__in=OPEN).select_related("job"):
        try:
            cancel(job=generation.job, actor=None, now=now)
        except JobOver:  # it ended in this very moment
            continue
    discard_files_of(compositions=Composition.objects.filter(guest=guest), now=now)
    guest.delete()
