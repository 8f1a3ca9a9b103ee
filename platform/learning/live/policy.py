"""An agent that learns by reward alone to mend a melody, and what its reward really asks for."""

import random
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.utils.safestring import SafeString

from learning.drawing import Chart, Pen
from learning.live.pieces import (
    Asked,
    Choice,
    Part,
    Picture,
    RollPiece,
    Slider,
    Sound,
    Stat,
    Stats,
    Table,
    Words,
)
from learning.live.tunes import name_of, percent, tunes
from ml.metrics.grid import material_of
from ml.metrics.harmony import scale_consistency
from ml.music import Notes, Song, Track
from ml.music.drawing import roll_of

ACTIONS = (-1, 0, 1)
NAMES = {-1: "a semitone down", 0: "leave it", 1: "a semitone up"}
NOTES = 30
LEARNING_RATE = 0.3
PATIENCE = 0.05

Values = dict[tuple[int, int], float]
"""What the agent expects of an action (second) at a pitch class (first), in points."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of some episodes: points won in each, the values learned, the last melody."""

    rewards: tuple[float, ...]
    values: Values
    melody: tuple[int, ...]


def melody() -> tuple[int, ...]:
    """Return the pitches of the first bars of Ode to Joy with wrong notes."""
    return tuple(tunes()["ode-to-joy-off-key"][1].tracks[0].notes.pitch[:NOTES].tolist())


@lru_cache(maxsize=4096)
def quality(pitches: tuple[int, ...]) -> float:
    """Return the metric “staying in key” of a melody in points from 0 to 100."""
    return 100 * float(scale_consistency(material_of(_song(pitches))))


def _song(pitches: tuple[int, ...]) -> Song:
    n = tunes()["ode-to-joy-off-key"][1].tracks[0].notes
    cut = slice(0, len(pitches))
    notes = Notes.tidy(np.array(pitches), n.start[cut], n.duration[cut], n.velocity[cut])
    return Song((Track("Melody", 0, False, notes),))


def act(
    pitches: tuple[int, ...], at: int, action: int, price: float = 0.0
) -> tuple[tuple[int, ...], float]:  # fmt: skip
    """Return the melody after an action on one note, and the reward: points won less the price."""
    moved = (*pitches[:at], pitches[at] + action, *pitches[at + 1 :])
    return moved, quality(moved) - quality(pitches) - (price if action else 0.0)


@lru_cache(maxsize=128)
def learn(exploration: float, episodes: int, seed: int, price: float) -> Run:
    """Play episodes: in each the agent visits every note of the spoiled melody once."""
    dice = random.Random(seed)
    values: Values = {}
    rewards = []
    now = melody()
    for _ in range(episodes):
        now, won = melody(), 0.0
        for at in range(len(now)):
            state = now[at] % 12
            action = _chosen(values, state, exploration, dice)
            now, reward = act(now, at, action, price)
            old = values.get((state, action), 0.0)
            values[state, action] = old + LEARNING_RATE * (reward - old)
            won += reward
        rewards.append(won)
    return Run(tuple(rewards), values, now)


def _chosen(values: Values, state: int, exploration: float, dice: random.Random) -> int:
    if dice.random() < exploration:
        return dice.choice(ACTIONS)
    best = max(values.get((state, action), 0.0) for action in ACTIONS)
    return dice.choice([a for a in ACTIONS if values.get((state, a), 0.0) >= best - 1e-9])


def show(asked: Asked) -> Part:
    """Return how an agent with a given exploration did, and what it has learned."""
    exploration = asked.count("exploration", 20, 0, 100)
    episodes = asked.count("episodes", 20, 1, 40)
    seed = asked.count("seed", 1, 1, 20)
    price = asked.number("price", 0.0, 0.0, 4.0)
    run = learn(exploration / 100, episodes, seed, price)
    mended = _song(run.melody)
    return Part(
        "Train an agent",
        "In each episode the agent meets every note of a spoiled Ode to Joy once. It may move "
        "it by a semitone or leave it, and is paid in points of “staying in key”.",
        [
            Slider("exploration", "Exploration", exploration, 0, 100, 5, f"{exploration} %"),
            Slider("episodes", "Episodes", episodes, 1, 40, 1, str(episodes)),
            Slider("price", "Price of moving a note", price, 0, 4, 0.5, f"{price:g} points"),
            Slider("seed", "Seed", seed, 1, 20, 1, str(seed)),
        ],
        [
            Words(f"The last episode won {run.rewards[-1]:+.1f} points: staying in key went from "
                  f"{quality(melody()):.0f} to {quality(run.melody):.0f} of 100."),
            Picture(_curve(run.rewards)),
            Stats([
                Stat("Notes like the real tune, before", percent(_alike(melody()))),
                Stat("and after the last episode", percent(_alike(run.melody)),
                     "nobody rewarded this"),
            ]),
            RollPiece(roll_of(mended), "The melody after the last episode", mended),
            Sound("The melody before", _song(melody())),
            Table("What it expects, in points", ["Note", *NAMES.values()], _rows(run.values)),
        ],
        button="Train",
    )  # fmt: skip


def _alike(pitches: tuple[int, ...]) -> float:
    real = tunes()["ode-to-joy"][1].tracks[0].notes.pitch[:NOTES].tolist()
    same: int = sum(a == b for a, b in zip(pitches, real, strict=True))
    return same / NOTES


def _rows(values: Values) -> list[list[str]]:
    states = sorted({state for state, _ in values})
    return [
        [name_of(60 + s)[:-1], *(f"{values.get((s, a), 0.0):+.2f}" for a in ACTIONS)]
        for s in states
    ]


def _curve(rewards: tuple[float, ...]) -> SafeString:
    low, high = min(0.0, *rewards), max(1.0, *rewards)
    words = f"Points won in each of {len(rewards)} episodes: from {rewards[0]:.1f} to "
    pen = Pen(640, 220, f"{words}{rewards[-1]:.1f}.")
    chart = Chart(pen, (640, 220), (1, max(len(rewards), 2)), (low, high))
    chart.axes("episode", "points won")
    chart.curve(enumerate(rewards, start=1), "fig__curve")
    return pen.svg()


def show_reward(asked: Asked) -> Part:
    """Return the reward of one action on one note."""
    at = asked.count("note", 2, 1, NOTES)
    action = int(asked.choice("action", [str(a) for a in ACTIONS], "1"))
    before = melody()
    after, reward = act(before, at - 1, action)
    word = "a reward" if reward > PATIENCE else "a penalty" if reward < -PATIENCE else "nothing"
    return Part(
        "Be the agent",
        "Choose a note of the spoiled melody and an action, and collect the reward.",
        [
            Slider("note", "Note", at, 1, NOTES, 1, f"number {at}: {name_of(before[at - 1])}"),
            Choice("action", "Action", [(str(a), name) for a, name in NAMES.items()], str(action)),
        ],
        [
            Words(f"{name_of(before[at - 1])} becomes {name_of(after[at - 1])}: {reward:+.2f} "
                  f"points, {word}. Staying in key: {quality(before):.1f} before, "
                  f"{quality(after):.1f} after."),
            RollPiece(roll_of(_song(after)), "The melody after your action", _song(after)),
        ],
        button="Act",
    )  # fmt: skip
