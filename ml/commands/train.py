"""`python -m ml train`: train one of the models into a folder; it can be stopped and resumed."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

from ml.commands.generate import seed

ALL = "all"
KINDS = ("gan", "ar_cnn", "transformer")
STYLES = (ALL, "chorale", "madrigal", "quartet", "dance", "arcade")

_GAN_ONLY = ("algorithm", "batch_size", "critic_updates")
_OPTIONAL = (*_GAN_ONLY, "learning_rate", "weights")


def add(commands: Any) -> None:
    """Add the command to the parser's commands."""
    command = commands.add_parser("train", help="train a model")
    command.add_argument("kind", choices=KINDS)
    command.add_argument("--style", choices=STYLES, help="music of the prepared corpora")
    command.add_argument("--data", type=Path, metavar="DIR", help="a folder of MIDI files instead")
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    command.add_argument("--iterations", type=whole_number, metavar="N")
    command.add_argument("--minutes", type=positive_number, metavar="N")
    command.add_argument("--seed", type=seed, default=0)
    command.add_argument("--resume", action="store_true", help="go on with the run in --out")
    command.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    command.add_argument("--learning-rate", type=positive_number, metavar="RATE")
    command.add_argument(
        "--weights", type=Path, metavar="FILE", help="begin from these (not the gan): fine-tuning"
    )
    command.add_argument(
        "--size", default="shipped", choices=("shipped", "tiny"), help="tiny: learns in seconds"
    )
    command.add_argument(
        "--json", action="store_true", help="progress as JSON lines, then the card"
    )
    gan = command.add_argument_group("gan only")
    gan.add_argument("--algorithm", choices=("unet", "musegan"))
    gan.add_argument("--batch-size", type=whole_number, metavar="N")
    gan.add_argument("--critic-updates", type=whole_number, metavar="N")
    command.set_defaults(run=run)


def whole_number(text: str) -> int:
    """Return a whole number above 0 from text.

    :raises argparse.ArgumentTypeError: if it is none
    """
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:20]) < 10**9:
        raise argparse.ArgumentTypeError("a whole number from 1 up")
    return int(text)


def positive_number(text: str) -> float:
    """Return a finite number above 0 from text.

    :raises argparse.ArgumentTypeError: if it is none
    """
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("a number above 0")
    return number


def run(options: argparse.Namespace) -> int:
    """Train, and print the card's essentials; 1 and one line if training cannot start."""
    if problem := _problem(options):
        return _refused(problem)
    import torch

    if options.device == "cuda" and not torch.cuda.is_available():
        return _refused("There is no CUDA device here: --device auto takes what there is.")
    from ml.data.grids import NotPrepared
    from ml.data.own import NoUsableMusic
    from ml.evaluation.figures import finite
    from ml.training.run import TrainingRefused

    module = importlib.import_module(f"ml.training.{options.kind}")
    try:
        card = module.train(**_arguments(options))
    except (TrainingRefused, NotPrepared, NoUsableMusic) as error:
        return _refused(str(error))
    if options.json:
        print(json.dumps(finite(card), allow_nan=False))
        return 0
    trained = card["trained"]
    print(f"{options.out / card['name']}.safetensors: {trained['iterations']} iterations "
          f"in {trained['minutes']} minutes on {trained['device']}")  # fmt: skip
    if not trained["complete"]:
        print("The run was stopped: --resume goes on with it.")
    return 0


def _problem(options: argparse.Namespace) -> str:
    """Return why the options do not go together, or an empty text."""
    if options.iterations is None and options.minutes is None:
        return "Give the run a budget: --iterations N or --minutes N."
    if options.iterations is not None and options.minutes is not None:
        return "Give either --iterations or --minutes."
    if options.style is None and options.data is None:
        return "Say what to train on: --style S for the prepared corpora, or --data DIR."
    if options.kind == "ar_cnn" and options.style == ALL:
        return "The editor is trained on one style: --style chorale, for example."
    if options.data is not None and not options.data.is_dir():
        return f"There is no folder {options.data}."
    if options.kind == "gan" and options.weights is not None:
        return "A gan begins anew: its weight file holds no critic, so leave out --weights."
    foreign = [name for name in _GAN_ONLY if getattr(options, name) is not None]
    if options.kind != "gan" and foreign:
        return f"--{foreign[0].replace('_', '-')} belongs to the gan."
    return ""


def _arguments(options: argparse.Namespace) -> dict[str, Any]:
    """Return what the training function is called with; what is not set keeps its default."""
    chosen = {n: getattr(options, n) for n in _OPTIONAL if getattr(options, n) is not None}
    return {
        "style": options.style or ALL,
        "data": options.data,
        "out": options.out,
        "iterations": options.iterations,
        "minutes": options.minutes,
        "seed": options.seed,
        "resume": options.resume,
        "device": options.device,
        "as_json": options.json,
        "size": options.size,
        **chosen,
    }


def _refused(text: str) -> int:
    print(f"python -m ml: {text}", file=sys.stderr)
    return 1
