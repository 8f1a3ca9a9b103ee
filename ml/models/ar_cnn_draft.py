"""The piece while it is edited: notes, what the network sees of them, caps, locks, events.

Every change is an `EditEvent` on a single note. `Draft.apply` refuses what would break a cap, a
lock or a rule, so whatever proposes events need not know them.

The caps count so that they hold however one compares the two pieces: a note of the input that is
moved counts as one removed and one added.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ml.models import ar_cnn_rules as rules
from ml.models.ar_cnn_layout import Layout, layout_of, locked_ticks, steps_within
from ml.models.ar_cnn_net import N_VOICES, REST
from ml.models.ar_cnn_rolls import LOWEST, Mask
from ml.music import Song
from ml.music.voices import STEP_TICKS, voices_of
from ml.techniques import EditedNote, EditEvent, EditParameters

LONGEST = 16  # steps of a note that is added
MAX_CHANGES = 2  # of one note
MAX_TRIES = 3  # to fill an open cell
SOFTER = 0.9  # velocity of added notes against the median of their track


@dataclass(slots=True)
class DraftNote:
    """A note in the network's grid: cells first to until of a voice, short gap after included."""

    track: int
    voice: int
    first: int
    until: int
    note: EditedNote
    added: bool
    frozen: bool
    changes: int = 0
    rows: set[int] = field(default_factory=set)  # that it has had


@dataclass(frozen=True, slots=True)
class Proposal:
    """An event that the network proposes, in grid terms.

    `note` is the place in `Draft.notes` (-1: a new note), `row` the new row (REST: remove it).
    `score` orders the proposals of one pass.
    """

    note: int
    voice: int
    first: int
    until: int
    row: int
    log_odds: float
    score: float


