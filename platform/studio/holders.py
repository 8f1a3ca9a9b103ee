"""Who may hold music: a person, or a guest without an account."""

from typing import TypeAlias, TypedDict

from django.db.models import Q

from accounts.models import User
from studio.models import Guest

Holder: TypeAlias = User | Guest


class Columns(TypedDict):
    """The two columns of a row that say whose it is."""

    owner: User | None
    guest: Guest | None


def columns(holder: Holder) -> Columns:
    """Return what a row of this holder stores."""
    if isinstance(holder, Guest):
        return {"owner": None, "guest": holder}
    return {"owner": holder, "guest": None}


def held_by(holder: Holder | None) -> Q:
    """Return the condition that a row is this holder's; nobody holds nothing."""
    if holder is None:
        return Q(pk__in=())
    return Q(guest=holder) if isinstance(holder, Guest) else Q(owner=holder)


def person_behind(holder: Holder) -> User | None:
    """Return the person, or None for a guest."""
    return None if isinstance(holder, Guest) else holder


def lock_holder(holder: Holder) -> Holder:
    """Make the requests of one holder wait for each other until the transaction ends.

    Return whom new rows belong to: a guest who was adopted meanwhile is that person.
    """
    if isinstance(holder, Guest):
        guest = Guest.objects.select_for_update(no_key=True, of=("self",)).get(pk=holder.pk)
        if guest.adopted_by is None:
            return guest
        holder = guest.adopted_by
    User.objects.select_for_update().get(pk=holder.pk)
    return holder
