"""Gradient descent on a real melody: guess the next note from the one before."""

import math
from itertools import pairwise

from django.utils.safestring import SafeString

from learning.drawing import Chart, Pen
from learning.live.pieces import Asked, Choice, Part, Picture, Slider, Sound, Stat, Stats, Words
from learning.live.tunes import tune_choice, tune_of
from ml.music import Song

RATES = ("0.01", "0.1", "0.4", "0.9", "1.05")
MOST = 1e6
SEMITONES = 4.0


def show(asked: Asked) -> Part:
    """Return the loss step by step, and what the two weights came to."""
    tune = tune_choice(asked)
    title, song = tune_of(tune)
    rate = asked.choice("rate", RATES, "0.1")
    steps = asked.count("steps", 20, 1, 60)
    losses, weight, bias = descend(song, float(rate), steps)
    return Part(
        "Roll downhill",
        "One neuron guesses the next note of a melody: weight × note + bias. Each step moves both "
        "numbers a little against the slope of the loss.",
        [
            tune,
            Choice("rate", "Learning rate", [(r, r) for r in RATES], rate),
            Slider("steps", "Steps", steps, 1, 60, 1, str(steps)),
        ],
        [
            Words(_sentence(title, losses, float(rate))),
            Picture(_curve(losses)),
            Stats([
                Stat("Weight", f"{weight:.3g}"), Stat("Bias", f"{bias:.3g}"),
                Stat("Loss at first", f"{losses[0]:.2f}"), Stat("Loss now", f"{losses[-1]:.3g}"),
            ]),
            Sound(title, song),
        ],
        button="Train",
    )  # fmt: skip


def descend(song: Song, rate: float, steps: int) -> tuple[list[float], float, float]:
    """Return the losses before and after each step, and the weight and bias at the end.

    Notes count in fours of semitones from the melody's middle. The loss is the mean squared
    error of the next note; both numbers begin badly wrong.
    """
    pitches = song.tracks[0].notes.pitch.tolist()
    middle = sum(pitches) / len(pitches)
    line = [(pitch - middle) / SEMITONES for pitch in pitches]
    pairs = list(pairwise(line))
    weight, bias, losses = -0.5, 1.0, list[float]()
    for step in range(steps + 1):
        errors = [(weight * x + bias - y, x) for x, y in pairs]
        losses.append(min(sum(e * e for e, _ in errors) / len(pairs), MOST))
        if step < steps and losses[-1] < MOST:
            weight -= rate * 2 * sum(e * x for e, x in errors) / len(pairs)
            bias -= rate * 2 * sum(e for e, _ in errors) / len(pairs)
    return losses, weight, bias


def _sentence(title: str, losses: list[float], rate: float) -> str:
    if losses[-1] > losses[0]:
        return f"With a rate of {rate:g} every step overshoots: the loss grows instead of falling."
    left = losses[-1] / losses[0]
    wrong = SEMITONES * math.sqrt(losses[-1])
    return (
        f"On {title} the loss fell to {left:.0%} of where it began: the guess is now wrong by "
        f"about {wrong:.1f} semitones."
    )


def _curve(losses: list[float]) -> SafeString:
    top = max(min(max(losses), 10 * losses[0]), 0.1)
    words = f"The loss over {len(losses) - 1} steps, from {losses[0]:.2f} to {losses[-1]:.3g}."
    pen = Pen(640, 240, words)
    chart = Chart(pen, (640, 240), (0, max(len(losses) - 1, 1)), (0, top))
    chart.axes("steps", "loss")
    chart.curve(enumerate(losses), "fig__curve")
    return pen.svg()
