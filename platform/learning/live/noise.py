"""How the editor's examples are made: spoil a roll, and every difference is an edit event."""

import numpy as np
from django.utils.safestring import SafeString

from learning.drawing import Pen
from learning.live.pieces import Asked, Part, Picture, Slider, Sound, Stat, Stats, Words
from learning.live.tunes import name_of, of_cells, percent, tunes
from ml.lessons import STEP_TICKS
from ml.music.roll import piano_roll

STEPS, LOW, HIGH = 64, 55, 79
CELL_WIDTH, CELL_HEIGHT, LEFT = 9.0, 9.0, 40.0


def show(asked: Asked) -> Part:
    """Return a spoiled melody, with what must be added and removed to mend it."""
    removed = asked.count("removed", 30, 0, 100)
    added = asked.number("added", 1.0, 0.0, 3.0)
    seed = asked.count("seed", 1, 1, 99)
    target = piano_roll(tunes()["ode-to-joy"][1], resolution=4)[:STEPS, LOW:HIGH]
    spoiled = spoil(target, removed / 100, added / 100, seed)
    wrong = spoiled ^ target
    missing, extra = int((wrong & target).sum()), int((wrong & spoiled).sum())
    return Part(
        "Spoil it, then count the edits",
        "Take cells away from four bars of Ode to Joy and sprinkle others in. The editor learns "
        "to name every cell that is wrong.",
        [
            Slider("removed", "Cells taken away", removed, 0, 100, 5, f"{removed} %"),
            Slider("added", "Empty cells filled", added, 0, 3, 0.25, f"{added:g} %"),
            Slider("seed", "Seed", seed, 1, 99, 1, str(seed)),
        ],
        [
            Words(f"{missing + extra} edit events lead back: {missing} cells to add, {extra} "
                  "to remove."),
            Picture(_drawn(target, spoiled), "Kept cells are filled, missing ones are outlined "
                    "with a plus, wrong ones crossed out with a minus."),
            Sound("The spoiled tune", of_cells(spoiled, LOW, STEP_TICKS)),
            Sound("The tune as it was", of_cells(target, LOW, STEP_TICKS)),
            Stats([
                Stat("Cells in view", f"{target.size:,}"),
                Stat("On in the tune", str(int(target.sum()))),
                Stat("Edits needed", str(int(wrong.sum())), percent(float(wrong.mean()))),
            ]),
        ],
        button="Spoil it",
    )  # fmt: skip


def spoil(target: np.ndarray, removed: float, added: float, seed: int) -> np.ndarray:
    """Return a roll of booleans with some cells off and some others on."""
    dice = np.random.default_rng(seed)
    chance = np.where(target, removed, added)
    return np.asarray(target ^ (dice.random(target.shape) < chance))


def _drawn(target: np.ndarray, spoiled: np.ndarray) -> SafeString:
    rows = HIGH - LOW
    wrong = target ^ spoiled
    words = f"A piano roll of {STEPS} sixteenths: {int((target & spoiled).sum())} cells kept, "
    words += f"{int((wrong & target).sum())} missing, {int((wrong & spoiled).sum())} wrong."
    pen = Pen(LEFT + STEPS * CELL_WIDTH + 4, rows * CELL_HEIGHT + 8, words)
    for pitch in range(60, HIGH, 12):
        y = 4 + (HIGH - 1 - pitch) * CELL_HEIGHT
        pen.text(LEFT - 6, y + CELL_HEIGHT / 2, name_of(pitch), "fig__tick", "end")
    for step in range(0, STEPS + 1, 16):
        x = LEFT + step * CELL_WIDTH
        pen.line((x, 4), (x, 4 + rows * CELL_HEIGHT), "fig__grid")
    for step, row in zip(*np.nonzero(target | spoiled), strict=True):
        x, y = LEFT + step * CELL_WIDTH, 4 + (rows - 1 - row) * CELL_HEIGHT
        _cell(pen, float(x), float(y), on=bool(target[step, row]), now=bool(spoiled[step, row]))
    return pen.svg()


def _cell(pen: Pen, x: float, y: float, *, on: bool, now: bool) -> None:
    middle_x, middle_y, arm = x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2, 2.5
    style = "fig__ink" if on and now else "fig__missing" if on else "fig__wrong"
    pen.rect(x + 0.5, y + 0.5, CELL_WIDTH - 1, CELL_HEIGHT - 1, style)
    if on != now:
        sign = "fig__sign-add" if on else "fig__sign-remove"
        pen.line((middle_x - arm, middle_y), (middle_x + arm, middle_y), sign)
        if on:
            pen.line((middle_x, middle_y - arm), (middle_x, middle_y + arm), sign)
