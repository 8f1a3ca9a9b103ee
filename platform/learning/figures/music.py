"""Music as notes, as a roll and as numbers."""

from django.utils.safestring import SafeString

from learning.drawing import Pen
from learning.live.tunes import name_of

NOTES = ((0, 2, 64), (2, 2, 64), (4, 2, 65), (6, 2, 67))
"""The first bar of Ode to Joy: first eighth, eighths, pitch."""

STEPS = 8
LOW, HIGH = 64, 67


def roll_and_array() -> tuple[SafeString, str]:
    """Draw a bar as a piano roll beside the same bar as an array."""
    pen = Pen(
        640, 240,
        "The first bar of Ode to Joy twice. As a piano roll: E, E, F, G, a beat each. As an array: "
        "eight rows of four numbers, 1 where a pitch sounds and 0 elsewhere.",
    )  # fmt: skip
    pen.text(150, 16, "Piano roll", "fig__title")
    pen.text(480, 16, "Array, time first", "fig__title")
    for pitch in range(LOW, HIGH + 1):
        y = 40 + 36 * (HIGH - pitch)
        pen.text(36, y + 18, name_of(pitch), "fig__label", "end")
        pen.rect(44, y, 8 * 30, 36, "fig__sheet")
    for step in range(0, STEPS + 1, 2):
        pen.line((44 + 30 * step, 40), (44 + 30 * step, 184), "fig__grid")
    for first, length, pitch in NOTES:
        y = 40 + 36 * (HIGH - pitch)
        pen.rect(45 + 30 * first, y + 8, 30 * length - 3, 20, "fig__fill")
    pen.text(44, 204, "time →", "fig__tick", "start")
    _array(pen)
    return pen.svg(), "One row of the array is one moment; one column is one pitch."


def _array(pen: Pen) -> None:
    for column, pitch in enumerate(range(LOW, HIGH + 1)):
        pen.text(420 + 44 * column, 44, name_of(pitch), "fig__tick")
    for step in range(STEPS):
        y = 64 + 19 * step
        pen.text(386, y, f"step {step}", "fig__tick", "end")
        for column, pitch in enumerate(range(LOW, HIGH + 1)):
            on = any(f <= step < f + n and p == pitch for f, n, p in NOTES)
            pen.text(420 + 44 * column, y, str(int(on)), "fig__one" if on else "fig__zero")


def score_and_roll() -> tuple[SafeString, str]:
    """Draw a bar on a staff beside the same bar as a roll."""
    pen = Pen(
        640, 200,
        "The same bar on five lines and as a piano roll: heads that stand higher on the staff "
        "are bars that lie higher in the roll.",
    )  # fmt: skip
    pen.text(150, 16, "Score", "fig__title")
    pen.text(480, 16, "Piano roll", "fig__title")
    for line in range(5):
        pen.line((30, 130 - 16 * line), (290, 130 - 16 * line), "fig__axis")
    places = {64: 0, 65: 1, 67: 2}
    for i, (_, _, pitch) in enumerate(NOTES):
        x, y = 70 + 56 * i, 130 - 8 * places[pitch]
        pen.ellipse(x, y, 9, 7, "fig__ink")
        pen.line((x + 8.5, y - 2), (x + 8.5, y - 50), "fig__stem")
    pen.rect(360, 50, 240, 100, "fig__sheet")
    for first, length, pitch in NOTES:
        pen.rect(361 + 30 * first, 128 - 20 * (pitch - LOW) - 2, 30 * length - 3, 14, "fig__fill")
    for step in range(2, STEPS, 2):
        pen.line((360 + 30 * step, 50), (360 + 30 * step, 150), "fig__grid")
    pen.text(160, 180, "for people who read notes", "fig__tick")
    pen.text(480, 180, "for everybody else, networks included", "fig__tick")
    return (
        pen.svg(),
        "Height is pitch and left to right is time in both. The roll also shows length.",
    )


def split() -> tuple[SafeString, str]:
    """Draw how pieces are divided between training, steering and judging."""
    pen = Pen(
        640, 130,
        "Of the chorales 248 train, 67 steer the training and 72 judge it at the end.",
    )  # fmt: skip
    total, x = 387, 20.0
    for count, words, style in (
        (248, "train: 248 files", "fig__fill"), (67, "valid: 67", "fig__part-2"),
        (72, "test: 72", "fig__part-3"),
    ):  # fmt: skip
        width = 600 * count / total
        pen.rect(x, 30, width - 3, 40, style)
        pen.text(x + width / 2, 88, words, "fig__label")
        x += width
    pen.text(20, 114, "learns from them", "fig__tick", "start")
    pen.text(446, 114, "decides when to stop", "fig__tick")
    pen.text(620, 114, "judges once", "fig__tick", "end")
    return pen.svg(), "Whole pieces go to one side. A piece that trains never judges."
