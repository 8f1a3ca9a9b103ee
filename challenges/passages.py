"""Passages of pieces as they are stored: all of them packed, and a sample to find them by."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

ONE_IN = 8


def packed(hashes: Iterable[int]) -> bytes:
    """Return int64 hashes, sorted, as little-endian bytes."""
    return np.array(sorted(hashes), dtype="<i8").tobytes()


def unpacked(data: bytes | memoryview) -> npt.NDArray[np.int64]:
    """Return the hashes that `packed` made bytes of, shape (hashes,)."""
    return np.frombuffer(data, dtype="<i8").astype(np.int64)


def sample(hashes: Iterable[int]) -> list[int]:
    """Return about one in eight of the hashes; the same ones whichever piece they stand in."""
    return [value for value in hashes if value % ONE_IN == 0]
