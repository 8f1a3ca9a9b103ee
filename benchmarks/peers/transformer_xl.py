"""The Transformer-XL: performance events, relative positions, hidden states kept as memory."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Sequence

import torch
from torch import Tensor, nn

LAYERS, HEADS, WIDTH, HEAD, INNER = 4, 10, 500, 50, 1000
VOCABULARY = 310
PROMPT = 100  # tokens of the input that its sample code continues
PARAMETERS = 9_170_310


class Layer(nn.Module):
    """Attention over memory and input with relative positions, then two linear maps; post-norm."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * HEADS * HEAD, bias=False)
        self.position = nn.Linear(WIDTH, HEADS * HEAD, bias=False)
        self.merge = nn.Linear(HEADS * HEAD, WIDTH, bias=False)
        self.norm = nn.LayerNorm(WIDTH)
        self.forward_part = nn.Sequential(
            nn.Linear(WIDTH, INNER), nn.ReLU(), nn.Linear(INNER, WIDTH)
        )
        self.forward_norm = nn.LayerNorm(WIDTH)

    def forward(self, x: Tensor, memory: Tensor, positions: Tensor, u: Tensor, v: Tensor) -> Tensor:
        """Return x (1, WIDTH) after the layer; memory is (M, WIDTH), positions (M + 1, WIDTH)."""
        whole = torch.cat([memory, x])  # the memory is projected anew at every token
        query, key, value = self.qkv(whole).view(len(whole), 3, HEADS, HEAD).unbind(dim=1)
        query = query[-1:]
        relative = self.position(positions).view(-1, HEADS, HEAD)
        content = torch.einsum("qhd,khd->hqk", query + u, key)
        place = torch.einsum("qhd,khd->hqk", query + v, relative)
        weight = ((content + place) / math.sqrt(HEAD)).softmax(dim=-1)
        heard = torch.einsum("hqk,khd->qhd", weight, value).reshape(1, HEADS * HEAD)
        x = self.norm(x + self.merge(heard))
        found: Tensor = self.forward_norm(x + self.forward_part(x))
        return found


class TransformerXL(nn.Module):
    """The event decoder with tied embeddings."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.bias = nn.Parameter(torch.zeros(VOCABULARY))
        self.u = nn.Parameter(torch.zeros(HEADS, HEAD))
        self.v = nn.Parameter(torch.zeros(HEADS, HEAD))
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def forward(self, token: Tensor, memories: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """Return logits (1, VOCABULARY) for a token (1,) and the memories (M, WIDTH) by layer."""
        x = self.embedding(token) * math.sqrt(WIDTH)
        positions = _sinusoids(len(memories[0]) + 1)
        longer = []
        for layer, memory in zip(self.layers, memories, strict=True):
            longer.append(torch.cat([memory, x]))
            x = layer(x, memory, positions, self.u, self.v)
        return x @ self.embedding.weight.T + self.bias, longer


def _sinusoids(length: int) -> Tensor:
    back = torch.arange(length - 1, -1, -1.0)
    rates = 1 / 10_000 ** (torch.arange(0, WIDTH, 2.0) / WIDTH)
    angles = back[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)


@torch.inference_mode()
def seconds_per_token(net: TransformerXL, memory: int, *, runs: int = 5) -> float:
    """Return the median processor seconds of one sampled token with `memory` tokens behind it."""
    taken = []
    for _ in range(runs + 1):
        memories = [torch.randn(memory, WIDTH) for _ in range(LAYERS)]
        began = time.process_time()
        logits, _ = net(torch.zeros(1, dtype=torch.long), memories)
        torch.multinomial((logits[0] / 0.95).softmax(dim=0), 1)
        taken.append(time.process_time() - began)
    return sorted(taken[1:])[runs // 2]


def seconds_for(net: TransformerXL, tokens: int, *, places: int = 6) -> float:
    """Return how long `tokens` tokens after a prompt take, from single steps along the way."""
    at = [round(PROMPT + tokens * (place + 0.5) / places) for place in range(places)]
    steps = [seconds_per_token(net, memory) for memory in at]
    return tokens * sum(steps) / places


def event_count(starts: Sequence[float], ends: Sequence[float]) -> int:
    """Return how many events some notes take: on, off, and time shifts of at most a second.

    Times are in seconds. Velocities, which only change now and then, are not counted.
    """
    moments = sorted({round(moment, 2) for moment in (*starts, *ends)})
    gaps = (later - earlier for earlier, later in itertools.pairwise(moments))
    return len(starts) + len(ends) + sum(math.ceil(gap - 1e-9) for gap in gaps)
