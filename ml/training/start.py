"""Training on from weights that are there: how a shipped model is fine-tuned on other music."""

from __future__ import annotations

import hashlib
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from ml.training.run import TrainingRefused


def begin_from(file: Path, network: nn.Module) -> None:
    """Give a network the weights of a safetensors file, in the network's own precision.

    :raises TrainingRefused: if the file cannot be read or belongs to another network
    """
    try:
        network.load_state_dict(load_file(file))
    except (OSError, SafetensorError):
        raise TrainingRefused(f"{file} cannot be read: it is no safetensors file.") from None
    except RuntimeError:
        raise TrainingRefused(f"The weights in {file} are those of another network.") from None


def hash_of(file: Path | None) -> str | None:
    """Return the SHA-256 of the weights that a run begins from, None without.

    :raises TrainingRefused: if there is no such file
    """
    if file is None:
        return None
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        raise TrainingRefused(f"There is no file {file}.") from None
