"""Which models there are, for whom, and which of their files are needed."""

from collections.abc import Collection

from django.db.models import QuerySet

from accounts.models import User
from lab.models import CustomModel, TrainingRun


def models_of(person: User) -> QuerySet[CustomModel]:
    """Return the models that somebody trained and keeps, the last one first."""
    return _newest_first(CustomModel.objects.kept().filter(owner=person))


def public_models() -> QuerySet[CustomModel]:
    """Return the models that everybody may find, the last one first."""
    return _newest_first(CustomModel.objects.public())


def models_open_to(person: User | None) -> QuerySet[CustomModel]:
    """Return the models that somebody may see and use if they know the address."""
    return _newest_first(CustomModel.objects.open_to(person))


def _newest_first(models: QuerySet[CustomModel]) -> QuerySet[CustomModel]:
    return models.select_related("owner", "run").order_by("-created_at", "-pk")


def keys_in_use(keys: Collection[str]) -> set[str]:
    """Return which of some stored files a model or a run that may go on needs."""
    kept = CustomModel.objects.kept()
    found = set(kept.filter(weights_key__in=keys).values_list("weights_key", flat=True))
    found |= set(kept.filter(card_key__in=keys).values_list("card_key", flat=True))
    runs = TrainingRun.objects.filter(checkpoint_key__in=keys)
    return found | set(runs.values_list("checkpoint_key", flat=True))
