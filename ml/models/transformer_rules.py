"""What a musician may ask of an extension, as masks over the cells that can come next.

A rule forbids tokens; the network's probabilities decide among the rest. Shapes: N streams, 4
voices, 89 tokens. Limits count steps (16th notes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.models.transformer_arrays import Bools, Floats, Ints
from ml.models.transformer_features import LOWEST, N_TOKENS, N_VOICES, REST
from ml.models.transformer_past import Past

UNLIMITED = 1 << 20
_PERFECT = (0, 7)  # octaves and unisons, fifths: semitones modulo 12

_TOKEN = np.arange(N_TOKENS + 1)
_INTERVAL = np.abs(_TOKEN[:, None] - _TOKEN[:N_TOKENS]) % 12  # (90, 89)
_INTERVAL[REST], _INTERVAL[N_TOKENS], _INTERVAL[:, REST] = 12, 12, 12  # rests make none
_PERFECT_BEFORE = np.pad(np.isin(_INTERVAL, _PERFECT), ((0, 0), (0, 1)))  # (90, 90)


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

    def __init__(self, rules: Sequence[Rules], past: Past) -> None:
        """Begin where `past` ends: silences count on, notes begin anew."""
        self._leaning = np.stack([_leaning(r) for r in rules])  # (N, 4, 89)
        self._present = np.array([r.voices for r in rules])
        self._maximum_rest, self._maximum_note, self._silence, self._standstill = (
            np.array([getattr(r, name) for r in rules])
            for name in ("maximum_rest", "maximum_note", "silence", "standstill")
        )
        lowest = [max((v for v in range(N_VOICES) if r.voices[v]), default=0) for r in rules]
        self._lowest = np.array(lowest)
        self._rests = np.where(past.last == REST, past.run, 0)
        self._steps = np.zeros_like(self._rests)
        self._still = np.zeros(len(rules), np.int64)
        self._find_due()

    def sounds(self, n: int, voice: int) -> bool:
        """Return whether this voice may sound in any of the first n streams."""
        return bool(self._present[:n, voice].any())

    def leaning(self, cells: Ints, last: Ints, voice: int) -> Floats:
        """Return what is added to a voice's logits, (n, 89): minus infinity where it may not go.

        :param cells: tokens of this frame, decided for the voices above, (n, 4)
        :param last: tokens of the frame before, (n, 4)
        """
        leaning = self._leaning[: len(cells), voice].copy()
        if voice:
            _forbid_parallels(leaning, cells[:, :voice], last[:, :voice], last[:, voice])
        if self._any_due:
            self._forbid_due(leaning, cells, last, voice)
        return leaning

    def _forbid_due(self, leaning: Floats, cells: Ints, last: Ints, voice: int) -> None:
        """Forbid rests that are due to end and, in the last voice that could move, standing still.

        The last voice is the lowest present one: it has to do what no voice above it did.
        """
        n = len(cells)
        present, is_last = self._present[:n, voice], self._lowest[:n] == voice
        silent = self._silence_due[:n] & is_last & (cells[:, :voice] == REST).all(axis=1)
        leaning[present & (self._rest_due[:n, voice] | silent), REST] = -np.inf
        same = (cells[:, :voice] == last[:, :voice]).all(axis=1)
        stuck = np.flatnonzero(self._standstill_due[:n] & is_last & same & present)
        leaning[stuck, np.minimum(last[stuck, voice], N_TOKENS - 1)] = -np.inf

    def must_strike(self, n: int) -> Bools:
        """Return which voices of the first n streams may not hold their note longer, (n, 4)."""
        found: Bools = self._steps[:n] >= self._maximum_note[:n, None]
        return found

    def add(self, cells: Ints, struck: Bools) -> None:
        """Take in one frame of the first n streams: tokens (n, 4) and where notes begin."""
        n, rests = len(cells), cells == REST
        self._still[:n] = np.where(struck.any(axis=1), 0, self._still[:n] + 1)
        self._rests[:n] = (self._rests[:n] + 1) * rests
        self._steps[:n] = np.where(struck, 1, (self._steps[:n] + 1) * ~rests)
        self._find_due()

    def _find_due(self) -> None:
        """Note which limits are reached, so that a frame without any has nothing to look up."""
        self._rest_due = self._rests >= self._maximum_rest[:, None]
        silent = (self._rests >= self._silence[:, None]) | ~self._present
        self._silence_due = silent.all(axis=1)
        self._standstill_due = self._still >= self._standstill
        due = self._rest_due.any(), self._silence_due.any(), self._standstill_due.any()
        self._any_due = any(due)


def _leaning(rules: Rules) -> Floats:
    """Return (4, 89): the rules' leaning, minus infinity for what a voice may never take.

    A voice that is absent rests, whatever else is asked for.
    """
    leaning = np.where(rules.tokens(), rules.token_leaning(), np.float32(-np.inf))
    silent = np.full_like(leaning, -np.inf)
    silent[REST] = 0.0
    return np.stack([leaning if present else silent for present in rules.voices])


def _forbid_parallels(leaning: Floats, above: Ints, last_above: Ints, last: Ints) -> None:
    """Forbid the tokens that would make parallel fifths or octaves with a voice above.

    That is: both voices move, and are a fifth (or octave) apart before and after, modulo
    octaves. Contrary motion from one perfect interval to the same one counts too.

    :param leaning: (n, 89), changed in place
    :param above: tokens of the voices above, (n, voices); `last_above` those before
    :param last: the voice's own token before, (n,)
    """
    wrong = _PERFECT_BEFORE[last_above, last[:, None]] & (above != last_above) & (above != REST)
    for stream, upper in np.argwhere(wrong).tolist():
        own, other = last[stream], above[stream, upper]
        makes = _INTERVAL[other] == _INTERVAL[last_above[stream, upper], own]
        makes[own] = False
        leaning[stream, makes] = -np.inf
