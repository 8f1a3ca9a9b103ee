"""What the pages of the Lab share."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.models import User
from lab.evolution import Evolution
from lab.models import CustomModel, DataSet, TrainingRun
from lab.selectors.data_sets import data_sets_of
from lab.selectors.models import models_of, models_open_to
from lab.selectors.runs import runs_of

LONGEST_NUMBER = 9


def number_in(request: HttpRequest, name: str) -> int | None:
    """Return a whole number from the page's query, or None where there is none."""
    text = request.GET.get(name, "")
    if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER:
        return int(text)
    return None


def viewer_of(request: HttpRequest) -> User | None:
    """Return the signed-in person, or None for a guest."""
    return request.user if isinstance(request.user, User) else None


def _member(request: HttpRequest) -> User:
    viewer = viewer_of(request)
    if viewer is None:
        raise Http404
    return viewer


def data_set_or_404(request: HttpRequest, pk: UUID) -> DataSet:
    """Return the viewer's own data set; another's is not found."""
    return get_object_or_404(data_sets_of(_member(request)), pk=pk)


def run_or_404(request: HttpRequest, pk: UUID) -> TrainingRun:
    """Return the viewer's own run; another's is not found."""
    return get_object_or_404(runs_of(_member(request)), pk=pk)


def own_model_or_404(request: HttpRequest, pk: UUID) -> CustomModel:
    """Return the viewer's own model; another's is not found."""
    return get_object_or_404(models_of(_member(request)), pk=pk)


def model_or_404(request: HttpRequest, pk: UUID) -> CustomModel:
    """Return a model that the viewer may see; another's is not found."""
    return get_object_or_404(models_open_to(viewer_of(request)), pk=pk)


def run_heard_or_404(request: HttpRequest, pk: UUID) -> TrainingRun:
    """Return a run that the viewer may hear: their own, or that of a model they may see."""
    viewer = viewer_of(request)
    own = runs_of(viewer).filter(pk=pk).first() if viewer else None
    if own is not None:
        return own
    return get_object_or_404(TrainingRun, model__in=models_open_to(viewer), pk=pk)


def sample_response(evolution: Evolution, iteration: int, melody: int) -> HttpResponse:
    """Return a sample as a MIDI file; what does not exist is not found."""
    song = evolution.song(iteration, melody)
    if song is None:
        raise Http404
    name = f"iteration-{iteration}-melody-{melody + 1}.mid"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(song.to_midi(), content_type="audio/midi", headers=headers)


def film_response(film: bytes, name: str) -> HttpResponse:
    """Return a film as a WebM file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.webm"'}
    return HttpResponse(film, content_type="video/webm", headers=headers)
