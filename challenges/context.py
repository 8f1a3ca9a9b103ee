"""What every page may say about rounds."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from challenges.selectors.rounds import current_round as find_current_round


def current_round(request: HttpRequest) -> dict[str, object]:
    """Return the round to point at, found only if a page asks for it."""
    return {"current_round": SimpleLazyObject(lambda: find_current_round(timezone.now()))}
