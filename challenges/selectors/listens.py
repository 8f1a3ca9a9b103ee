"""Who heard what."""

from challenges.models import Entry, Listen
from challenges.selectors.visibility import Viewer


def listen_count(entry: Entry) -> int:
    """Return how often an entry was heard, each listener counted once a day."""
    return Listen.objects.filter(entry=entry).count()


def has_listened(person: Viewer, entry: Entry) -> bool:
    """Tell whether a signed-in person ever heard enough of an entry; nobody else can be known."""
    return person.is_authenticated and Listen.objects.filter(entry=entry, person=person.pk).exists()
