"""A trained critic's verdict on four bars of accompaniment that visitors edit."""

from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString

from learning.drawing import Pen
from learning.live.pieces import (
    Asked,
    Button,
    Cell,
    Choice,
    Grid,
    Part,
    Picture,
    RollPiece,
    Slider,
    Sound,
    Table,
    Words,
)
from learning.live.tunes import name_of
from ml.lessons import VOICES, Row, song_of_rows
from ml.lessons.critic import BAR, STEPS, critic
from ml.music.changes import change_rolls

BARS = STEPS // BAR
EIGHTHS, EIGHTH = 8, 2
REACH = 6  # semitones that the grid shows above and below the middle of what sounds
HEADS = ("1", "&", "2", "&", "3", "&", "4", "&")
STARTS = {
    "bach": "Bach's", "unet": "the U-Net's", "late": "Bach's, two beats late",
    "silence": "none at all",
}  # fmt: skip

Line = list[int | None]
"""The pitch that sounds at each eighth of a bar."""


def show(asked: Asked) -> Part:
    """Return the critic's score of an edited accompaniment beside those of others."""
    start = asked.choice("start", list(STARTS), "bach")
    voice = asked.choice("voice", ["1", "2", "3"], "3")
    bar = asked.count("bar", 1, 1, BARS)
    before = started(start)
    now = line_of(before, int(voice), bar - 1)
    name = f"v{voice}b{bar}{start}"
    wanted = painted(asked, name, now)
    after = before if wanted == now else with_line(before, int(voice), bar - 1, wanted)
    scores = others() | {"Yours": scored(after)}
    return Part(
        "Play against the critic",
        "This critic learned to tell Bach's lower voices from those of the shipped U-Net, for the "
        "same melody. Change a bar of one voice and see what it makes of it.",
        [
            Choice("start", "Accompaniment", list(STARTS.items()), start),
            Choice("voice", "Voice", [(str(v), VOICES[v].lower()) for v in (1, 2, 3)], voice),
            Slider("bar", "Bar", bar, 1, BARS, 1, f"{bar} of {BARS}"),
            _grid(name, VOICES[int(voice)], bar, now, wanted),
        ],
        [
            Words(_sentence(scores)),
            Picture(_drawn(scores), "A score has no unit and no zero. It says something only "
                    "beside the scores of other accompaniments of the same melody."),
            RollPiece(change_rolls(song_of_rows(before), song_of_rows(after))[1],
                      "Melody and accompaniment, with your changes", song_of_rows(after)),
            Sound("Bach, as he wrote it", song_of_rows(_window()["bach"])),
            Sound("The U-Net's first accompaniment", song_of_rows(started("unet"))),
            Table("What the critic makes of each", ["Accompaniment", "Score"],
                  [[who, f"{score:.2f}"] for who, score in _ranked(scores)]),
        ],
        presets=[Button("change", "up", "A semitone up"), Button("change", "leap", "Leap about"),
                 Button("change", "none", "Empty the bar"), Button("change", "back", "As it was")],
        button="Ask the critic",
    )  # fmt: skip


def _window() -> Any:
    return critic().card["window"]


def scored(rows: list[Row]) -> float:
    """Return the critic's score of four bars."""
    return critic().score(rows, _window()["base"])


def melody() -> list[Row]:
    """Return the top voice, which stays."""
    return [row for row in _window()["bach"] if row[0] == 0]


def started(start: str) -> list[Row]:
    """Return the four bars before any edit."""
    bach = _window()["bach"]
    lower = {
        "bach": [row for row in bach if row[0]],
        "unet": _window()["generated"][0],
        "late": [row for voice, at, steps, pitch in bach if voice
                 for row in _late(voice, at, steps, pitch)],
        "silence": [],
    }[start]  # fmt: skip
    return sorted([*melody(), *lower])


