"""What the Studio's pages share."""

from uuid import UUID

import structlog
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from ml.music.drawing import Roll
from studio.errors import StorageUnavailable
from studio.files import change_rolls_at, roll_at
from studio.guests import holder_of
from studio.models import Composition, Generation
from studio.selectors.compositions import compositions_of
from studio.selectors.generations import generations_of

log = structlog.get_logger("counterpoint.drawings")


def actor_of(request: HttpRequest) -> User | None:
    """Return the signed-in person, or None for a guest."""
    return request.user if isinstance(request.user, User) else None


def composition_or_404(request: HttpRequest, pk: UUID) -> Composition:
    """Return the viewer's own composition; another's is not found."""
    return get_object_or_404(compositions_of(holder_of(request)), pk=pk)


def generation_or_404(request: HttpRequest, pk: UUID) -> Generation:
    """Return the viewer's own generation; another's is not found."""
    return get_object_or_404(generations_of(holder_of(request)), pk=pk)


def roll_or_none(composition: Composition) -> Roll | None:
    """Return a composition's piano roll, or None while its file cannot be read."""
    try:
        return roll_at(composition.midi_key)
    except StorageUnavailable:  # a page without a drawing is still a page
        log.exception("roll_not_drawn", composition=str(composition.pk))
        return None


def change_rolls_or_none(generation: Generation, output: Composition) -> tuple[Roll, Roll] | None:
    """Return the rolls before and after a generation, or None while a file cannot be read."""
    try:
        return change_rolls_at(generation.input_key, output.midi_key)
    except StorageUnavailable:
        log.exception("rolls_not_drawn", generation=str(generation.pk))
        return None
