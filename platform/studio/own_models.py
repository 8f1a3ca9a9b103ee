"""Models that people trained, as the Studio sees them: told by whatever app keeps them.

The Studio imports no other app for this. One that keeps models registers a source when it starts,
and generations name such a model `own:<id>`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from studio.holders import Holder

PREFIX = "own:"


@dataclass(frozen=True, slots=True)
class OwnModel:
    """A model that somebody may use.

    `weights` is the file's name among models (such as `gan_unet`); the file and its card lie in
    the file store under `key` and `card_key`. `fixed` are parameters that the model decides.
    `api_path` is its resource's path.
    """

    name: str
    title: str
    technique: str
    weights: str
    sha256: str
    key: str
    card_key: str
    api_path: str
    is_mine: bool
    fixed: Mapping[str, Any] = field(default_factory=dict)


class Source(Protocol):
    """An app that keeps models."""

    def offered(self, holder: Holder | None) -> Sequence[OwnModel]:
        """Return the models that somebody is offered, their own first."""

    def found(self, holder: Holder | None, name: str) -> OwnModel | None:
        """Return the model called `name` if this person or guest may use it."""


_sources: list[Source] = []


def register(source: Source) -> None:
    """Have `source` asked for models."""
    if source not in _sources:
        _sources.append(source)


def is_own(name: str | None) -> bool:
    """Return whether a name is that of a model that somebody trained."""
    return bool(name) and str(name).startswith(PREFIX)


def own_models_in(steps: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the titles of the models of people's own in a lineage, each once.

    >>> own_models_in([{"model": "gan_unet"}, {"model": "own:1", "model_title": "Mine"}])
    ('Mine',)
    """
    titles = [
        str(step.get("model_title") or step["model"]) for step in steps if is_own(step.get("model"))
    ]
    return tuple(dict.fromkeys(titles))


def offered(holder: Holder | None) -> list[OwnModel]:
    """Return the models that somebody is offered beside the site's own."""
    return [model for source in _sources for model in source.offered(holder)]


def found(holder: Holder | None, name: str) -> OwnModel | None:
    """Return the model called `name` if this person or guest may use it, else None."""
    return next((m for source in _sources if (m := source.found(holder, name))), None)
