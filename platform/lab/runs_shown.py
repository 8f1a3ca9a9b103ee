"""What a stored run shows: its curves, its samples and its held-out reference."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from lab.evolution import Evolution, evolution_of
from lab.measures import MUSICAL
from lab.models import Point, Sample, TrainingRun
from lab.pictures import Curves, Playing, curves_of, playing_of
from lab.selectors.runs import points_of, samples_of
from ml.music.evolution import film


def newest_of(run: TrainingRun) -> tuple[int, int]:
    """Return the iterations of a run's last point and last sample; -1 where there is none."""
    point = Point.objects.filter(run=run).order_by("-iteration").first()
    sample = Sample.objects.filter(run=run).order_by("-iteration").only("iteration").first()
    return (point.iteration if point else -1), (sample.iteration if sample else -1)


def held_out_of(card: Mapping[str, Any]) -> dict[str, Sequence[float]]:
    """Return where held-out music lies, by measure, as a card tells it."""
    return limits_of(card.get("held_out") or card.get("watched_data") or {})


def limits_of(reference: Mapping[str, Any]) -> dict[str, Sequence[float]]:
    """Return the lowest and highest value of each measure that counts as real music.

    >>> limits_of({"dissonant": {"value": 0.1, "low": 0.09, "high": 0.12}, "eighths": 0.9})
    {'eighths': (0.9, 0.9), 'dissonant': (0.09, 0.12)}
    """
    found: dict[str, Sequence[float]] = {}
    for name in MUSICAL:
        value = reference.get(name)
        if isinstance(value, int | float):
            found[name] = (value, value)
        elif isinstance(value, Mapping):
            found[name] = (value["low"], value["high"])
    return found


def _held_out(run: TrainingRun) -> dict[str, Sequence[float]]:
    """Return the reference of a run: what its worker told, or what its model's card says."""
    if run.held_out:
        return limits_of(run.held_out)
    model = getattr(run, "model", None)
    return held_out_of(model.card) if model else {}


def curves_of_run(run: TrainingRun) -> Curves:
    """Return a run's curves as far as they are known."""
    return curves_of(points_of(run), run.kind, _held_out(run))


def curves_of_card(card: Mapping[str, Any], kind: str) -> Curves:
    """Return the curves that a model's card keeps."""
    return curves_of(card.get("curves") or [], kind, held_out_of(card))


def evolution_of_run(run: TrainingRun) -> Evolution:
    """Return what a run played so far; the first sample has the melodies."""
    kept = samples_of(run)
    melodies: list[Any] = next((s["melodies"] for s in kept if s.get("melodies")), [])
    return evolution_of({"melodies": melodies, "samples": kept})


def playing_of_run(run: TrainingRun, *, at: int | None, melody: int) -> Playing | None:
    """Return a run's samples for a page, or None while there are none."""

    def url_of(iteration: int, number: int) -> str:
        return reverse("lab-sample", args=[run.pk, iteration, number])

    return playing_of(evolution_of_run(run), url_of, kind=run.kind, at=at, melody=melody)


def film_of_run(run: TrainingRun) -> bytes | None:
    """Return the samples of a run as a WebM film, or None while there are none."""
    kept = samples_of(run)
    melodies: list[Any] = next((s["melodies"] for s in kept if s.get("melodies")), [])
    title = str(run.data.get("name", ""))
    return film(kept, melodies=melodies, points=points_of(run), title=title) if kept else None
