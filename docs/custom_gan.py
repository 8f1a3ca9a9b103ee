"""Train a GAN of your own, step by step: the well-known notebook on music GANs, as a plain script.

    python docs/custom_gan.py --iterations 500 --out my-gan

Eight steps, each a function below: prepare, look, define, train, restore, losses, measures and
film, play. On one core 500 iterations take two minutes; after 50 you hear voices, after
200 something like a chorale. Everything that the script makes lies in the folder.
`--data FOLDER` takes MIDI files of your own instead of Bach's chorales.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ml.data.grids import COURSE_SHAPE, FOLDER, course_view, pieces
from ml.data.melodies import MELODIES, to_song
from ml.data.own import NoUsableMusic, files_below, parts_in, survey
from ml.data.phrases import phrases_of
from ml.data.prepare import prepare_style
from ml.models import Models, generate
from ml.music.evolution import picture_of, write_video
from ml.techniques import AccompanyParameters
from ml.training import gan
from ml.training.gan_sizes import config_of
from ml.training.plot import draw_curves
from ml.training.run import TrainingRefused

STYLE = "chorale"
TUNE = "Twinkle, Twinkle, Little Star"
LOSSES = ("generator_loss", "critic_loss", "ce")


def prepare(data: Path | None, grids: Path) -> None:
    """1. Turn music into arrays: four voices on a grid of 16ths, split by piece.

    The course's set of 229 two-bar phrases is a view of the same grids. It trains and evaluates on
    one set; here a piece that measures the model has never trained it.
    """
    if data is None:
        found = prepare_style(STYLE, cache=Path("var/corpus"), folder=grids)
        print(f"1. Chorales: {found['train']['files']} train, {found['valid']['files']} hold out.")
        return
    totals = survey(files_below(data), parts=parts_in(data)).totals
    print(f"1. Your files: {totals['used']} of {totals['files']} are used, "
          f"{totals['train']['accompanied']} phrases to train on.")  # fmt: skip


def look(data: Path | None, grids: Path) -> None:
    """2. Look at the data: its shape, and what is in a piece."""
    if data is not None:
        return
    train = pieces(STYLE, "train", folder=grids)
    phrases = sum(phrases_of(piece)[0] for piece in train)
    print(f"2. {phrases} phrases of 64 steps and 4 voices; the first piece has the shape "
          f"{train[0].pitch.shape}.")  # fmt: skip
    if len(train) >= COURSE_SHAPE[0]:
        print(f"   The course's view of it: {course_view(folder=grids).shape}.")


def define(size: str) -> dict[str, Any]:
    """3. Define the model: the sizes of the generator; the critic is made to match."""
    config = config_of(size, "unet")
    print(f"3. A U-Net of widths {config.widths}; noise of {config.z_channels} channels.")
    return {"algorithm": "unet", "size": size, "critic_updates": 2, "batch_size": 16}


def train(
    model: dict[str, Any], data: Path | None, grids: Path, out: Path, *, iterations: int, seed: int
) -> dict[str, Any]:
    """4. Train: first cross-entropy alone, then critic and generator in turns (WGAN-GP).

    A run that was stopped goes on from its checkpoint with `resume=True`, to the last bit.
    """
    card = gan.train(
        style=STYLE, data=data, prepared=grids, out=out, iterations=iterations, minutes=None,
        seed=seed, resume=(out / "checkpoint.json").exists(), device="cpu", as_json=False,
        points_every=25, **model,
    )  # fmt: skip
    assert card is not None  # nobody paused it
    trained = card["trained"]
    print(f"4. {trained['iterations']} iterations in {trained['minutes']} minutes.")
    return card


def restore(out: Path) -> Models:
    """5. Restore: the folder of a run is all that a generation needs."""
    models = Models(out)
    models.get("accompany")
    print(f"5. {models.card('accompany', AccompanyParameters()).name} is loaded from {out}.")
    return models


def plot(card: dict[str, Any], out: Path) -> None:
    """6. Plot the losses, and the measures beside what held-out music reads.

    The losses of a GAN do not go to zero: each network is judged by another that learns too. So
    look at the measures, and at whether they come into the gray band.
    """
    curve, held_out = card["curves"], card["held_out"]
    for name, only in (("losses", LOSSES), ("measures", tuple(held_out))):
        drawn = draw_curves(curve, title=name, bands=held_out, only=only)
        (out / f"{name}.svg").write_text(drawn)
    print(f"6. {out / 'losses.svg'} and {out / 'measures.svg'}; at the end:")
    for name, reference in held_out.items():
        print(f"   {name:22}{curve[-1].get(name, float('nan')):8.3f}   held out "
              f"{reference['low']:.3f} to {reference['high']:.3f}")  # fmt: skip


def show_evolution(card: dict[str, Any], out: Path) -> None:
    """7. Watch it learn: what it played to the same melodies with the same noise, as a film."""
    kept = json.loads((out / card["samples_file"]).read_text())
    samples, melodies = kept["samples"], kept["melodies"]
    film = write_video(
        samples, out / "evolution.webm", melodies=melodies, points=card["curves"],
        title=f"seed {card['seed']}",
    )  # fmt: skip
    for sample in (samples[0], samples[len(samples) // 2], samples[-1]):
        picture = picture_of(
            sample, melodies=melodies, points=card["curves"], last=samples[-1]["iteration"]
        )
        picture.save(out / f"iteration-{sample['iteration']}.png")
    print(f"7. {film} with {len(samples)} pictures. Do you see a difference? Do you hear one?")


def play(models: Models, out: Path) -> None:
    """8. Inference on a melody that it has never heard; the whole of it, not two bars."""
    song = to_song(next(m for m in MELODIES if m.title == TUNE))
    (out / "twinkle.mid").write_bytes(song.to_midi())
    found = generate("accompany", song, AccompanyParameters(), seed=1, models=models)
    (out / "twinkle-accompanied.mid").write_bytes(found.song.to_midi())
    print(f"8. {out / 'twinkle-accompanied.mid'}: {found.added} notes for {TUNE}.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Walk through all steps."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--iterations", type=int, default=500)
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="MIDI files of your own")
    parser.add_argument("--size", choices=("small", "medium", "shipped", "tiny"), default="small")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--grids", type=Path, default=FOLDER, metavar="FOLDER")
    options = parser.parse_args(arguments)
    out: Path = options.out
    prepare(options.data, options.grids)
    look(options.data, options.grids)
    model = define(options.size)
    card = train(model, options.data, options.grids, out, iterations=options.iterations,
                 seed=options.seed)  # fmt: skip
    models = restore(out)
    plot(card, out)
    show_evolution(card, out)
    play(models, out)


if __name__ == "__main__":
    try:
        main()
    except (TrainingRefused, NoUsableMusic) as problem:
        sys.exit(str(problem))
