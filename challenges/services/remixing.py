"""Opening a published piece in the Studio to make something else of it."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from challenges.errors import RemixNotAllowed
from challenges.licences import REMIXABLE
from challenges.models import Submission
from studio.holders import Holder
from studio.models import Composition
from studio.services.copying import Remixable, keep_remix

FILE = ("midi_key", "midi_sha256", "midi_size", "music_hash", "seconds", "n_notes", "n_tracks")


def remix(
    *, submission: Submission, holder: Holder, now: datetime, idempotency_key: str | None = None
) -> Composition:
    """Keep a composition that begins as a published piece, with its author's name and licence.

    `submission` is one that everybody may see.

    :raises RemixNotAllowed: if its author reserves all rights
    :raises TooManyCompositions: if the holder keeps as many as they may
    :raises IdempotencyConflict: if the key came with another request before
    """
    author = submission.entry.participant
    if submission.licence not in REMIXABLE:
        raise RemixNotAllowed(
            _(
                "{public_name} reserves all rights to “{title}”: it can be listened to, but "
                "not made into something else."
            ).format(public_name=author.public_name, title=submission.title)
        )
    piece = Remixable(
        title=submission.title,
        file_facts={name: getattr(submission, name) for name in FILE},
        attributions=[*submission.attributions, *_credit(submission, author, holder)],
        source=str(submission.pk),
    )
    return keep_remix(piece=piece, owner=holder, now=now, idempotency_key=idempotency_key)


def _credit(submission: Submission, author: User, holder: Holder) -> list[dict[str, str]]:
    """Return the line that names a piece as a source; nobody owes themselves one."""
    if author == holder:
        return []
    return [
        {
            "title": submission.title,
            "author": author.public_name,
            "licence": submission.licence,
            "url": submission.entry.get_absolute_url(),
        }
    ]
