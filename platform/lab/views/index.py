"""`/lab/`: what the Lab is, and what somebody has in it."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.pages import person_of, plays_instruments
from lab import examples
from lab.pictures import playing_of
from lab.quotas import budget_of
from lab.selectors.data_sets import data_sets_of
from lab.selectors.models import models_of, public_models
from lab.selectors.runs import runs_of
from lab.views.common import viewer_of

SHOWN = 20
EXAMPLE = "unet"


@require_safe
@never_cache
@plays_instruments
def index(request: HttpRequest) -> HttpResponse:
    """Show the Lab: to guests what it is, to members what they have in it."""
    viewer = viewer_of(request)
    context: dict[str, Any] = {
        "public": public_models()[:SHOWN],
        "free_minutes": settings.LAB_CPU_MINUTES,
        **(_own(viewer) if viewer else {}),
    }
    if not context.get("runs"):
        url_of = partial(examples.sample_url, EXAMPLE)
        evolution = examples.evolution(EXAMPLE)
        context["playing"] = playing_of(evolution, url_of, at=None, melody=0)
    return render(request, "lab/index.html", context)


@require_safe
@never_cache
@login_required
def runs_live(request: HttpRequest) -> HttpResponse:
    """Show only the viewer's runs, for the page that asks again and again."""
    return render(request, "lab/_runs.html", _runs(person_of(request)))


def _own(viewer: User) -> dict[str, Any]:
    return {
        "data_sets": data_sets_of(viewer)[:SHOWN],
        "models": models_of(viewer)[:SHOWN],
        "budget": budget_of(viewer, timezone.now()),
        **_runs(viewer),
    }


def _runs(viewer: User) -> dict[str, Any]:
    runs = list(runs_of(viewer)[:SHOWN])
    return {"runs": runs, "is_live": any(run.is_under_way for run in runs)}
