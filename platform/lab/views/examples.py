"""`/lab/example/`: a finished run that everybody may look at."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.pages import plays_instruments
from lab import examples
from lab.charts import joined_at
from lab.pictures import curves_of, playing_of
from lab.runs_shown import held_out_of
from lab.views.common import film_response, number_in, sample_response


@require_safe
@plays_instruments
def example(request: HttpRequest, algorithm: str = "unet") -> HttpResponse:
    """Show the run that made a shipped GAN."""
    if algorithm not in examples.NAMES:
        raise Http404
    return render(request, "lab/example.html", _context(request, algorithm))


@require_safe
def example_sample(
    request: HttpRequest, algorithm: str, iteration: int, melody: int
) -> HttpResponse:
    """Send what a shipped GAN made of a melody at one iteration, as a MIDI file."""
    if algorithm not in examples.NAMES:
        raise Http404
    return sample_response(examples.evolution(algorithm), iteration, melody)


@require_safe
def example_film(request: HttpRequest, algorithm: str) -> HttpResponse:
    """Send a film of what a shipped GAN played while it was trained."""
    if algorithm not in examples.NAMES:
        raise Http404
    return film_response(examples.film_of(algorithm), f"gan-{algorithm}")


def _context(request: HttpRequest, algorithm: str) -> dict[str, Any]:
    card = examples.card(algorithm)
    other = next(name for name in examples.NAMES if name != algorithm)
    return {
        "name": examples.NAMES[algorithm],
        "card": card,
        "iterations": f"{card['trained']['iterations']:,}",
        "minutes": f"{card['trained']['minutes']:.0f}",
        "since": f"{joined_at(card['curves']) or 0:,.0f}",
        "curves": curves_of(card["curves"], "gan", held_out_of(card)),
        "playing": playing_of(
            examples.evolution(algorithm),
            partial(examples.sample_url, algorithm),
            at=number_in(request, "at"),
            melody=number_in(request, "melody") or 0,
        ),
        "film_url": reverse("lab-example-film", args=[algorithm]),
        "other": examples.NAMES[other],
        "other_url": reverse("lab-example", args=[other]),
    }
