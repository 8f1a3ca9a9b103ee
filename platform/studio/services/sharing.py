"""Showing a composition to whoever has its link."""

import secrets
from datetime import datetime

from django.db import transaction

from studio.links import digest_of
from studio.models import Composition, ShareLink

TOKEN_BYTES = 16


@transaction.atomic
def share(*, composition: Composition, may_download: bool, now: datetime) -> tuple[ShareLink, bool]:
    """Return the composition's link, made if there is none, and whether it was made.

    The link stays the same while it stands; `may_download` says whether its visitors may have the
    file as well.
    """
    Composition.objects.select_for_update().get(pk=composition.pk)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return ShareLink.objects.update_or_create(
        composition=composition,
        defaults={"may_download": may_download},
        create_defaults={
            "token": token,
            "digest": digest_of(token),
            "may_download": may_download,
            "created_at": now,
        },
    )


def stop_sharing(*, composition: Composition) -> None:
    """End a composition's link for good: a later one has another address."""
    ShareLink.objects.filter(composition=composition).delete()
