"""How long what was deleted is kept. Pure arithmetic over the settings."""

from datetime import datetime, timedelta

from django.conf import settings


def restorable_since(now: datetime) -> datetime:
    """Return the moment from which on what was deleted can still be brought back."""
    return now - timedelta(days=settings.DELETED_DAYS)
