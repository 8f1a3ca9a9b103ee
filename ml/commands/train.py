"""`python -m ml train`: train one of the models into a folder; it can be stopped and resumed."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

from ml.commands.generate import seed
from ml.techniques import WEIGHTS
from ml.training.presets import KINDS, PRESETS, preset

ALL = "all"
STYLES = (ALL, "chorale", "madrigal", "quartet", "dance", "arcade")

PRESET_NAMES = tuple(preset.name for preset in PRESETS["gan"])
SIZES = ("shipped", "medium", "small", "tiny")

_GAN_ONLY = ("algorithm", "batch_size", "critic_updates")
_OPTIONAL = (*_GAN_ONLY, "learning_rate", "points_every", "size", "weights")


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
    command.add_argument(
        "--preset", choices=PRESET_NAMES,
        help="sizes and iterations for about 2 minutes, 15 minutes or 8 hours of one core; what is "
        "set beside it counts",
    )  # fmt: skip
    command.add_argument("--learning-rate", type=positive_number, metavar="RATE")
    command.add_argument(
        "--points-every", type=whole_number, metavar="N", help="iterations between two points"
    )
    command.add_argument(
        "--weights", type=Path, metavar="FILE", help="begin from these (not the gan): fine-tuning"
    )
    command.add_argument(
        "--size", choices=SIZES,
        help="shipped (the default); gan also: small, medium; tiny learns in seconds",
    )  # fmt: skip
    command.add_argument(
        "--json",
        action="store_true",
        help="progress as JSON lines on stderr; then a line of card, losses, metrics, paths",
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
        from ml.training.report import report

        print(json.dumps(finite(report(card, options.out)), allow_nan=False))
        return 0
    trained = card["trained"]
    print(f"{options.out / card['name']}.safetensors: {trained['iterations']} iterations "
          f"in {trained['minutes']} minutes on {trained['device']}")  # fmt: skip
    if not trained["complete"]:
        print("The run was stopped: --resume goes on with it.")
    return 0


def _problem(options: argparse.Namespace) -> str:
    """Return why the options do not go together, or an empty text."""
    if options.iterations is None and options.minutes is None and options.preset is None:
        return "Give the run a budget: --iterations N, --minutes N or --preset quick."
    if options.iterations is not None and options.minutes is not None:
        return "Give either --iterations or --minutes."
    if options.style is None and options.data is None:
        return "Say what to train on: --style S for the prepared corpora, or --data DIR."
    if options.kind == "ar_cnn" and options.style == ALL:
        return "The editor is trained on one style: --style chorale, for example."
    if options.data is not None and not options.data.is_dir():
        return f"There is no folder {options.data}."
    return _foreign(options)


def _foreign(options: argparse.Namespace) -> str:
    """Return which option belongs to another kind of model, or an empty text."""
    if options.kind == "gan":
        if options.weights is not None:
            return "A gan begins anew: its weight file holds no critic, so leave out --weights."
        return ""
    if options.size in {"small", "medium"}:
        return f"The size {options.size} belongs to the gan."
    foreign = [name for name in _GAN_ONLY if getattr(options, name) is not None]
    return f"--{foreign[0].replace('_', '-')} belongs to the gan." if foreign else ""


def _arguments(options: argparse.Namespace) -> dict[str, Any]:
    """Return what the training function is called with; what is not set keeps its default."""
    chosen = {n: getattr(options, n) for n in _OPTIONAL if getattr(options, n) is not None}
    return {
        **(_preset_of(options) if options.preset else {"iterations": options.iterations}),
        "style": options.style or ALL,
        "data": options.data,
        "out": options.out,
        "minutes": options.minutes,
        "seed": options.seed,
        "resume": options.resume,
        "device": options.device,
        "as_json": options.json,
        **chosen,
    }


def _preset_of(options: argparse.Namespace) -> dict[str, Any]:
    """Return a preset's settings as arguments; with minutes, these are the budget instead."""
    found = dict(preset(options.kind, options.preset).settings)
    if found.pop("begin_from", "") == "shipped":
        found["weights"] = WEIGHTS / f"{options.kind}.safetensors"
    if options.minutes is not None:
        found["iterations"] = None
    elif options.iterations is not None:
        found["iterations"] = options.iterations
    return found


def _refused(text: str) -> int:
    print(f"python -m ml: {text}", file=sys.stderr)
    return 1
