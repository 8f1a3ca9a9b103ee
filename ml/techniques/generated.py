"""What a technique gives back: the new song and the events that lead to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ml.music import Notes, Song, Track

Progress = Callable[[float, str], None]
"""Called with the share of the work that is done, 0 to 1, and a word on it."""

Cancelled = Callable[[], bool]
"""Asked between steps: true ends the work with `GenerationCancelled`."""

EventKind = Literal["add", "remove", "move"]


@dataclass(frozen=True, slots=True, order=True)
class EditedNote:
    """A note of one track: ticks of 1/480 beat, pitch 0-127, velocity 1-127."""

    start: int
    pitch: int
    duration: int
    velocity: int


@dataclass(frozen=True, slots=True)
class EditEvent:
    """One step of the editor: `before` became `after` in track number `track`.

    An added note has no `before`, a removed one no `after`; a moved one changes its pitch, its
    start or its length. `log_odds` says how much likelier the model found the piece's cell after
    the event than before it (natural logarithm), `iteration` counts from 1.
    """

    kind: EventKind
    track: int
    before: EditedNote | None
    after: EditedNote | None
    log_odds: float
    iteration: int

    def as_dict(self) -> dict[str, Any]:
        """Return the event as JSON values; `from_dict` reads it back."""
        return {
            "kind": self.kind,
            "track": self.track,
            "before": _note_as_dict(self.before),
            "after": _note_as_dict(self.after),
            "log_odds": round(self.log_odds, 4),
            "iteration": self.iteration,
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> EditEvent:
        """Return the event that `as_dict` wrote."""
        before, after = (row[n] and EditedNote(**row[n]) for n in ("before", "after"))
        return cls(row["kind"], row["track"], before, after, row["log_odds"], row["iteration"])


def _note_as_dict(note: EditedNote | None) -> dict[str, int] | None:
    if note is None:
        return None
    return {"start": note.start, "pitch": note.pitch, "duration": note.duration,
            "velocity": note.velocity}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Generated:
    """The outcome of a technique.

    `events` is the editor's ordered list (empty for the other techniques); replaying it on the
    input gives `song`. `details` are JSON values worth showing, such as the style that was chosen.
    """

    song: Song
    notes_in: int
    added: int
    removed: int
    events: tuple[EditEvent, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def notes_out(self) -> int:
        """Number of notes of the result."""
        return self.song.n_notes


def generated(
    before: Song, after: Song, *, events: Sequence[EditEvent] = (), **details: Any
) -> Generated:
    """Return the outcome, with the notes that were added and removed counted.

    A moved note is neither: with events they are counted, without them the songs are compared
    track by track.
    """
    if events:
        kinds = Counter(event.kind for event in events)
        added, removed = kinds["add"], kinds["remove"]
    else:
        was, is_now = _rows(before), _rows(after)
        added, removed = (is_now - was).total(), (was - is_now).total()
    return Generated(after, before.n_notes, added, removed, tuple(events), details)


def _rows(song: Song) -> Counter[tuple[int, int, int, int]]:
    return Counter(
        (index, *row)
        for index, t in enumerate(song.tracks)
        for row in zip(
            t.notes.start.tolist(), t.notes.pitch.tolist(), t.notes.duration.tolist(), strict=True
        )
    )


def replay(song: Song, events: Iterable[EditEvent]) -> Song:
    """Return `song` after the events, in their order. The song itself stays as it is.

    :raises ValueError: if an event touches a note that is not there, or adds one that is
    """
    tracks = [_notes_of(track) for track in song.tracks]
    for event in events:
        notes = tracks[event.track]
        if event.before is not None:
            if event.before not in notes:
                raise ValueError(f"There is no note {event.before} in track {event.track}.")
            notes.discard(event.before)
        if event.after is not None:
            if event.after in notes:
                raise ValueError(f"The note {event.after} is in track {event.track} already.")
            notes.add(event.after)
    return Song(
        tuple(
            t.with_notes(_as_notes(notes))
            for t, notes in zip(song.tracks, tracks, strict=True)
        ),
        song.tempos, song.time_signatures, song.key_signatures,
    )  # fmt: skip


def _notes_of(track: Track) -> set[EditedNote]:
    n = track.notes
    columns = (n.start.tolist(), n.pitch.tolist(), n.duration.tolist(), n.velocity.tolist())
    return {EditedNote(*row) for row in zip(*columns, strict=True)}


def _as_notes(notes: set[EditedNote]) -> Notes:
    rows = sorted(notes)
    columns = [[getattr(note, name) for note in rows]
               for name in ("pitch", "start", "duration", "velocity")]  # fmt: skip
    return Notes.tidy(*(np.array(column, dtype=np.int64) for column in columns))