class Draft:
    """A song being edited. Arrays of cells have the shape (steps, V)."""

    def __init__(self, song: Song, parameters: EditParameters) -> None:
        voices = voices_of(song)
        self.song = song
        self.locked_ticks = locked_ticks(song, parameters.locked_bars)
        self.layout: Layout = layout_of(voices, steps_within(self.locked_ticks, len(voices)))
        self.position = voices.position
        self.struck = np.asarray(voices.strike.any(axis=1))
        self.cells, self.open = self.layout.cells.copy(), self.layout.open.copy()
        self.note_at = np.full(self.cells.shape, -1, dtype=np.int64)
        self.tried = np.zeros(self.cells.shape, dtype=np.int64)
        self.notes: list[DraftNote] = []
        self.events: list[EditEvent] = []
        self.remaining = [len(track.notes) for track in song.tracks]
        self._sounding: dict[tuple[int, int], list[EditedNote]] = defaultdict(list)
        self._place_notes(set(parameters.locked_notes))
        n_notes = sum(len(t.notes) for t in song.tracks if not t.is_drum)
        share = Fraction(parameters.maximum_notes_to_remove) / 100
        self.may_remove = int(share * n_notes)
        self.may_add = parameters.maximum_notes_to_add
        self.home = _homes(song, voices.tracks, self.layout.column)

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def known(self) -> Mask:
        """Which cells the network may look at."""
        return np.asarray(~(self.open | self.layout.unseen))

    def _place_notes(self, locked: set[int]) -> None:
        place = 0
        cells_of = _cells_by_note(self.layout.note)
        for number, track in enumerate(self.song.tracks):
            n = track.notes
            columns = (n.start, n.pitch, n.duration, n.velocity)
            for row in zip(*(c.tolist() for c in columns), strict=True):
                note = EditedNote(*row)
                self._sounding[number, note.pitch].append(note)
                if place in cells_of:
                    self._place(number, note, cells_of[place], place in locked)
                place += 1

    def _place(self, track: int, note: EditedNote, where: tuple[int, int, int], kept: bool) -> None:
        voice, first, until = where
        row = note.pitch + self.layout.up - LOWEST
        while (
            until < len(self)
            and self.cells[until, voice] == row
            and (self.layout.note[until, voice] < 0)
        ):
            until += 1  # the short gap that reads as held
        frozen = kept or self._is_locked(note) or bool(self.layout.unseen[first, voice])
        self.note_at[first:until, voice] = len(self.notes)
        self.notes.append(DraftNote(track, voice, first, until, note, False, frozen, 0, {row}))

    def _is_locked(self, note: EditedNote) -> bool:
        end = note.start + note.duration
        return any(note.start < until and end > first for first, until in self.locked_ticks)

    def settle_rest(self, voice: int, first: int, until: int) -> None:
        """Decide that open cells stay silent; that is no event."""
        self.open[first:until, voice] = False

    def give_up(self, voice: int, first: int, until: int) -> None:
        """Note that cells got none of their likely notes; after some tries they stay silent."""
        cells = slice(first, until)
        self.tried[cells, voice] += 1
        self.open[cells, voice] &= self.tried[cells, voice] < MAX_TRIES

    def apply(self, proposal: Proposal, iteration: int) -> bool:
        """Make the proposal's event and return true, or return false if it may not be made."""
        if proposal.note < 0:
            return self._add(proposal, iteration)
        if proposal.row == REST:
            return self._remove(proposal, iteration)
        return self._move(proposal, iteration)

    def _add(self, p: Proposal, iteration: int) -> bool:
        start = p.first * STEP_TICKS
        end = min(p.until * STEP_TICKS, self.song.end_tick)
        track = self.home[p.voice]
        if self.may_add < 1 or end <= start or track < 0:
            return False
        pitch = p.row + LOWEST - self.layout.up
        note = EditedNote(start, pitch, end - start, self._velocity(track))
        if self._is_locked(note) or not self._is_allowed(track, note, p, None):
            return False
        self.may_add -= 1
        self.remaining[track] += 1
        self.note_at[p.first : p.until, p.voice] = len(self.notes)
        self.notes.append(
            DraftNote(track, p.voice, p.first, p.until, note, True, False, 0, {p.row})
        )
        self._write(p)
        self._record("add", track, None, note, p, iteration)
        return True

    def _remove(self, p: Proposal, iteration: int) -> bool:
        """Take a note of the input out; the last one of a track stays, or the track would go."""
        found = self.notes[p.note]
        if found.added or found.frozen or (self.may_remove < 1 and not found.changes):
            return False
        if self.remaining[found.track] < 2:
            return False
        self.remaining[found.track] -= 1
        if found.changes:
            self.may_add += 1  # it no longer counts as added, and counted as removed before
        else:
            self.may_remove -= 1
        self.note_at[found.first : found.until, found.voice] = -1
        self._write(p)
        self._record("remove", found.track, found.note, None, p, iteration)
        return True

    def _move(self, p: Proposal, iteration: int) -> bool:
        """Give a note another pitch, or an added one another length."""
        found = self.notes[p.note]
        counts = not found.added and not found.changes
        if found.frozen or (counts and min(self.may_remove, self.may_add) < 1):
            return False
        after = self._moved(found, p)
        if self._is_locked(after) or not self._is_allowed(found.track, after, p, found.note):
            return False
        self.may_remove, self.may_add = self.may_remove - counts, self.may_add - counts
        before, found.note = found.note, after
        found.changes += 1
        found.rows.add(p.row)
        found.first, found.until = p.first, p.until
        self.note_at[p.first : p.until, p.voice] = p.note
        self._write(p)
        self._record("move", found.track, before, after, p, iteration)
        return True

    def _moved(self, found: DraftNote, p: Proposal) -> EditedNote:
        """Return the note after a move: exact ticks stay where its cells stay."""
        was = found.note
        start, end = was.start, was.start + was.duration
        if p.first != found.first:
            start = p.first * STEP_TICKS
        if p.until != found.until:
            end = min(p.until * STEP_TICKS, self.song.end_tick)
        return EditedNote(start, p.row + LOWEST - self.layout.up, end - start, was.velocity)

    def _is_allowed(
        self, track: int, note: EditedNote, p: Proposal, instead_of: EditedNote | None
    ) -> bool:
        """Tell whether a note may sound there: playable, no collision, no parallels made."""
        others = [n for n in self._sounding[track, note.pitch] if n is not instead_of]
        end = note.start + note.duration
        return (
            0 <= note.pitch <= 127
            and not any(n.start < end and note.start < n.start + n.duration for n in others)
            and not rules.makes_parallels(self.cells, p.voice, p.first, p.until, p.row)
            and not rules.crosses(self.cells, p.voice, p.first, p.until, p.row)
        )

    def _write(self, p: Proposal) -> None:
        self.cells[p.first : p.until, p.voice] = p.row
        self.open[p.first : p.until, p.voice] = False

    def _record(
        self, kind: str, track: int, before: EditedNote | None, after: EditedNote | None,
        p: Proposal, iteration: int,
    ) -> None:  # fmt: skip
        if before is not None:
            self._sounding[track, before.pitch].remove(before)
        if after is not None:
            self._sounding[track, after.pitch].append(after)
        self.events.append(EditEvent(kind, track, before, after, p.log_odds, iteration))  # type: ignore[arg-type]

    def _velocity(self, track: int) -> int:
        own = self.song.tracks[track].notes.velocity
        return max(1, round(float(np.median(own)) * SOFTER)) if len(own) else 72


def _cells_by_note(note: npt.NDArray[np.int32]) -> dict[int, tuple[int, int, int]]:
    """Return voice, first and until of the first stretch of cells of each note (steps, V)."""
    found: dict[int, tuple[int, int, int]] = {}
    for voice in range(note.shape[1]):
        column = note[:, voice]
        edges = np.flatnonzero(np.diff(column, prepend=-2, append=-2))
        for first, until in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if column[first] >= 0:
                found.setdefault(int(column[first]), (voice, first, until))
    return found


def _homes(song: Song, tracks: tuple[int, ...], column: tuple[int, ...]) -> list[int]:
    """Return the track to which each voice's added notes go.

    That is the track of the voice; for a voice that the song lacks, an empty track if there is
    one, otherwise the track of the nearest voice.
    """
    owner = {c: t for c, t in zip(column, tracks, strict=True) if t >= 0}
    empty = iter(i for i, t in enumerate(song.tracks) if not t.is_drum and not len(t.notes))
    homes = []
    for voice in range(N_VOICES):
        nearest = min(owner, key=lambda c: abs(c - voice), default=None)
        fallback = -1 if nearest is None else owner[nearest]
        homes.append(owner[voice] if voice in owner else next(empty, fallback))
    return homes
