"""The checkpoint of a run: two files that belong together, and what an exact resume needs.

`checkpoint.safetensors` holds tensors (weights, averages, optimizers, the states of torch's random
numbers), `checkpoint.json` all that is JSON. Both carry one stamp; a torn pair is never read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

TENSORS, ABOUT = "checkpoint.safetensors", "checkpoint.json"

Tensors = Mapping[str, Tensor]


class TornCheckpoint(Exception):
    """The two files do not belong together."""


def write_checkpoint(folder: Path, tensors: Tensors, about: Mapping[str, Any], stamp: str) -> None:
    """Write both files; a kill at any moment leaves the old pair or the new one to be read."""
    file, about_file = folder / TENSORS, folder / ABOUT
    coming, part = folder / f"{ABOUT}.next", file.with_suffix(".part")
    found = {name: t.detach().cpu().contiguous() for name, t in tensors.items()}
    save_file(found, part, metadata={"stamp": stamp})
    write_text(coming, json.dumps({"stamp": stamp, **about}))
    part.replace(file)
    coming.replace(about_file)


def read_checkpoint(folder: Path) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
    """Return tensors and JSON values of the checkpoint in a folder, None if there is none.

    :raises TornCheckpoint: if the files do not belong together
    """
    file = folder / TENSORS
    if not file.exists():
        return None
    with safe_open(file, framework="pt") as opened:
        stamp = str((opened.metadata() or {}).get("stamp"))
    for name in (ABOUT, f"{ABOUT}.next"):  # a stop between the two renames leaves `next`
        candidate = folder / name
        if candidate.exists():
            about: dict[str, Any] = json.loads(candidate.read_text())
            if about["stamp"] == stamp:
                return {n: t.clone() for n, t in load_file(file).items()}, about
    raise TornCheckpoint


def write_text(file: Path, text: str) -> None:
    """Write a text file as a whole or not at all."""
    part = file.with_name(file.name + ".part")
    part.write_text(text)
    part.replace(file)


def flatten_optimizer(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Return an optimizer's state as tensors by name; `restore_optimizer` reads it back."""
    return {
        f"optimizer.{number}.{key}": value if isinstance(value, Tensor) else torch.tensor(value)
        for number, entry in optimizer.state_dict()["state"].items()
        for key, value in entry.items()
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: Tensors) -> None:
    """Give an optimizer the state that `flatten_optimizer` returned.

    Each tensor lies in memory as its weight does: fused optimizers go through both in step.
    """
    weights = [p for group in optimizer.param_groups for p in group["params"]]
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimizer."):
            _, text, key = name.split(".", 2)
            like = weights[int(text)]
            if tensor.shape == like.shape and tensor.dim():
                tensor = torch.empty_like(like, dtype=tensor.dtype).copy_(tensor)
            state.setdefault(int(text), {})[key] = tensor
    whole = optimizer.state_dict()
    optimizer.load_state_dict({**whole, "state": state})


def torch_states() -> dict[str, Tensor]:
    """Return the states of torch's own random numbers, as tensors by name."""
    states = {"random.cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states["random.cuda"] = torch.cuda.get_rng_state()
    return states


def restore_torch_states(tensors: Tensors) -> None:
    """Let torch's random numbers go on as `torch_states` found them."""
    torch.set_rng_state(tensors["random.cpu"])
    if torch.cuda.is_available() and "random.cuda" in tensors:
        torch.cuda.set_rng_state(tensors["random.cuda"])


def numpy_state(random: np.random.Generator) -> dict[str, Any]:
    """Return a generator's state as JSON values; assign it to `bit_generator.state` again."""
    return dict(random.bit_generator.state)
