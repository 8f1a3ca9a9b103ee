"""The smallest generative model: which note follows which, counted, and then drawn."""

import random
from collections import Counter, defaultdict

from learning.live.pieces import Asked, Choice, Part, RollPiece, Slider, Sound, Table, Words
from learning.live.tunes import name_of, of_steps, percent, tune_choice, tune_of
from ml.music import Song
from ml.music.drawing import roll_of

LENGTH = 32
MOST_ROWS = 8

Context = tuple[int, ...]


def show(asked: Asked) -> Part:
    """Return a new melody drawn from the counts of a known one."""
    tune = tune_choice(asked)
    title, song = tune_of(tune)
    memory = Choice(
        "memory", "It remembers", [("1", "one note"), ("2", "two notes")],
        asked.choice("memory", ["1", "2"], "1"),
    )  # fmt: skip
    seed = asked.count("seed", 1, 1, 99)
    counts = counted(song, int(memory.value))
    drawn = generate(counts, song, int(memory.value), seed)
    written = of_steps([(i, 1, p) for i, p in enumerate(drawn)], 240)
    return Part(
        "The smallest generative model",
        "It counts which note follows which in a melody, then draws a new one from the counts.",
        [tune, memory, Slider("seed", "Seed", seed, 1, 99, shown=str(seed))],
        [
            Words(f"Learned from {title}: {len(counts)} contexts. The new melody has {len(drawn)} "
                  "notes; another seed draws another one, and the same seed the same."),
            RollPiece(roll_of(written), "What it wrote", written),
            Sound(f"What it learned from: {title}", song),
            Table("What follows what", ["After", "Comes", "Chance"], _rows(counts), numeric=False),
        ],
        button="Write a melody",
    )  # fmt: skip


def counted(song: Song, memory: int) -> dict[Context, Counter[int]]:
    """Return how often each pitch follows each context of `memory` pitches."""
    pitches = song.tracks[0].notes.pitch.tolist()
    counts: dict[Context, Counter[int]] = defaultdict(Counter)
    for i in range(memory, len(pitches)):
        counts[tuple(pitches[i - memory : i])][pitches[i]] += 1
    return dict(counts)


def generate(
    counts: dict[Context, Counter[int]], song: Song, memory: int, seed: int
) -> list[int]:  # fmt: skip
    """Return pitches drawn one after another, beginning as the melody does."""
    dice = random.Random(seed)
    drawn: list[int] = song.tracks[0].notes.pitch.tolist()[:memory]
    begin = list(drawn)
    while len(drawn) < LENGTH:
        following = counts.get(tuple(drawn[-memory:]))
        if not following:  # the melody's very end: begin again
            drawn += begin
            continue
        drawn.append(dice.choices(list(following), weights=list(following.values()))[0])
    return drawn[:LENGTH]


def _rows(counts: dict[Context, Counter[int]]) -> list[list[str]]:
    often = sorted(counts.items(), key=lambda item: -item[1].total())[:MOST_ROWS]
    rows = []
    for context, following in often:
        total = following.total()
        most = following.most_common(3)
        rows.append([
            " ".join(name_of(p) for p in context),
            ", ".join(name_of(p) for p, _ in most),
            ", ".join(percent(n / total) for _, n in most),
        ])  # fmt: skip
    return rows
