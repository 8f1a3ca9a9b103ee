"""Tiny weights of all models, random and made on the spot: real files for the real handlers."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

SEED = 7


def write_tiny_weights(folder: Path) -> Path:
    """Write weights and cards of every technique that fit in some hundred kilobytes."""
    import torch

    from ml.models.ar_cnn_net import TINY as EDITOR
    from ml.models.ar_cnn_net import ArCnn
    from ml.models.gan_dice import Heat
    from ml.models.gan_nets import GanConfig, Generator
    from ml.models.transformer_net import TINY as EXTENDER
    from ml.models.transformer_net import Transformer

    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    write(folder, "transformer", "extend", Transformer(EXTENDER), EXTENDER.as_dict())
    write(folder, "ar_cnn", "edit", ArCnn(EDITOR), EDITOR.as_dict())
    for algorithm in ("unet", "musegan"):
        sizes = GanConfig(algorithm=algorithm, widths=(8, 8, 8, 8), z_channels=4, z_private=2)
        network, heat = Generator(sizes), asdict(Heat())
        write(folder, f"gan_{algorithm}", "accompany", network, sizes.as_dict(), heat=heat)
    return folder


def write(
    folder: Path, name: str, technique: str, network: Any, config: Mapping[str, Any], **more: Any
) -> None:
    from safetensors.torch import save_file

    file = folder / f"{name}.safetensors"
    save_file({key: value.contiguous() for key, value in network.state_dict().items()}, file)
    card = {
        "name": name,
        "technique": technique,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "config": dict(config),
        **more,
    }
    (folder / f"{name}.json").write_text(json.dumps(card))
