"""`/lab/example/`: a finished run that everybody may look at."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lab import examples
from lab.charts import joined_at
from lab.pictures import curves_of, playing_of
from lab.views.common import number_in
from studio.views.common import plays_instruments


@require_safe
@plays_instruments
def example(request: HttpRequest, algorithm: str = "unet") -> HttpResponse:
    """Show the run that made a shipped GAN."""
    if algorithm not in examples.NAMES:
        raise Http404
    return render(request, "lab/example.html", _context(request, algorithm))


def _context(request: HttpRequest, algorithm: str) -> dict[str, Any]:
    card = examples.card(algorithm)
    other = next(name for name in examples.NAMES if name != algorithm)
    return {
        "name": examples.NAMES[algorithm],
        "card": card,
        "iterations": f"{card['trained']['iterations']:,}",
        "minutes": f"{card['trained']['minutes']:.0f}",
        "since": f"{joined_at(card['curves']) or 0:,.0f}",
        "curves": curves_of(card["curves"], "gan", examples.held_out(card)),
        "playing": playing_of(
            examples.evolution(algorithm),
            partial(examples.sample_url, algorithm),
            at=number_in(request, "at"),
            melody=number_in(request, "melody") or 0,
        ),
        "other": examples.NAMES[other],
        "other_url": reverse("lab-example", args=[other]),
    }
