"""Hearing and keeping the sound of compositions, and what every page with a player shares."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import UNPROCESSABLE
from studio.downloads import audio_response
from studio.errors import SoundLost, StorageUnavailable
from studio.models import AudioFormat, Composition
from studio.selectors.renderings import Hearing, SoundState
from studio.services.renderings import hear, remake
from studio.views.common import composition_or_404

STATUS = {SoundState.MAKING: 202, SoundState.UNAVAILABLE: 503, SoundState.TOO_LONG: UNPROCESSABLE}
LOOK_AGAIN_AFTER = {SoundState.MAKING: 3, SoundState.UNAVAILABLE: 300}  # seconds


def sound_response(
    request: HttpRequest, hearing: Hearing, title: str, *, as_attachment: bool = False
) -> HttpResponseBase:
    """Return the sound of a piece, or a page that says why there is none (202, 422 or 503)."""
    if hearing.rendering is not None and hearing.is_ready:
        try:
            return audio_response(request, hearing.rendering, title, as_attachment=as_attachment)
        except SoundLost as lost:
            made = remake(rendering=hearing.rendering, now=timezone.now())
            hearing = Hearing(SoundState.MAKING, str(lost), made)
        except StorageUnavailable as error:
            hearing = Hearing(SoundState.UNAVAILABLE, str(error), hearing.rendering)
    page = render(
        request,
        "studio/no_sound.html",
        {"hearing": hearing, "title": title},
        status=STATUS[hearing.state],
    )
    if hearing.state in LOOK_AGAIN_AFTER:
        page["Retry-After"] = str(LOOK_AGAIN_AFTER[hearing.state])
    if not hearing.is_final:
        page["Refresh"] = str(LOOK_AGAIN_AFTER[hearing.state])
    page["Cache-Control"] = "no-store"
    return page


def player_of(composition: Composition) -> dict[str, Any]:
    """Return what `components/player.html` shows of a composition."""
    where = {"pk": composition.pk}
    return {
        "title": composition.title,
        "hearing": hear(composition, now=timezone.now(), owner=composition.owner),
        "audio_url": reverse("composition-audio", kwargs=where),
        "poll_url": reverse("composition-player", kwargs=where),
        "wav_url": reverse("composition-wav", kwargs=where),
        "midi_url": reverse("composition-midi", kwargs=where),
    }


@require_safe
def composition_audio(
    request: HttpRequest, pk: UUID, audio_format: AudioFormat = AudioFormat.MP3
) -> HttpResponseBase:
    """Send a composition's sound to its owner: MP3 to play here, WAV to keep."""
    composition = composition_or_404(request, pk)
    hearing = hear(
        composition, now=timezone.now(), audio_format=audio_format, owner=composition.owner
    )
    keep = audio_format == AudioFormat.WAV
    return sound_response(request, hearing, composition.title, as_attachment=keep)


@require_safe
@never_cache
def composition_player(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show only the player, for the page that asks until the sound is there."""
    context = player_of(composition_or_404(request, pk))
    return render(request, "components/player.html", {"player": context})
