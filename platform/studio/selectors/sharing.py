"""What somebody with a link may see."""

from studio.links import digest_of
from studio.models import ShareLink


def shared_by(token: str) -> ShareLink | None:
    """Return the link with this token, unless it was ended or its composition was deleted."""
    links = ShareLink.objects.select_related("composition")
    return links.filter(digest=digest_of(token), composition__deleted_at=None).first()
