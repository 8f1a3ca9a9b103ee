"""Whether a piece can be heard, and if not, why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from jobs.selectors import JobProgress, progress
from jobs.states import State
from studio.models import Rendering

BEING_MADE = _("The sound of this piece is being made. It will be here in a moment.")
NOT_JUST_NOW = _(
    "Sound is not available just now. That is the site's fault, and the "
    "organizers see it; come back in a few minutes."
)


class SoundState(StrEnum):
    """Whether a piece can be heard. Only `MAKING` changes by itself."""

    READY = "ready"
    MAKING = "making"
    UNAVAILABLE = "unavailable"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Hearing:
    """The sound of a piece, or why there is none in `detail`."""

    state: SoundState
    detail: str = ""
    rendering: Rendering | None = None

    @property
    def is_ready(self) -> bool:
        """Whether there is a file to play."""
        return self.state == SoundState.READY

    @property
    def is_final(self) -> bool:
        """Whether the state will not change by itself."""
        return self.state != SoundState.MAKING

    def job(self, now: datetime) -> JobProgress | None:
        """Return how far the rendering is, freshly read; None where there is none."""
        return progress(self.rendering.job, now) if self.rendering else None


def hearing_of(rendering: Rendering) -> Hearing:
    """Return whether a rendering can be played, from its job as it was read."""
    state = rendering.job.state
    if state == State.SUCCEEDED and rendering.key:
        return Hearing(SoundState.READY, "", rendering)
    if state in (State.FAILED, State.CANCELLED):
        return Hearing(SoundState.UNAVAILABLE, gettext(NOT_JUST_NOW), rendering)
    return Hearing(SoundState.MAKING, gettext(BEING_MADE), rendering)
