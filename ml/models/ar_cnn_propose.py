"""From the network's distributions to proposed events.

Mending asks a network in doubt about every note: where another row (or a rest) is likelier than
the note by more than a threshold, that change is proposed. Filling asks it about open cells: the
surest get a note, its row drawn from the distribution, as long as that row stays likely.

`logp` is (steps, V, K): log probabilities for the steps of a window that begins at `start`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.models.ar_cnn_draft import LONGEST, MAX_CHANGES, Draft, Proposal
from ml.models.ar_cnn_net import N_CLASSES, REST, ROWS
from ml.models.ar_cnn_rolls import Mask

Floats = npt.NDArray[np.float32]
Alternatives = list[Proposal]
"""Proposals for one place, the favored first: the first that the draft allows is made."""

STEPS_PER_UNIT = 2  # an eighth: what is filled at once
APART = 4  # steps between two notes that one pass may fill
SURE = 0.25  # log-odds at which a change is proposed, at creative risk 1
SURE_OF_OWN = 2.0  # the same for a note that the editor added itself
SURE_OF_NOTE = 1.5  # the same for a note in a rest
SHARPER = 2.5  # rows are drawn at this inverse temperature, at creative risk 1
LIKELY = 0.3  # a drawn row has at least this share of the likeliest row's probability
CLEAR = 0.4  # within an eighth, a note ends where its row keeps less than this of its chance
MOST_TRIED = 6


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """What the network says about a window, and the steps (`first` to `until`) to work on."""

    logp: Floats
    start: int
    first: int
    until: int
    risk: float
    dice: np.random.Generator


def mending(draft: Draft, view: View) -> list[Alternatives]:
    """Return proposals that change notes of the draft, or fill rests of its voices."""
    return [*_changes(draft, view), *_missing(draft, view)]


def _changes(draft: Draft, view: View) -> list[Alternatives]:
    numbers = [
        i for i in np.unique(draft.note_at[view.first : view.until]).tolist()
        if i >= 0 and _may_change(draft, view, i)
    ]  # fmt: skip
    if not numbers:
        return []
    notes = [draft.notes[i] for i in numbers]
    first = np.array([n.first for n in notes]) - view.start
    until = np.minimum([n.until - view.start for n in notes], len(view.logp))
    voice, row = (np.array([getattr(n, name) for n in notes]) for name in ("voice", "first"))
    row = draft.cells[row, voice]
    total = np.concatenate([np.zeros_like(view.logp[:1]), view.logp.cumsum(0)])
    mean = (total[until, voice] - total[first, voice]) / (until - first)[:, None]
    odds = mean - np.take_along_axis(mean, row[:, None], 1)  # (notes, K)
    for k, note in enumerate(notes):
        odds[k, list(note.rows)] = -np.inf
        if note.added:
            odds[k, REST] = -np.inf
    least = [_threshold(SURE_OF_OWN if n.added else SURE, view.risk) for n in notes]
    found = np.flatnonzero(odds.max(axis=1) > least)
    return [_change(draft, view, numbers[k], odds[k], least[k]) for k in found.tolist()]


def _may_change(draft: Draft, view: View, number: int) -> bool:
    note = draft.notes[number]
    return not note.frozen and note.changes < MAX_CHANGES and view.first <= note.first < view.until


def _change(draft: Draft, view: View, number: int, odds: Floats, least: float) -> Alternatives:
    note = draft.notes[number]
    noise = view.dice.gumbel(size=N_CLASSES)
    wanted = odds > least
    score = np.where(wanted, odds / view.risk + noise, -np.inf)
    rows = np.argsort(-score)[: min(MOST_TRIED, int(wanted.sum()))]
    return [
        Proposal(number, note.voice, note.first, note.until, int(row), float(odds[row]),
                 float(score[row]))
        for row in rows
    ]  # fmt: skip


def _missing(draft: Draft, view: View) -> list[Alternatives]:
    """Propose notes for cells that rest although the network would rather hear something."""
    free = _free(draft) & ~draft.open
    inside = slice(view.first, view.until)
    logp = view.logp[view.first - view.start : view.until - view.start]
    odds = logp[..., :ROWS].max(2) - logp[..., REST]
    threshold = _threshold(SURE_OF_NOTE, view.risk)
    return [
        _notes_at(draft, view, view.first + int(step), int(voice), free)
        for step, voice in _spaced(np.where(free[inside], odds, -np.inf), threshold, 8)
    ]


def _free(draft: Draft) -> Mask:
    """Return the cells in which nothing sounds and something could."""
    silent = (draft.cells == REST) & (draft.note_at < 0) & ~draft.layout.unseen
    return np.asarray(silent & draft.layout.sounds[:, None])


def filling(draft: Draft, view: View, count: int) -> list[Alternatives]:
    """Return proposals for up to `count` notes in open cells, some way apart from each other.

    Open cells that the network would rather keep silent are settled as rests.
    """
    inside = slice(view.first, view.until)
    logp = view.logp[view.first - view.start : view.until - view.start]
    sure = logp.max(2) + 0.3 * view.risk * view.dice.gumbel(size=logp.shape[:2])
    sure = np.where(draft.open[inside], sure - draft.tried[inside], -np.inf)
    found = []
    for step, voice in _spaced(sure, -1e9, count):
        place = _notes_at(draft, view, view.first + int(step), int(voice), draft.open)
        if place:
            found.append(place)
    return found


def _spaced(score: npt.NDArray[np.floating], least: float, count: int) -> list[tuple[int, int]]:
    """Return up to `count` cells (step, voice) above `least`, best first, APART steps apart."""
    left = score.copy()
    chosen: list[tuple[int, int]] = []
    while len(chosen) < count and left.size:
        step, voice = np.unravel_index(int(left.argmax()), left.shape)
        if not left[step, voice] > least:
            break
        chosen.append((int(step), int(voice)))
        left[max(0, step - APART) : step + APART + 1] = -np.inf
    return chosen


def _notes_at(draft: Draft, view: View, step: int, voice: int, allowed: Mask) -> Alternatives:
    """Return notes that could sound in a cell, the first drawn one first.

    Where a rest is likeliest, it and the cells around that rest too are settled: there is none.
    """
    logp = view.logp[step - view.start, voice]
    score = SHARPER * logp / view.risk + view.dice.gumbel(size=N_CLASSES)
    tries = 1 + int(draft.tried[step, voice])  # what was refused before calls for wider choice
    likely = logp >= logp.max() + tries * np.log(LIKELY) / view.risk
    score = np.where(likely, score, -np.inf)
    rows = np.argsort(-score)[: min(tries * MOST_TRIED, int(likely.sum()))].tolist()
    if logp.argmax() == REST and draft.open[step, voice]:
        draft.settle_rest(voice, *_extent(draft, view, step, voice, REST, allowed))
        return []
    return [
        _joined(draft, _note(draft, view, step, voice, row, allowed, float(score[row])))
        for row in rows
        if row != REST
    ]


def _note(
    draft: Draft, view: View, step: int, voice: int, row: int, allowed: Mask, score: float
) -> Proposal:
    first, until = _extent(draft, view, step, voice, row, allowed)
    cells = view.logp[first - view.start : until - view.start, voice]
    odds = float((cells[:, row] - cells[:, REST]).mean())
    return Proposal(-1, voice, first, until, row, odds, score)


def _extent(
    draft: Draft, view: View, step: int, voice: int, row: int, allowed: Mask
) -> tuple[int, int]:
    """Return first and until of a note around a cell: its eighth, or the part that it keeps to.

    What follows is asked about when this is known; a note that goes on is lengthened then.
    """
    eighth = step - int(draft.position[step]) % STEPS_PER_UNIT
    low, high = max(eighth, view.start), min(eighth + STEPS_PER_UNIT, view.start + len(view.logp))
    column = view.logp[:, voice, row]
    least = column[step - view.start] + np.log(CLEAR)
    first, until = step, step + 1
    while first > low and allowed[first - 1, voice] and column[first - 1 - view.start] > least:
        first -= 1
    while until < high and allowed[until, voice] and column[until - view.start] > least:
        until += 1
    return first, until


def _joined(draft: Draft, p: Proposal) -> Proposal:
    """Return the proposal, or one that lengthens an added neighbor of its pitch.

    Where a note of the input begins, as a new syllable would, the pitch is struck again instead.
    """
    before = draft.note_at[p.first - 1, p.voice] if p.first else -1
    after = draft.note_at[p.until, p.voice] if p.until < len(draft) else -1
    for number, border in ((int(before), p.first), (int(after), p.until)):
        if number < 0 or draft.struck[border]:
            continue
        note = draft.notes[number]
        first, until = min(p.first, note.first), max(p.until, note.until)
        same = note.added and draft.cells[note.first, note.voice] == p.row
        if same and until - first <= LONGEST:
            return Proposal(number, p.voice, first, until, p.row, p.log_odds, p.score)
    return p


def _threshold(at_one: float, risk: float) -> float:
    """Return the log-odds from which a change is worth proposing: less at more risk."""
    return at_one * 1.5 / (0.5 + risk)
