"""What the pages of the Lab share."""

from django.http import HttpRequest

LONGEST_NUMBER = 9


def number_in(request: HttpRequest, name: str) -> int | None:
    """Return a whole number from the page's query, or None where there is none."""
    text = request.GET.get(name, "")
    if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER:
        return int(text)
    return None
