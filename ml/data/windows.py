"""Finds the same music in two pieces, whatever its key: windows of the grid, hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from ml.data.grids import REST, GridPiece

ONE_BAR = 16
TWO_BARS = 32

_REST_MARK = 127


def window_hashes(
    pitch: npt.NDArray[np.integer], *, steps: int, hop: int = 1
) -> npt.NDArray[np.uint64]:
    """Return one hash for each window of `steps` rows of a grid of shape (rows, voices).

    Windows are equal up to transposition: pitches count from the window's first sounding pitch,
    looked for step by step from the lowest voice up. Windows begin every `hop` rows; windows in
    which nothing but one pitch or rests sounds are left out, since everybody writes those.
    """
    found = [
        _hash(window)
        for first in range(0, len(pitch) - steps + 1, hop)
        if _says_something(window := pitch[first : first + steps])
    ]
    return np.array(found, dtype=np.uint64)


def shared_part(
    pitch: npt.NDArray[np.integer], known: set[int], *, steps: int, hop: int = 1
) -> float:
    """Return which share of a grid's windows are in `known`, 0 to 1; 0 without windows."""
    hashes = window_hashes(pitch, steps=steps, hop=hop).tolist()
    return sum(h in known for h in hashes) / len(hashes) if hashes else 0.0


def known_windows(found: Iterable[GridPiece], *, steps: int) -> set[int]:
    """Return the hashes of all windows of some pieces, at every step."""
    known: set[int] = set()
    for piece in found:
        known.update(window_hashes(piece.pitch, steps=steps).tolist())
    return known


def _says_something(window: npt.NDArray[np.integer]) -> bool:
    sounding = window[window != REST]
    return len(sounding) > 0 and int(sounding.min()) != int(sounding.max())


def _hash(window: npt.NDArray[np.integer]) -> int:
    turned = window[:, ::-1].astype(np.int16)
    base = int(turned[turned != REST][0])
    relative = np.where(turned == REST, _REST_MARK, turned - base).astype(np.int8)
    return int.from_bytes(hashlib.blake2b(relative.tobytes(), digest_size=8).digest())
