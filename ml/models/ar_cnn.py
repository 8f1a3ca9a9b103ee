"""`edit`: the AR-CNN adds, removes and moves single notes of a song until nothing is worth it.

An iteration is one look of the network at the piece, followed by the events that it is surest
of. It first mends what it finds wrong, then fills the voices that the song lacks, then goes over
the whole again. Long songs are worked on in regions of six bars, each seen with its neighborhood;
an iteration visits as many regions as keep the whole run within `MOST_LOOKS` looks, in turn.

Added notes go to the track of their voice; a voice that the song lacks takes an empty track, or
shares the track of its nearest voice. Drum tracks and notes that fit no voice are never touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from ml.models import store
from ml.models.ar_cnn_draft import Draft
from ml.models.ar_cnn_net import ArCnn, ArCnnConfig, Rolls, folded
from ml.models.ar_cnn_propose import Alternatives, View, filling, mending
from ml.models.ar_cnn_rolls import Mask, Roll, metre_codes, padded, stacked, whole_columns
from ml.music import Song
from ml.techniques import (
    WEIGHTS,
    Cancelled,
    Card,
    EditParameters,
    Generated,
    GenerationCancelled,
    GenerationRefused,
    ModelUnavailable,
    Progress,
    generated,
    replay,
)
from ml.words import _

WHOLE = 128  # steps: a song up to this length is one region
REGION = 96
MARGIN = 16  # steps of its neighborhood that are seen on either side of a region
MOST_LOOKS = 2400  # at regions, over all iterations
BATCH = 8  # regions in one pass of the network
MENDED = 0.25  # share of the iterations after which mending gives way to filling
FILLED = 0.7  # share of the iterations by which the open cells should be filled
MOST_MENDED = 4  # events of one look at one region
MOST_FILLED = 8
CELLS_PER_NOTE = 2.0


@dataclass(frozen=True, eq=False, slots=True)
class Editor:
    """The network ready for inference, and its card (None for one that is no shipped model)."""

    network: ArCnn
    card: Card | None = None

    @torch.no_grad()
    def log_probabilities(self, rolls: Rolls) -> npt.NDArray[np.float32]:
        """Return (B, T, V, K) float32 natural logarithms."""
        return np.asarray(self.network(rolls).log_softmax(3).numpy())


def load(folder: Path = WEIGHTS) -> Editor:
    """Return the shipped editor.

    :raises ModelUnavailable: if its weights are missing, damaged or of another model
    """
    tensors, card = store.weights("ar_cnn", folder)
    try:
        network = ArCnn(ArCnnConfig.from_dict(card.about["config"]))
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        detail = _("The weights ar_cnn do not say which network they belong to.")
        raise ModelUnavailable("edit", detail) from error
    store.fill(network, tensors, card)
    return ready(network, card)


def ready(network: ArCnn, card: Card | None = None) -> Editor:
    """Return an editor from a trained network: normalization folded, bf16 where that is fast."""
    fast = bool(torch.cpu.get_capabilities().get("avx512_bf16"))
    network = folded(network).requires_grad_(False)
    return Editor(network.to(torch.bfloat16) if fast else network, card)


@dataclass(slots=True)
class _Region:
    """A stretch of steps that is worked on, and what is next there: mend, fill, polish, done."""

    first: int
    until: int
    phase: str = "mend"
    visits: int = 0


def edit(
    song: Song, parameters: EditParameters, *, seed: int, model: Editor,
    progress: Progress = lambda _share, _word: None, cancelled: Cancelled = lambda: False,
) -> Generated:  # fmt: skip
    """Return the song edited towards Bach, and the ordered events that lead there.

    Replaying the events on the song gives the result exactly. The same song, parameters, seed
    and weights give the same result on the same machine.

    :raises GenerationRefused: `no_melody` if the song has no pitched note
    :raises GenerationCancelled: soon after `cancelled` returned true
    """
    if not any(len(t.notes) for t in song.tracks if not t.is_drum):
        raise GenerationRefused(
            "no_melody", _("There is no melody to edit: the song has no notes.")
        )
    iterations = parameters.sampling_iterations
    if iterations == 0:
        return generated(song, song, iterations=0, ended="nothing to do")
    work = _Work(Draft(song, parameters), parameters, model, np.random.default_rng(seed))
    used = 0
    for iteration in range(1, iterations + 1):
        progress((iteration - 1) / iterations, work.word)
        if cancelled():
            raise GenerationCancelled
        used = iteration
        if not work.iterate(iteration, cancelled):
            break
    events = work.draft.events
    progress(1.0, _("done"))
    after = replay(song, events) if events else song
    return generated(song, after, events=events, iterations=used)


class _Work:
    """One run of the editor over a draft."""

    def __init__(
        self, draft: Draft, parameters: EditParameters, model: Editor, dice: np.random.Generator
    ) -> None:
        self.draft, self.model, self.dice = draft, model, dice
        self.risk = parameters.creative_risk
        self.iterations = parameters.sampling_iterations
        self.regions = regions(len(draft))
        self.per_iteration = max(1, min(len(self.regions), MOST_LOOKS // self.iterations))
        self._turn = 0

    @property
    def word(self) -> str:
        """What is being done, for the progress display."""
        phases = {r.phase for r in self.regions}
        words = {"mend": _("mending"), "fill": _("adding voices"), "polish": _("polishing")}
        return next((words[p] for p in words if p in phases), _("done"))

    def iterate(self, iteration: int, cancelled: Cancelled) -> bool:
        """Look once at some regions and make events; false when nothing is left to do."""
        active = [r for r in self._next_regions() if r.phase != "done"]
        found: list[tuple[_Region, list[Alternatives]]] = []
        for some in _batched(active, BATCH):
            if cancelled():
                raise GenerationCancelled
            found += zip(some, self._proposals(some, iteration), strict=True)
        made = self._make([p for _, proposals in found for p in proposals], iteration)
        for region, proposals in found:
            self._advance(region, any(id(p) in made for p in proposals))
        return any(r.phase != "done" for r in self.regions)

    def _next_regions(self) -> list[_Region]:
        """Return the next regions in turn that are not done."""
        n = len(self.regions)
        circle = (self.regions[(self._turn + k) % n] for k in range(n))
        chosen = list(islice((r for r in circle if r.phase != "done"), self.per_iteration))
        if chosen:
            self._turn = (self.regions.index(chosen[-1]) + 1) % n
        return chosen

    def _proposals(self, some: list[_Region], iteration: int) -> list[list[Alternatives]]:
        windows = [self._window(r) for r in some]
        length = whole_columns(max(until - first for first, until in windows))
        draft, known = self.draft, self.draft.known
        rolls, seen = [], []
        for first, until in windows:
            metre = metre_codes(draft.position[first:until])
            cells = draft.cells[first:until]
            rolls.append(padded(Roll(cells, metre, np.ones_like(cells, dtype=bool)), length))
            seen.append(_lengthened(known[first:until], length))
        logp = self.model.log_probabilities(stacked(rolls, seen, [r.phase != "fill" for r in some]))
        views = [
            View(logp[i, : until - first], first, r.first, r.until, self.risk, self.dice)
            for i, (r, (first, until)) in enumerate(zip(some, windows, strict=True))
        ]
        return [self._of_region(r, v, iteration) for r, v in zip(some, views, strict=True)]

    def _of_region(self, region: _Region, view: View, iteration: int) -> list[Alternatives]:
        region.visits += 1
        if region.phase != "fill":
            return sorted(mending(self.draft, view), key=_score)[:MOST_MENDED]
        left = int(self.draft.open[region.first : region.until].sum()) / CELLS_PER_NOTE
        share = self.per_iteration / len(self.regions)
        visits = max(1.0, (FILLED * self.iterations - iteration + 1) * share)
        return filling(self.draft, view, int(np.clip(np.ceil(left / visits), 1, MOST_FILLED)))

    def _make(self, proposals: list[Alternatives], iteration: int) -> set[int]:
        """Make the proposals' events, the surest first; return which were made."""
        made = set()
        for alternatives in sorted(proposals, key=_score):
            if any(self.draft.apply(p, iteration) for p in alternatives):
                made.add(id(alternatives))
            else:
                refused = alternatives[0]
                self.draft.give_up(refused.voice, refused.first, refused.until)
        return made

    def _advance(self, region: _Region, changed: bool) -> None:
        """Go on to the next phase where this one has nothing more to do."""
        draft = self.draft
        if region.phase == "mend":
            late = region.visits > MENDED * self.iterations
            if late or not changed:
                region.phase = "fill"
        if region.phase == "fill":
            is_open = draft.open[region.first : region.until].any()
            if not is_open or draft.may_add < 1:
                region.phase = "polish"
        elif region.phase == "polish" and not changed:
            region.phase = "done"

    def _window(self, region: _Region) -> tuple[int, int]:
        return max(0, region.first - MARGIN), min(len(self.draft), region.until + MARGIN)


def regions(n_steps: int) -> list[_Region]:
    """Return the regions of a piece: one, or stretches of REGION steps."""
    if n_steps <= WHOLE:
        return [_Region(0, n_steps)]
    return [_Region(a, min(a + REGION, n_steps)) for a in range(0, n_steps, REGION)]


def _score(alternatives: Alternatives) -> float:
    return -alternatives[0].score if alternatives else 0.0


def _lengthened(known: Mask, length: int) -> Mask:
    more = np.ones((length - len(known), known.shape[1]), dtype=np.bool_)
    return np.vstack([known, more])


def _batched(items: list[_Region], size: int) -> Iterator[list[_Region]]:
    for first in count(0, size):
        if first >= len(items):
            return
        yield items[first : first + size]
