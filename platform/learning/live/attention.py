"""Where the shipped Transformer looks while it reads a melody, beat by beat."""

from typing import Any

from django.utils.safestring import SafeString

from learning.drawing import Pen
from learning.live.pieces import Asked, Choice, Part, Picture, Slider, Sound, Table, Words
from learning.live.tunes import percent
from ml.lessons import recording, song_of_rows

BEAT_WIDTH, LEFT, TOP, ROW = 20.0, 8.0, 190.0, 6.0
STEPS_PER_BEAT, BEATS_PER_BAR = 4, 4
SHOWN = 0.02


def show(asked: Asked) -> Part:
    """Return arcs from one beat to the beats that a head looks back on."""
    kept = recording("attention")
    tune = asked.choice("melody", [str(i) for i in range(len(kept))], "0")
    run = kept[int(tune)]
    layer = asked.count("layer", 5, 1, len(run["weights"]))
    heads = len(run["weights"][0])
    head = asked.choice("head", ["all", *(str(h + 1) for h in range(heads))], "4")
    beat = asked.count("beat", 17, 1, run["beats"])
    weights = weights_of(run, layer - 1, head, beat - 1)
    first = sorted(range(len(weights)), key=lambda b: -weights[b])
    return Part(
        "Look where it looks",
        "Choose a beat: arcs lead to the beats that the network reads there, "
        "wider where it pays more attention.",
        [
            Choice("melody", "Melody", [(str(i), r["title"]) for i, r in enumerate(kept)], tune),
            Slider("layer", "Layer", layer, 1, len(run["weights"]), 1, str(layer)),
            Choice("head", "Head", [("all", "all together"),
                   *((str(h + 1), str(h + 1)) for h in range(heads))], head),
            Slider("beat", "Beat that asks", beat, 1, run["beats"], 1, _place(beat - 1)),
        ],
        [
            Words(f"At {_place(beat - 1)} the network looks most at {_place(first[0])} "
                  f"({percent(weights[first[0]])} of its attention)."),
            Picture(_arcs(run, weights, beat - 1)),
            Sound(run["title"], song_of_rows(run["rows"])),
            Table("The beats it looks at most", ["Beat", "Attention"],
                  [[_place(b), percent(weights[b])] for b in first[:6]]),
        ],
        button="Look",
    )  # fmt: skip


def weights_of(run: Any, layer: int, head: str, beat: int) -> list[float]:
    """Return the shares of attention of the beats up to the one that asks; they sum to 1."""
    heads = run["weights"][layer]
    chosen = heads if head == "all" else [heads[int(head) - 1]]
    summed = [sum(values) for values in zip(*(h[beat] for h in chosen), strict=True)]
    total = sum(summed) or 1
    return [value / total for value in summed]


def _place(beat: int) -> str:
    return f"bar {beat // BEATS_PER_BAR + 1}, beat {beat % BEATS_PER_BAR + 1}"


def _arcs(run: Any, weights: list[float], asking: int) -> SafeString:
    beats = run["beats"]
    pitches = [row[3] for row in run["rows"]]
    high, low = max(pitches), min(pitches)
    strongest = sorted(range(len(weights)), key=lambda b: -weights[b])[:3]
    said = ", ".join(f"{_place(b)} with {percent(weights[b])}" for b in strongest)
    pen = Pen(
        2 * LEFT + beats * BEAT_WIDTH, TOP + (high - low + 2) * ROW + 24,
        f"Attention at {_place(asking)}: {said}.",
    )  # fmt: skip
    bottom = TOP + (high - low + 2) * ROW
    for bar in range(beats // BEATS_PER_BAR + 1):
        x = LEFT + bar * BEATS_PER_BAR * BEAT_WIDTH
        pen.line((x, TOP), (x, bottom), "fig__grid")
        if bar < beats // BEATS_PER_BAR:
            pen.text(x + 4, bottom + 12, str(bar + 1), "fig__tick", "start")
    for _, start, length, pitch in run["rows"]:
        x = LEFT + start * BEAT_WIDTH / STEPS_PER_BEAT
        now = start // STEPS_PER_BEAT <= asking
        width = length * BEAT_WIDTH / STEPS_PER_BEAT - 1.5
        style = "fig__ink" if now else "fig__faint"
        pen.rect(x, TOP + (high - pitch + 0.5) * ROW, width, ROW - 1, style)
    _draw_arcs(pen, weights, asking)
    return pen.svg()


def _draw_arcs(pen: Pen, weights: list[float], asking: int) -> None:
    target = LEFT + (asking + 0.5) * BEAT_WIDTH
    most = max(weights)
    for beat, share in enumerate(weights):
        if share < SHOWN or beat == asking:
            continue
        x = LEFT + (beat + 0.5) * BEAT_WIDTH
        height = min(TOP - 12, 24 + 0.42 * (target - x))
        width = 5 if share > 0.66 * most else 3 if share > 0.33 * most else 1
        top = max(TOP - height * 4 / 3, 4)
        pen.path(
            f"M{target:g} {TOP:g}C{target:g} {top:.1f} {x:g} {top:.1f} {x:g} {TOP:g}",
            f"fig__arc fig__arc--{width}",
        )
    pen.path(f"M{target - 5:g} {TOP - 9:g}H{target + 5:g}L{target:g} {TOP - 1:g}z", "fig__fill")
