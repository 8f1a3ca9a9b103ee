"""What a stored run shows: its curves, its samples and its held-out reference."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from lab.evolution import Evolution, evolution_of
from lab.measures import MUSICAL
from lab.models import Point, Sample, TrainingRun
from lab.pictures import Curves, Playing, curves_of, playing_of
from lab.selectors.runs import points_of, samples_of


def newest_of(run: TrainingRun) -> tuple[int, int]:
    """Return the iterations of a run's last point and last sample; -1 where there is none."""
    point = Point.objects.filter(run=run).order_by("-iteration").first()
    sample = Sample.objects.filter(run=run).order_by("-iteration").only("iteration").first()
    return (point.iteration if point else -1), (sample.iteration if sample else -1)


def held_out_of(card: Mapping[str, Any]) -> dict[str, Sequence[float]]:
    """Return where held-out music lies, by measure, from a card or what a run knows so far."""
    watched = card.get("watched_data") or {}
    found: dict[str, Sequence[float]] = {}
    for name in MUSICAL:
        value = watched.get(name)
        if isinstance(value, int | float):
            found[name] = (value, value)
        elif isinstance(value, list | tuple) and len(value) == 2:
            found[name] = (value[0], value[1])
    return found


def _reference_of(run: TrainingRun) -> Mapping[str, Any]:
    found = getattr(run, "reference", None)
    if found:
        return dict(found)
    model = getattr(run, "model", None)
    return dict(model.card) if model else {}


def curves_of_run(run: TrainingRun) -> Curves:
    """Return a run's curves as far as they are known."""
    return curves_of(points_of(run), run.kind, held_out_of(_reference_of(run)))


def evolution_of_run(run: TrainingRun) -> Evolution:
    """Return what a run played so far; the first sample has the melodies."""
    kept = samples_of(run)
    melodies = next((s["melodies"] for s in kept if s.get("melodies")), [])
    return evolution_of({"melodies": melodies, "samples": kept})


def playing_of_run(run: TrainingRun, *, at: int | None, melody: int) -> Playing | None:
    """Return a run's samples for a page, or None while there are none."""

    def url_of(iteration: int, number: int) -> str:
        return reverse("lab-sample", args=[run.pk, iteration, number])

    return playing_of(evolution_of_run(run), url_of, at=at, melody=melody)