def _late(voice: int, at: int, steps: int, pitch: int) -> list[Row]:
    """Return a note two beats later; what falls off the end begins the first bar."""
    begin = (at + BAR // 2) % STEPS
    first = min(steps, STEPS - begin)
    rest = [[voice, 0, steps - first, pitch]] if steps > first else []
    return [[voice, begin, first, pitch], *rest]


def others() -> dict[str, float]:
    """Return the scores of what Bach, the U-Net and nobody play to this melody."""
    generated = _window()["generated"]
    return {
        "Bach's": scored(_window()["bach"]),
        **{f"the U-Net's, seed {n}": scored([*melody(), *rows])
           for n, rows in enumerate(generated, start=1)},
        "Bach's, two beats late": scored(started("late")),
        "none at all": scored(melody()),
    }  # fmt: skip


def line_of(rows: list[Row], voice: int, bar: int) -> Line:
    """Return what a voice sounds at each eighth of a bar."""
    line: Line = [None] * EIGHTHS
    for own, at, steps, pitch in rows:
        for eighth in range(EIGHTHS):
            if own == voice and at <= BAR * bar + EIGHTH * eighth < at + steps:
                line[eighth] = pitch
    return line


def painted(asked: Asked, name: str, now: Line) -> Line:
    """Return the line that was asked for: a preset's, the painted one, or what was there."""
    change = asked.choice("change", ["up", "leap", "none", "back"], "")
    if change == "back" or (not change and asked.text("painted") != name):
        return now
    if change == "none":
        return [None] * EIGHTHS
    line = _of_cells(asked, name) if asked.text("painted") == name else now
    by = [1] * EIGHTHS if change == "up" else [6, -5, 4, -6, 5, -4, 6, -3]
    moved = [p and p + step for p, step in zip(line, by, strict=True)]
    return moved if change else line


def _of_cells(asked: Asked, name: str) -> Line:
    line: Line = [None] * EIGHTHS
    for eighth, pitch in sorted(asked.cells(name)):
        if eighth < EIGHTHS and pitch < 128:
            line[eighth] = pitch
    return line


def with_line(rows: list[Row], voice: int, bar: int, line: Line) -> list[Row]:
    """Return the bars with one voice's line in one of them; equal eighths are one note."""
    begin, end = BAR * bar, BAR * (bar + 1)
    kept = []
    for own, at, steps, pitch in rows:
        if own == voice and at < end and at + steps > begin:
            if at < begin:
                kept.append([own, at, begin - at, pitch])
        else:
            kept.append([own, at, steps, pitch])
    for sounding, run in groupby(range(EIGHTHS), key=line.__getitem__):
        eighths = list(run)
        if sounding is not None:
            kept.append([voice, begin + EIGHTH * eighths[0], EIGHTH * len(eighths), sounding])
    return sorted(kept)


def _grid(name: str, voice: str, bar: int, now: Line, wanted: Line) -> Grid:
    pitches = [p for p in (*now, *wanted) if p is not None] or [55]
    low, high = min(pitches), max(pitches)
    middle = (low + high) // 2
    shown = range(max(high, middle + REACH), min(low, middle - REACH) - 1, -1)
    rows = [
        (
            name_of(pitch),
            [
                Cell(f"{e}-{pitch}", f"{name_of(pitch)}, eighth {e + 1}", wanted[e] == pitch)
                for e in range(EIGHTHS)
            ],
        )
        for pitch in shown
    ]
    return Grid(name, f"The {voice.lower()} in bar {bar}, in eighths", HEADS, rows)


def _ranked(scores: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(scores.items(), key=lambda pair: -pair[1])


def _sentence(scores: dict[str, float]) -> str:
    mine, bach = scores["Yours"], scores["Bach's"]
    below = sum(score < mine for who, score in scores.items() if who.startswith("the U-Net"))
    if mine == bach:
        return f"These are Bach's own notes: **{bach:.2f}**. Change a bar to see what it costs."
    word = "more real than Bach" if mine > bach else "less real than Bach"
    return (
        f"The critic gives your accompaniment **{mine:.2f}** and Bach's {bach:.2f}: it looks "
        f"{word} to it, and more real than {below} of the U-Net's three."
    )


def _drawn(scores: dict[str, float]) -> SafeString:
    low, high = min(scores.values()) - 0.2, max(scores.values()) + 0.2
    said = ", ".join(f"{who} {score:.2f}" for who, score in _ranked(scores))
    pen = Pen(640, 24 + 26 * len(scores), f"Scores, the most real first: {said}.")
    for number, (who, score) in enumerate(_ranked(scores)):
        y = 20 + 26 * number
        x = 190 + 400 * (score - low) / (high - low)
        style = "fig__fill" if who == "Yours" else "fig__ink"
        pen.text(180, y, who, "fig__label--strong" if who == "Yours" else "fig__tick", "end")
        pen.line((190, y), (590, y), "fig__grid")
        pen.circle(x, y, 6, style)
        pen.text(x + 12, y, f"{score:.2f}", "fig__tick", "start")
    return pen.svg()
