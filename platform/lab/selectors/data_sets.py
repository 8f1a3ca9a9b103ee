"""Whose data sets are there, and what is in them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import User
from lab.models import DataFile, DataSet
from lab.recipes import TRAINABLE_STYLES
from lab.wording import Kind, Source


def data_sets_of(person: User) -> QuerySet[DataSet]:
    """Return somebody's data sets, the last one first."""
    return DataSet.objects.filter(owner=person).order_by("-created_at", "-pk")


def files_of(data_set: DataSet) -> QuerySet[DataFile]:
    """Return the files of a data set by name, the refused ones included."""
    return data_set.files.order_by("name")


def kinds_for(data_set: DataSet) -> list[Kind]:
    """Return the kinds of model that can be trained on a data set."""
    if data_set.source != Source.STYLE:
        sides = ("train",) if data_set.survey["taken"] == 1 else ("train", "valid")
        for_gan = all(data_set.survey[f"{side}_accompanied"] for side in sides)
        return [kind for kind in Kind if for_gan or kind != Kind.GAN]
    return [kind for kind in Kind if data_set.style in TRAINABLE_STYLES[kind]]


def keys_in_use(keys: Iterable[str]) -> set[str]:
    """Return which of some stored files a data set needs."""
    return set(DataFile.objects.filter(midi_key__in=keys).values_list("midi_key", flat=True))
