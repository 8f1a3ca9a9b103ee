"""Where the Transformer looks while it reads a tune. Needs torch: for workers and recordings."""

from __future__ import annotations

from typing import Any

import torch

from ml.lessons.tune import Shares, Tune, grid_of
from ml.models.transformer_frames import Cut, batch, line_of
from ml.models.transformer_net import Block, Transformer, rotary_angles, rotated
from ml.music.voices import STEPS_PER_BEAT, metre_of


@torch.no_grad()
def attended(network: Transformer, tune: Tune) -> Shares:
    """Return how each head shares its attention among the beats before, for every beat."""
    pitch, strike = grid_of(tune)
    position, _, bar_steps = metre_of(tune.song, tune.steps)
    style = "dance" if all(row[0] == 0 for row in tune.rows) else "chorale"
    line = line_of(pitch, strike, position, bar_steps, style)
    frames = batch([Cut(line, 0, tune.steps, 0, 0)], 1, tune.steps)
    seen = list[tuple[torch.Tensor, torch.Tensor]]()
    taught = _Watched(network)
    taught.trunk(frames, seen)
    return [[_by_beat(head) for head in layer] for layer in taught.weights]


class _Watched:
    """Runs the trunk once and keeps the attention of every block."""

    def __init__(self, network: Transformer) -> None:
        self.network = network
        self.weights: list[torch.Tensor] = []

    def trunk(self, frames: Any, seen: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
        handles = [
            block.norm_attention.register_forward_hook(self._watch(block))  # type: ignore[union-attr]
            for block in self.network.blocks
        ]
        try:
            self.network.trunk(frames, torch.float32, seen=seen)
        finally:
            for handle in handles:
                handle.remove()

    def _watch(self, block: Any) -> Any:
        def keep(_module: Any, _inputs: Any, x: torch.Tensor) -> None:
            self.weights.append(_attention_of(self.network, block, x)[0])

        return keep


def _attention_of(network: Transformer, block: Block, x: torch.Tensor) -> torch.Tensor:
    """Return the attention (B, H, T, T) that a block pays for normalized inputs (B, T, C)."""
    n_rows, n_frames, _ = x.shape
    q, k, _ = (
        part.view(n_rows, n_frames, block.n_heads, -1).transpose(1, 2)
        for part in block.qkv(x).chunk(3, dim=-1)
    )
    cos, sin = rotary_angles(network.config, torch.arange(n_frames))
    q, k = rotated(q, cos, sin), rotated(k, cos, sin)
    scores = q * q.shape[-1] ** -0.5 @ k.transpose(-1, -2)
    later = torch.triu(torch.ones(n_frames, n_frames, dtype=torch.bool), diagonal=1)
    found: torch.Tensor = scores.masked_fill(later, -torch.inf).softmax(dim=-1)
    return found


def _by_beat(head: torch.Tensor) -> list[list[int]]:
    beats = head.shape[-1] // STEPS_PER_BEAT
    asking = head[STEPS_PER_BEAT - 1 :: STEPS_PER_BEAT]
    summed = asking.view(beats, beats, STEPS_PER_BEAT).sum(dim=-1)
    return [[round(1000 * float(x)) for x in row[: i + 1]] for i, row in enumerate(summed)]
