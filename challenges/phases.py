"""A round's phase, computed from stored instants and human decisions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Phase(StrEnum):
    """Where a round stands. `value` is the name in the API."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    FROZEN = "frozen"
    CLOSED = "closed"
    JUDGING = "judging"
    PROVISIONAL = "provisional"
    FINAL = "final"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The word that people read."""
        return str(LABELS[self])


LABELS = {
    Phase.DRAFT: _("Draft"),
    Phase.SCHEDULED: _("Opens soon"),
    Phase.OPEN: _("Open"),
    Phase.FROZEN: _("Open, board frozen"),
    Phase.CLOSED: _("Closed, last pieces being scored"),
    Phase.JUDGING: _("Awaiting results"),
    Phase.PROVISIONAL: _("Provisional results"),
    Phase.FINAL: _("Final"),
    Phase.ARCHIVED: _("Archived"),
    Phase.CANCELLED: _("Cancelled"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Instants:
    """The moments that decide a round's phase; None where it has not been decided."""

    opens_at: datetime
    closes_at: datetime
    freeze_at: datetime | None = None
    published_at: datetime | None = None
    cancelled_at: datetime | None = None
    drained_at: datetime | None = None
    results_at: datetime | None = None
    finalized_at: datetime | None = None
    archived_at: datetime | None = None


def phase_of(instants: Instants, now: datetime) -> Phase:
    """Return the phase at `now`. A round is open from `opens_at` until just before `closes_at`."""
    decided = _decided(instants)
    if decided is not None:
        return decided
    if now < instants.opens_at:
        return Phase.SCHEDULED
    if now < instants.closes_at:
        frozen = instants.freeze_at is not None and now >= instants.freeze_at
        return Phase.FROZEN if frozen else Phase.OPEN
    return Phase.CLOSED if instants.drained_at is None else Phase.JUDGING


def _decided(instants: Instants) -> Phase | None:
    """Return the phase that a person's decision sets whatever the time, the last one first."""
    decisions = (
        (instants.archived_at, Phase.ARCHIVED),
        (instants.cancelled_at, Phase.CANCELLED),
        (instants.finalized_at, Phase.FINAL),
        (instants.results_at, Phase.PROVISIONAL),
    )
    for taken_at, phase in decisions:
        if taken_at is not None:
            return phase
    return Phase.DRAFT if instants.published_at is None else None
