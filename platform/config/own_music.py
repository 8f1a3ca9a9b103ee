"""Where lessons find what visitors keep in the Studio: the two apps know nothing of each other."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest

from learning.own_music import Asker, OwnPiece
from ml.music import Song
from studio.files import song_at
from studio.guests import GENERATIONS, holder_of, holder_who_keeps
from studio.holders import person_behind
from studio.models import Guest
from studio.selectors.compositions import compositions_of

SHOWN = 30


class StudioShelf:
    """A person's or guest's compositions; guests are counted as in the Studio."""

    def pieces(self, request: HttpRequest) -> Sequence[OwnPiece]:
        """Return the visitor's newest compositions."""
        found = compositions_of(holder_of(request)).values_list("pk", "title")[:SHOWN]
        return [OwnPiece(str(pk), title) for pk, title in found]

    def song(self, request: HttpRequest, key: str) -> Song | None:
        """Return a composition as it is now."""
        try:
            pk = UUID(key)
        except ValueError:
            return None
        row = compositions_of(holder_of(request)).filter(pk=pk).first()
        return song_at(row.midi_key) if row else None

    def asker(self, request: HttpRequest) -> Asker:
        """Return the person, or the guest that the browser's session names or now begins to."""
        holder = holder_who_keeps(request, scope=GENERATIONS)
        share = holder.share if isinstance(holder, Guest) else ""
        return Asker(person_behind(holder), share)
