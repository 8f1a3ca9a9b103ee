"""`/lab/metrics/`: what the measures hear in Bach, in shuffled Bach, in silence and in noise."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Show that the plotted measures tell real music from what only looks like it."""
    return render(request, "lab/metrics.html", {})
