"""`/lab/metrics/`: what the measures hear in Bach, in shuffled Bach, in silence and in noise."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.pages import plays_instruments
from lab.controls import HEARD, KINDS, heard, kinds, missed, sentence, told_apart
from lab.evolution import NARROW, Frame
from lab.pictures import Shown
from ml.music import Song
from ml.music.drawing import Scale, draw, layers_of, scale_of


@require_safe
@plays_instruments
def metrics(request: HttpRequest) -> HttpResponse:
    """Show that the plotted measures tell real music from what only looks like it."""
    context = {
        "heard": _heard(),
        "kinds": [KINDS[kind] for kind in kinds()],
        "measures": told_apart(),
        "sentence": sentence(),
        "missed": missed(),
    }
    return render(request, "lab/metrics.html", context)


def _heard() -> list[tuple[str, Shown | None]]:
    """Return the kinds of music to hear, all drawn on one scale; silence has no drawing."""
    songs = {kind: heard(kind) for kind in HEARD}
    scale = replace(scale_of(*(song for song in songs.values() if song)), room=NARROW)
    return [
        (str(KINDS[kind]), None if song is None else _shown(kind, song, scale))
        for kind, song in songs.items()
    ]


def _shown(kind: str, song: Song, scale: Scale) -> Shown:
    frame = Frame(0, draw(song, layers_of(song), scale), song.n_notes)
    return Shown(frame, reverse("lab-control", args=[kind]), str(KINDS[kind]))


@require_safe
def control(request: HttpRequest, kind: str) -> HttpResponse:
    """Send four bars of a kind of music as a MIDI file."""
    song = heard(kind) if kind in HEARD else None
    if song is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{kind}.mid"'}
    return HttpResponse(song.to_midi(), content_type="audio/midi", headers=headers)
