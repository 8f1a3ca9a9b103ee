"""Temperature and nucleus on what the shipped Transformer really said."""

import math
import random
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from learning.drawing import Pen
from learning.live.pieces import Asked, Choice, Part, Picture, Slider, Sound, Table, Words
from learning.live.tunes import name_of, percent
from ml.lessons import recording, song_of_rows
from ml.music import Song

TECHNIQUES = {"nucleus": "Nucleus", "top_k": "Top-k", "random": "Random"}
DRAWS = 12
BARS = 14
FEW = 0.0005


@dataclass(frozen=True, slots=True)
class Candidate:
    """A note that may come next: its chance before the cut, and whether it was kept."""

    pitch: int | None
    share: float
    kept: bool


def show(asked: Asked) -> Part:
    """Return the distribution as it is sampled, and notes drawn from it."""
    kept = recording("next_notes")
    place = asked.choice("place", [str(i) for i in range(len(kept))], "0")
    technique = asked.choice("technique", list(TECHNIQUES), "nucleus")
    threshold = asked.number("threshold", 0.9, 0.05, 1.0)
    temperature = asked.number("temperature", 1.0, 0.25, 4.0)
    seed = asked.count("seed", 1, 1, 99)
    asked_for = kept[int(place)]
    candidates = shared(asked_for, technique, threshold, temperature)
    n_kept = sum(c.kept for c in candidates)
    drawn = draws(candidates, seed)
    places = [(str(i), f"{row['title']}, {row['where']}") for i, row in enumerate(kept)]
    return Part(
        "Draw the next note",
        "These are real chances, stated by the shipped Transformer for the next sixteenth.",
        [
            Choice("place", "It has heard", places, place),
            Choice("technique", "Sampling technique", list(TECHNIQUES.items()), technique),
            Slider("threshold", "Sampling threshold", threshold, 0.05, 1.0, 0.05,
                   f"{threshold:.2f}"),
            Slider("temperature", "Creative risk (temperature)", temperature, 0.25, 4.0, 0.25,
                   f"{temperature:g}"),
            Slider("seed", "Seed", seed, 1, 99, 1, str(seed)),
        ],
        [
            Words(f"{n_kept} of {len(candidates)} notes stay in the draw. Twelve draws with seed "
                  f"{seed}: {', '.join(name_of(pitch) for pitch in drawn)}. The tune itself goes "
                  f"on with {name_of(asked_for['came'])}."),
            Picture(_bars(candidates), "Filled bars may be drawn, dashed ones are cut off."),
            Sound("What it has heard, then the twelve draws one by one", _heard(asked_for, drawn)),
            Table("The likeliest notes", ["Note", "Chance", "In the draw"], _rows(candidates)),
        ],
        button="Draw",
    )  # fmt: skip


def shared(
    asked_for: Any, technique: str, threshold: float, temperature: float
) -> list[Candidate]:  # fmt: skip
    """Return all notes, the likeliest first, at a temperature, with what a technique keeps."""
    scaled = [logit / temperature for logit in asked_for["logits"]]
    most = max(scaled)
    weights = [math.exp(value - most) for value in scaled]
    total = sum(weights)
    pairs = zip(asked_for["pitches"], weights, strict=True)
    ordered = sorted(pairs, key=lambda pair: -pair[1])
    found, before = [], 0.0
    for rank, (pitch, weight) in enumerate(ordered):
        share = weight / total
        kept = {
            "nucleus": before < threshold,
            "top_k": rank < math.ceil(threshold * len(ordered)),
            "random": True,
        }[technique]
        found.append(Candidate(pitch, share, kept))
        before += share
    return found


def draws(candidates: list[Candidate], seed: int) -> list[int | None]:
    """Return notes drawn from what was kept."""
    kept = [c for c in candidates if c.kept]
    dice = random.Random(seed)
    chosen = dice.choices(kept, weights=[c.share for c in kept], k=DRAWS)
    return [c.pitch for c in chosen]


def _heard(asked_for: Any, drawn: list[int | None]) -> Song:
    """Return the melody so far, followed by each draw as an eighth; a drawn rest is silent."""
    begin = asked_for["heard"]
    eighths = [[0, begin + 2 * i, 2, pitch] for i, pitch in enumerate(drawn) if pitch is not None]
    return song_of_rows([*asked_for["melody"], *eighths])


def _bars(candidates: list[Candidate]) -> SafeString:
    shown = candidates[:BARS]
    highest = max(shown[0].share, 0.05)
    first = ", ".join(f"{name_of(c.pitch)} {percent(c.share)}" for c in shown[:5])
    pen = Pen(640, 220, f"Chances of the next note, the likeliest first: {first}.")
    width = 600 / BARS
    for i, c in enumerate(shown):
        height, x = 160 * c.share / highest, 20 + i * width
        style = "fig__fill" if c.kept else "fig__cut"
        pen.rect(x + 4, 180 - height, width - 8, max(height, 1), style)
        pen.text(x + width / 2, 194, name_of(c.pitch), "fig__tick")
        if c.share > FEW:
            pen.text(x + width / 2, 172 - height, f"{100 * c.share:.0f}", "fig__tick")
    pen.line((20, 180), (620, 180), "fig__axis")
    pen.text(20, 212, "percent", "fig__tick", "start")
    return pen.svg()


def _rows(candidates: list[Candidate]) -> list[list[str]]:
    return [
        [name_of(c.pitch), percent(c.share), "yes" if c.kept else "cut off"] for c in candidates[:8]
    ]
