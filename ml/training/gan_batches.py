"""Windows of 64 steps drawn from grid pieces: what the GAN trains on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ml.data.grids import REST, GridPiece
from ml.data.phrases import accompanying, has_melody
from ml.models.gan_grid import (
    N_DRUMS,
    ROWS,
    STEPS,
    STYLES,
    TRACKS,
    Windows,
    classes_of,
    folded,
    phases,
)

MIXTURE = {"chorale": 0.55, "madrigal": 0.15, "quartet": 0.12, "arcade": 0.18}
"""How often a window of each style is drawn when there are several."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Batch:
    """B real windows: melody and accompaniment.

    `classes` (B, K, T) int64, track 0 the bass; `is_music` (B, T) is false after the piece's end;
    `drums` (B, 9, T) 0 or 1, `has_drums` (B,) whether the piece tells about drums; `base` (B,) is
    the pitch of row 0.
    """

    given: Windows
    classes: Tensor
    is_music: Tensor
    drums: Tensor
    has_drums: Tensor
    base: Tensor

    def to(self, device: torch.device) -> Batch:
        """Return the same batch on another device."""
        return Batch(self.given.to(device), *(
            t.to(device)
            for t in (self.classes, self.is_music, self.drums, self.has_drums, self.base)
        ))  # fmt: skip

    def part(self, rows: slice) -> Batch:
        """Return some windows."""
        return Batch(self.given.part(rows), *(
            t[rows] for t in (self.classes, self.is_music, self.drums, self.has_drums, self.base)
        ))  # fmt: skip

    def half(self) -> Batch:
        """Return every other window."""
        return self.part(slice(None, None, 2))


@dataclass(frozen=True, eq=False)
class _Starts:
    """Where windows may begin in one style: places in the joined arrays, and the pieces' ends."""

    first: Ints
    end: Ints


class WindowSampler:
    """Draws windows from pieces; the same state of `dice` gives the same windows.

    In a window the melody sounds, and at least `least` other voices do.

    :raises ValueError: if no piece has a melody
    """

    def __init__(
        self, pieces: Mapping[str, Sequence[GridPiece]], seed: int, *, least: int = TRACKS
    ) -> None:
        self._least = least
        self.dice = np.random.default_rng(seed)
        every = [(style, piece) for style, found in pieces.items() for piece in found]
        if not every:
            raise ValueError("There is no piece.")
        self._pitch = np.concatenate([p.pitch for _, p in every]).astype(np.int64)
        self._strike = np.concatenate([p.strike for _, p in every])
        self._position = np.concatenate([p.position for _, p in every]).astype(np.int64)
        self._bar_steps = np.concatenate([p.bar_steps for _, p in every]).astype(np.int64)
        self._drums = np.concatenate([_drums_of(p) for _, p in every])
        self._has_drums = np.concatenate([np.full(len(p), len(p.drums) > 0) for _, p in every])
        self._starts = {s: f for s in pieces if (f := self._starts_of(s, every)) is not None}
        if not self._starts:
            raise ValueError("There is no melody with an accompaniment.")

    def _starts_of(self, style: str, every: list[tuple[str, GridPiece]]) -> _Starts | None:
        ends = np.cumsum([len(p) for _, p in every])
        spans = [(end - len(p), end) for (s, p), end in zip(every, ends, strict=True) if s == style]
        found = [(a, end) for begin, end in spans for a in self._usable(begin, end)]
        if not found:
            return None
        first, end = np.array(found, dtype=np.int64).T
        return _Starts(first, end)

    def _usable(self, begin: int, end: int) -> list[int]:
        """Return the beats of a piece where a window with enough music in it may begin.

        Of 4/4, three windows in four begin with a bar; other metres begin on any beat.
        """
        last = max(end - STEPS // 2, begin + 1)
        starts = np.arange(begin, last)
        starts = starts[self._position[starts] % 4 == 0]
        in_bar = (self._position[starts] > 0) & (self._bar_steps[starts] == 16)
        kept = starts[~in_bar | (starts % 9 == 0)].tolist()
        return [a for a in kept if self._is_full(a, end)]

    def _is_full(self, start: int, end: int) -> bool:
        window = self._pitch[start : min(start + STEPS, end)]
        return has_melody(window) and accompanying(window) >= self._least

    def draw(self, n: int, *, transpose: bool = True) -> Batch:
        """Return `n` windows, at random in style (by MIXTURE), piece, place and transposition."""
        names = list(self._starts)
        share = np.array([MIXTURE.get(s, 0.2) for s in names])
        styles = np.sort(self.dice.choice(len(names), size=n, p=share / share.sum()))
        picked = [self.dice.integers(len(self._starts[names[s]].first)) for s in styles]
        rows = [(self._starts[names[s]].first[i], self._starts[names[s]].end[i])
                for s, i in zip(styles, picked, strict=True)]  # fmt: skip
        first, end = np.array(rows, dtype=np.int64).T
        style = np.array([STYLES.index(names[s]) for s in styles])
        return self._cut(first, end, style, transpose=transpose)

    def _cut(self, first: Ints, end: Ints, style: Ints, *, transpose: bool) -> Batch:
        place = first[:, None] + np.arange(STEPS)  # (B, T)
        is_music = place < end[:, None]
        place = np.minimum(place, end[:, None] - 1)
        pitch = np.where(is_music[..., None], self._pitch[place], REST)  # (B, T, 4)
        strike = self._strike[place] & is_music[..., None]
        base = self._bases(pitch, transpose)
        rows = folded(pitch, base[:, None, None])
        voices = classes_of(rows[..., 3:0:-1].swapaxes(1, 2), strike[..., 3:0:-1].swapaxes(1, 2))
        drums = (self._drums[place] & is_music[..., None]).swapaxes(1, 2)
        phase = phases(self._position[place], self._bar_steps[place], is_music)
        given = Windows(*(torch.from_numpy(np.ascontiguousarray(a)) for a in (
            rows[..., 0], strike[..., 0], phase, style)))  # fmt: skip
        return Batch(given, *(torch.from_numpy(np.ascontiguousarray(a)) for a in (
            voices, is_music, drums.astype(np.float32), self._has_drums[first], base)))  # fmt: skip

    def _bases(self, pitch: Ints, transpose: bool) -> Ints:
        """Return the pitch of row 0: the music in the middle, or moved as far as it fits."""
        sounding = pitch != REST
        low = np.where(sounding, pitch, 999).min(axis=(1, 2))
        high = np.where(sounding, pitch, -999).max(axis=(1, 2))
        middle: Ints = (low + high - ROWS + 1) // 2
        if not transpose:
            return middle
        room = np.clip((ROWS - 1 - (high - low)) // 2, 0, 7)
        moved: Ints = middle + self.dice.integers(-room, room + 1)
        return moved


def _drums_of(piece: GridPiece) -> npt.NDArray[np.bool_]:
    return piece.drums if len(piece.drums) else np.zeros((len(piece), N_DRUMS), dtype=np.bool_)
