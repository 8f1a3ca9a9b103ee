"""Hearing a model at once, on a melody that everybody knows."""

from datetime import datetime

from lab.models import CustomModel
from ml.data.melodies import MELODIES, to_song
from studio.holders import Holder
from studio.models import Composition, Generation
from studio.selectors.compositions import compositions_of
from studio.services.compositions import create_composition
from studio.services.generations import Wish, request_generation

TUNE = next(melody for melody in MELODIES if melody.title.startswith("Twinkle"))


def try_on_melody(*, model: CustomModel, owner: Holder, now: datetime, key: str = "") -> Generation:
    """Keep the melody among somebody's compositions, once, and ask the model for its part.

    :raises TechniqueUnavailable: if the model's weights are missing or damaged
    :raises TooManyGenerations: if the owner has as many under way as one person may
    :raises TooManyCompositions: if the owner could not keep the result
    """
    wish = Wish(technique=model.technique, model=model.own_name)
    return request_generation(
        composition=_tune_of(owner, now),
        owner=owner,
        wish=wish,
        now=now,
        idempotency_key=key or None,
    )


def _tune_of(owner: Holder, now: datetime) -> Composition:
    kept = compositions_of(owner).filter(title=TUNE.title, version=1, generation=None).first()
    if kept is not None:
        return kept
    return create_composition(
        owner=owner, upload=to_song(TUNE).to_midi(), title=TUNE.title, now=now
    )
