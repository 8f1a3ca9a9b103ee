"""How much a person may keep to train on."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from lab.errors import NothingToTrainOn, TooManyDataSets, TooManyFiles
from lab.models import DataSet


def lock_person(owner: User) -> None:
    """Make the requests of one person wait for each other until the transaction ends."""
    User.objects.select_for_update().get(pk=owner.pk)


def require_room(owner: User) -> None:
    """Check that a person may keep one more data set.

    :raises TooManyDataSets: if they keep as many as they may
    """
    limit = settings.LAB_DATA_SETS
    if DataSet.objects.filter(owner=owner).count() >= limit:
        raise TooManyDataSets(
            _("You keep %(limit)d data sets, which is as many as one person may. Delete some that "
              "you do not need.") % {"limit": limit}
        )  # fmt: skip


def require_few(count: int, size: int = 0) -> None:
    """Check that a data set may have so many files of so many bytes together.

    :raises NothingToTrainOn: if there is none
    :raises TooManyFiles: if they are more, or larger, than a data set may be
    """
    if count == 0:
        raise NothingToTrainOn(_("Choose at least one piece."))
    if count > settings.LAB_FILES:
        raise TooManyFiles(
            _("These are %(count)d files; a data set may have %(limit)d. Choose fewer.")
            % {"count": count, "limit": settings.LAB_FILES}
        )
    if size > settings.LAB_BYTES:
        raise TooManyFiles(
            _("These files are larger than %(limit)d MiB together. Make two data sets of them.")
            % {"limit": settings.LAB_BYTES // 2**20}
        )


def distinct(names: Iterable[str]) -> list[str]:
    """Return names that differ: what comes again gets a number.

    >>> distinct(["a.mid", "b.mid", "a.mid"])
    ['a.mid', 'b.mid', 'a (2).mid']
    """
    taken: set[str] = set()
    found: list[str] = []
    for name in names:
        found.append(_free(name, taken.__contains__))
        taken.add(found[-1])
    return found


def _free(name: str, is_taken: Callable[[str], bool]) -> str:
    stem, dot, ending = name.rpartition(".")
    base, tail = (stem, dot + ending) if stem else (name, "")
    number, free = 1, name
    while is_taken(free):
        number += 1
        free = f"{base} ({number}){tail}"
    return free
