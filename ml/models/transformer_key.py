"""The key of a piece, from how long each pitch class sounds (Krumhansl and Kessler 1982)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_MAJOR_SCALE = (0, 2, 4, 5, 7, 9, 11)
_MINOR_SCALE = (0, 2, 3, 5, 7, 8, 10, 11)  # the leading note belongs to it
_NAMES = ("C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")


@dataclass(frozen=True, slots=True)
class Key:
    """A key: `tonic` is a pitch class (C = 0)."""

    tonic: int
    is_minor: bool

    @property
    def chroma(self) -> frozenset[int]:
        """The pitch classes of the scale; a minor one has both the seventh and the leading note."""
        scale = _MINOR_SCALE if self.is_minor else _MAJOR_SCALE
        return frozenset((self.tonic + step) % 12 for step in scale)

    def __str__(self) -> str:
        return f"{_NAMES[self.tonic]} {'minor' if self.is_minor else 'major'}"


def key_of(pitch: npt.NDArray[np.int16]) -> Key:
    """Return the key whose profile correlates best with the sounding cells of a grid.

    A piece of one pitch class is in that note's major.

    >>> str(key_of(np.array([[60], [62], [64], [65], [67], [69], [71], [72], [67], [60]])))
    'C major'
    """
    sounding = pitch[pitch >= 0].astype(np.int64)
    weight = np.bincount(sounding % 12, minlength=12).astype(float)
    if (weight > 0).sum() == 1:
        return Key(int(weight.argmax()), is_minor=False)
    found = [
        (_correlation(np.roll(np.array(profile), tonic), weight), -tonic, is_minor)
        for is_minor, profile in ((False, _MAJOR), (True, _MINOR))
        for tonic in range(12)
    ]
    _, tonic, is_minor = max(found)
    return Key(-tonic, is_minor)


def _correlation(profile: npt.NDArray[np.float64], weight: npt.NDArray[np.float64]) -> float:
    p = profile - profile.mean()
    w = weight - weight.mean()
    return float(p @ w / max(float(np.sqrt((p @ p) * (w @ w))), 1e-12))
