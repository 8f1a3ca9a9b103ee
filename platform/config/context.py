"""What every page may use besides its own view's context."""

from django.conf import settings
from django.http import HttpRequest

THEMES = ("light", "dark", "auto")


def site(request: HttpRequest) -> dict[str, object]:
    """Return the site's name, the visitor's theme and whether they organize."""
    theme = request.COOKIES.get("theme", "auto")
    user = getattr(request, "user", None)
    return {
        "site_name": settings.SITE_NAME,
        "theme": theme if theme in THEMES else "auto",
        "is_organizer": bool(user and user.is_authenticated and user.is_organizer),
    }
