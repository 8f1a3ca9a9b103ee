"""Rules of counterpoint that an edit may not break, however likely the network finds it."""

from __future__ import annotations

from ml.models.ar_cnn_net import REST
from ml.models.ar_cnn_rolls import Cells

_FIFTH, _OCTAVE = 7, 0


def makes_parallels(cells: Cells, voice: int, first: int, until: int, row: int) -> bool:
    """Tell whether a note would bring parallel fifths or octaves that are not there yet.

    `cells` (steps, V) are rows, with the note not yet written; it is to fill first to until of
    `voice` with `row`. Two voices are parallel where both move the same way, from a fifth to a
    fifth or from an octave (unison) to an octave.
    """
    return any(
        _is_parallel(cells, voice, other, step, new) and not _is_parallel(cells, voice, other, step)
        for step, new in ((first, (None, row)), (until, (row, None)))
        if 0 < step < len(cells)
        for other in range(cells.shape[1])
        if other != voice
    )


def _is_parallel(
    cells: Cells,
    voice: int,
    other: int,
    step: int,
    new: tuple[int | None, int | None] = (None, None),
) -> bool:
    """Tell whether two voices move in parallel into `step`; `new` replaces the voice's rows."""
    before = int(cells[step - 1, voice]) if new[0] is None else new[0]
    after = int(cells[step, voice]) if new[1] is None else new[1]
    other_before, other_after = int(cells[step - 1, other]), int(cells[step, other])
    if REST in (before, after, other_before, other_after):
        return False
    if before == after or other_before == other_after:
        return False
    first, then = abs(before - other_before) % 12, abs(after - other_after) % 12
    same_way = (after > before) == (other_after > other_before)
    return same_way and first == then and first in (_FIFTH, _OCTAVE)


def crosses(cells: Cells, voice: int, first: int, until: int, row: int) -> bool:
    """Tell whether a note would lie above a higher voice or below a lower one anew.

    Where the voices cross already, or only with rests, nothing is new.
    """
    there = cells[first:until]
    for other in range(cells.shape[1]):
        if other == voice:
            continue
        column = there[:, other]
        wrong = column < row if other < voice else column > row
        was = there[:, voice]
        before = (column < was) if other < voice else (column > was)
        before &= was != REST
        if (wrong & (column != REST) & ~before).any():
            return True
    return False
