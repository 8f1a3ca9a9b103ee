"""The one clock that deadlines are judged by."""

import time
from datetime import datetime, timedelta

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone


def database_now() -> datetime:
    """Return the time by the database's clock, so that several web servers cannot disagree."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment


def upload_began(request: HttpRequest) -> datetime:
    """Return when the server began to receive this request, by the database's clock."""
    waited = time.monotonic() - getattr(request, "began", time.monotonic())
    return database_now() - timedelta(seconds=waited)
