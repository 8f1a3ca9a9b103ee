"""Weights from the disk into a network: checked against their card, never pickled.

A weight file is safetensors, which holds nothing but arrays; its card's hash is compared before
anything is read. Whatever is wrong with a file becomes `ModelUnavailable`, so that one damaged
file takes one technique away and not the process.
"""

from __future__ import annotations

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from ml.techniques import WEIGHTS, Card, ModelUnavailable, read_card
from ml.words import _


def weights(name: str, folder: Path = WEIGHTS) -> tuple[dict[str, Tensor], Card]:
    """Return the tensors of a weight file as they are stored (mostly fp16), and its card.

    :raises ModelUnavailable: if the file or its card is missing, unreadable or damaged
    """
    card = read_card(name, folder=folder)
    try:
        return load_file(folder / f"{name}.safetensors"), card
    except (OSError, SafetensorError) as error:
        raise ModelUnavailable(card.technique, _unreadable(name)) from error


def fill(network: nn.Module, tensors: dict[str, Tensor], card: Card) -> None:
    """Give a network its weights, in the network's own precision, and set it to inference.

    :raises ModelUnavailable: if a tensor is missing, unknown or of another shape
    """
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        raise ModelUnavailable(
            card.technique,
            _("The weights {name} do not fit the model: they are of another one.").format(
                name=card.name
            ),
        ) from error
    network.eval()
    network.requires_grad_(False)


def _unreadable(name: str) -> str:
    return _("The weights {name} cannot be read: they are no safetensors file.").format(name=name)
