"""A published metric that cannot tell Bach from silence, beside one that can."""

import numpy as np

from learning.live.pieces import Asked, Part, Slider, Sound, Table, Words
from learning.live.tunes import of_cells
from ml.lessons import STEP_TICKS, recording
from ml.metrics.grid import material_of
from ml.metrics.harmony import scale_consistency
from ml.music import Song

LOWEST, ROWS, STEPS = 24, 84, 128
C_MAJOR = (1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1)


def show(asked: Asked) -> Part:
    """Return both metrics for Bach, shuffled Bach, silence and random notes."""
    seed = asked.count("seed", 1, 1, 99)
    rolls = materials(seed)
    rows = [
        [name, f"{published(roll):.3f}", f"{corrected(roll):.3f}", _ours(roll)]
        for name, roll in rolls.items()
    ]
    values = [float(row[1]) for row in rows]
    return Part(
        "A metric that measures nothing",
        "The first column follows a formula that was published with a GAN course; the others "
        "measure the same idea correctly.",
        [Slider("seed", "Seed of the random notes", seed, 1, 99, 1, str(seed))],
        [
            Words(f"The published values lie within {max(values) - min(values):.3f} of each other, "
                  "whatever is played."),
            Table(
                "In-scale rate of a soprano of Bach and of three things that are not Bach",
                ["Music", "As published", "In C major, corrected", "Best scale, our metric"], rows,
            ),
            *(Sound(name, song_of(roll)) for name, roll in rolls.items() if roll.any()),
        ],
    )  # fmt: skip


def materials(seed: int) -> dict[str, np.ndarray]:
    """Return four piano rolls of booleans, (steps, 84), by name."""
    dice = np.random.default_rng(seed)
    bach = np.zeros((STEPS, ROWS), dtype=np.bool_)
    for voice, start, length, pitch in recording("bach")["rows"]:
        if voice == 0:
            bach[start : start + length, pitch - LOWEST] = True
    noise = np.zeros_like(bach)
    noise[np.arange(STEPS), dice.integers(30, 60, STEPS)] = True
    moved = np.roll(bach, 1, axis=1)
    half = np.where((np.arange(STEPS) // 8 % 2)[:, None], moved, bach)
    return {"Bach": bach, "Bach, half of it a semitone off": half,
            "Random notes": noise, "Silence": np.zeros_like(bach)}  # fmt: skip


def published(roll: np.ndarray) -> float:
    """Return the in-scale rate with its two faults: cells of -1 count, octaves are misread."""
    signed = np.where(roll, 1.0, -1.0)
    chroma = signed.reshape(len(roll), 12, ROWS // 12).sum(axis=2)  # seven neighbors, no octaves
    return float((chroma * C_MAJOR).sum() / chroma.sum())


def corrected(roll: np.ndarray) -> float:
    """Return the share of sounding cells in C major; 0 for silence."""
    chroma = roll.reshape(len(roll), ROWS // 12, 12).sum(axis=1)
    return float((chroma * C_MAJOR).sum() / max(int(chroma.sum()), 1))


def _ours(roll: np.ndarray) -> str:
    if not roll.any():
        return "not scored"
    return f"{scale_consistency(material_of(song_of(roll))):.3f}"


def song_of(roll: np.ndarray) -> Song:
    """Return a roll as a song."""
    return of_cells(roll, LOWEST, STEP_TICKS)
