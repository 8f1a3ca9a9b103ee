"""What a musician may ask of an extension, as masks over the cells that can come next.

A rule forbids tokens; the network's probabilities decide among the rest. Shapes: N streams, 4
voices, 89 tokens. Limits count steps (16th notes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ml.models.transformer_features import LOWEST, N_TOKENS, N_VOICES, REST, History

UNLIMITED = 1 << 20
_PERFECT = (0, 7)  # octaves and unisons, fifths: semitones modulo 12
_NO_INTERVAL = -1

_TOKEN = torch.arange(N_TOKENS + 1)
_INTERVAL = (_TOKEN[:, None] - _TOKEN[:N_TOKENS]).abs() % 12
_INTERVAL[REST], _INTERVAL[N_TOKENS], _INTERVAL[:, REST] = 12, 12, 12  # rests make none


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one extension.

    `voices` tells which of the four may sound; `chroma` which pitch classes (C = 0) may be
    used; `maximum_rest` and `maximum_note` are the most steps that a voice is silent or holds a
    note; `silence` is the most steps for which all voices may be silent together, `standstill`
    the most for which none of them may move. `leaning` (12 numbers, C first) is added to the
    logits of each pitch class: towards the key that the piece is in.
    """

    voices: tuple[bool, bool, bool, bool]
    chroma: frozenset[int] = frozenset(range(12))
    maximum_rest: int = UNLIMITED
    maximum_note: int = UNLIMITED
    silence: int = UNLIMITED
    standstill: int = UNLIMITED
    leaning: tuple[float, ...] = (0.0,) * 12

    def tokens(self) -> npt.NDArray[np.bool_]:
        """Return which tokens the key allows, rests included, shape (89,)."""
        chroma = (np.arange(N_TOKENS) + LOWEST - 1) % 12
        allowed = np.isin(chroma, list(self.chroma))
        allowed[REST] = True
        return allowed

    def token_leaning(self) -> npt.NDArray[np.float32]:
        """Return what is added to each token's logit, shape (89,); 0 for a rest."""
        chroma = (np.arange(N_TOKENS) + LOWEST - 1) % 12
        leaning = np.array(self.leaning, dtype=np.float32)[chroma]
        leaning[REST] = 0.0
        return leaning


class Masks:
    """The rules of N streams, and for how long each voice has been silent or held its note."""

    def __init__(self, rules: Sequence[Rules], history: History) -> None:
        """Begin where `history` (N, 4) ends: silences count on, notes begin anew."""
        self._voices = torch.tensor([r.voices for r in rules])
        self._foreign = ~torch.from_numpy(np.stack([r.tokens() for r in rules]))
        self.leaning = torch.from_numpy(np.stack([r.token_leaning() for r in rules]))
        self._maximum_rest, self._maximum_note, self._silence, self._standstill = (
            torch.tensor([[getattr(r, name)] for r in rules])
            for name in ("maximum_rest", "maximum_note", "silence", "standstill")
        )
        lowest = [max((v for v in range(N_VOICES) if r.voices[v]), default=0) for r in rules]
        self._lowest = torch.tensor(lowest)
        self._rests = torch.where(history.last == REST, history.run, 0)
        self._steps = torch.zeros_like(self._rests)
        self._still = torch.zeros(len(rules), dtype=torch.long)

    def forbidden(self, cells: Tensor, last: Tensor, voice: int) -> Tensor:
        """Return which tokens a voice may not take, (n, 89), given the cells above it.

        :param cells: tokens of this frame, decided for the voices above, (n, 4)
        :param last: tokens of the frame before, (n, 4)
        """
        n = len(cells)
        forbidden = self._foreign[:n].clone()
        if voice:
            forbidden |= _makes_parallels(cells[:, :voice], last[:, :voice], last[:, voice])
        too_long = self._rests[:n, voice] >= self._maximum_rest[:n, 0]
        forbidden[:, REST] = too_long | self._all_silent(cells, voice)
        stuck = self._stands_still(cells, last, voice)
        forbidden[stuck, last[stuck, voice].clamp(max=N_TOKENS - 1)] = True
        absent = ~self._voices[:n, voice]
        forbidden[absent] = True
        forbidden[:, REST] &= ~absent
        return forbidden

    def _all_silent(self, cells: Tensor, voice: int) -> Tensor:
        """Return where this voice is the last that could end too long a silence, (n,)."""
        n = len(cells)
        long = ((self._rests[:n] >= self._silence[:n]) | ~self._voices[:n]).all(dim=1)
        above = (cells[:, :voice] == REST).all(dim=1)
        return long & above & (self._lowest[:n] == voice)

    def _stands_still(self, cells: Tensor, last: Tensor, voice: int) -> Tensor:
        """Return the numbers of the streams in which only this voice can still move."""
        n = len(cells)
        long = self._still[:n] >= self._standstill[:n, 0]
        above = (cells[:, :voice] == last[:, :voice]).all(dim=1)
        return (long & above & (self._lowest[:n] == voice)).nonzero()[:, 0]

    def must_strike(self) -> Tensor:
        """Return which voices may not hold their note any longer, (N, 4)."""
        return self._steps >= self._maximum_note[: len(self._steps)]

    def add(self, cells: Tensor, struck: Tensor) -> None:
        """Take in one frame of the first n streams: tokens (n, 4) and where notes begin."""
        n = len(cells)
        self._still = torch.where(struck.any(dim=1), 0, self._still[:n] + 1)
        self._rests = torch.where(cells == REST, self._rests[:n] + 1, 0)
        sounding = (cells != REST).long()
        self._steps = torch.where(struck, 1, (self._steps[:n] + 1) * sounding)


def _makes_parallels(above: Tensor, last_above: Tensor, last: Tensor) -> Tensor:
    """Return which tokens would make parallel fifths or octaves with a voice above, (n, 89).

    That is: both voices move, and are a fifth (or octave) apart before and after, modulo
    octaves. Contrary motion from one perfect interval to the same one counts too.

    :param above: tokens of the voices above, (n, voices); `last_above` those before
    :param last: the voice's own token before, (n,)
    """
    before = _INTERVAL[last_above, last.clamp(max=N_TOKENS - 1)[:, None]]
    perfect = (before == _PERFECT[0]) | (before == _PERFECT[1])
    moved = (above != last_above) & (above != REST)
    wrong = torch.where(perfect & moved & (last < N_TOKENS)[:, None], before, _NO_INTERVAL)
    forbidden = (_INTERVAL[above] == wrong[..., None]).any(dim=1)
    return forbidden.scatter_(1, last.clamp(max=N_TOKENS - 1)[:, None], False)
