"""Music in the file store: canonical MIDI files under the hash of their bytes."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from ml.music import Song, music_hash, read_canonical
from ml.music.changes import change_rolls
from ml.music.drawing import Roll, Shape, roll_of
from ml.music.thumbnail import thumbnail_of
from studio.errors import StorageUnavailable
from studio.models import DiscardedFile


@dataclass(frozen=True, slots=True)
class StoredSong:
    """A song whose canonical bytes lie safely under `key`."""

    song: Song
    midi: bytes
    sha256: str
    key: str

    def facts(self) -> dict[str, Any]:
        """Return what a row says about its file, by the names of its columns."""
        return {
            "midi_key": self.key,
            "midi_sha256": self.sha256,
            "midi_size": len(self.midi),
            "music_hash": music_hash(self.song),
            "seconds": self.song.duration_seconds,
            "n_notes": self.song.n_notes,
            "n_tracks": len(self.song.tracks),
        }


def store_song(song: Song) -> StoredSong:
    """Store a song's canonical bytes under their own hash, once.

    :raises StorageUnavailable: if they could not be stored
    """
    midi = song.to_midi()
    digest = hashlib.sha256(midi).hexdigest()
    key = f"midi/{digest[:2]}/{digest}.mid"
    store_bytes(key, midi)
    return StoredSong(song, midi, digest, key)


def store_bytes(key: str, content: bytes) -> None:
    """Store bytes under a key that nothing else is ever stored under.

    :raises StorageUnavailable: if they could not be stored
    """
    # A file that was about to be removed stays; see `studio.services.discarding`.
    if DiscardedFile.objects.filter(key=key).exists():
        DiscardedFile.objects.filter(key=key).delete()
    try:
        if not default_storage.exists(key):
            default_storage.save(key, ContentFile(content))
    except Exception as error:  # any backend's own errors: a full disk, an unreachable bucket
        raise StorageUnavailable(
            _(
                "Your piece could not be stored just now, and nothing was recorded. Try "
                "again in a minute."
            )
        ) from error


def store_file(key: str, path: Path) -> None:
    """Store a file under a key that nothing else is ever stored under.

    :raises StorageUnavailable: if it could not be stored
    """
    try:
        if not default_storage.exists(key):
            with path.open("rb") as file:
                default_storage.save(key, File(file))
    except Exception as error:  # any backend's own errors: a full disk, an unreachable bucket
        raise StorageUnavailable(_("The file could not be stored just now.")) from error


def bytes_at(key: str) -> bytes:
    """Return a file's bytes.

    :raises StorageUnavailable: if the file store does not answer, or lost the file
    """
    try:
        with default_storage.open(key) as file:
            content: bytes = file.read()
    except Exception as error:  # any backend's own errors
        raise StorageUnavailable(_("The file cannot be read just now. Try again soon.")) from error
    return content


def song_at(key: str) -> Song:
    """Return the song in a canonical file.

    :raises StorageUnavailable: if the file store does not answer, or lost the file
    """
    return read_canonical(bytes_at(key))


# A key names its content by hash, so what is kept in memory here can never be stale.


@lru_cache(maxsize=32)
def roll_at(key: str) -> Roll:
    """Return the piano roll of a stored song.

    :raises StorageUnavailable: if its file cannot be read
    """
    return roll_of(song_at(key))


@lru_cache(maxsize=2048)
def thumbnail_at(key: str) -> tuple[Shape, ...]:
    """Return the small drawing of a stored song.

    :raises StorageUnavailable: if its file cannot be read
    """
    return thumbnail_of(song_at(key))


@lru_cache(maxsize=32)
def change_rolls_at(before: str, after: str) -> tuple[Roll, Roll]:
    """Return the piano rolls of two stored songs, with what changed between them marked.

    :raises StorageUnavailable: if one of the files cannot be read
    """
    return change_rolls(song_at(before), song_at(after))
