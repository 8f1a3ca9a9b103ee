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
    if len(pitch) < steps:
        return np.zeros(0, dtype=np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(pitch[:, ::-1], steps, axis=0)[::hop]
    turned = windows.swapaxes(1, 2).reshape(len(windows), -1).astype(np.int16)
    turned = turned[_say_something(turned)]
    first = np.argmax(turned != REST, axis=1)
    relative = turned - np.take_along_axis(turned, first[:, None], axis=1)
    rows = np.where(turned == REST, _REST_MARK, relative).astype(np.int8)
    return np.array([_hash(row.tobytes()) for row in rows], dtype=np.uint64)


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


def _say_something(windows: npt.NDArray[np.int16]) -> npt.NDArray[np.bool_]:
    """Return which rows hold two different sounding pitches."""
    sounding = windows != REST
    lowest = np.where(sounding, windows, 999).min(axis=1)
    highest = np.where(sounding, windows, -999).max(axis=1)
    return np.asarray(lowest < highest)


def _hash(row: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(row, digest_size=8).digest())
