"""Where the shipped Transformer looks while it reads a melody, beat by beat."""

from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString

from learning.drawing import Pen
from learning.live.pieces import Asked, Choice, Part, Picture, Slider, Sound, Table, Waiting, Words
from learning.live.tunes import percent
from learning.models import Attention
from learning.selectors import attention_at
from ml.lessons import recording
from ml.lessons.tune import Tune
from ml.music.voices import STEPS_PER_BEAT

WIDTH, LEFT, TOP, ROW = 656.0, 8.0, 190.0, 6.0
WIDEST_BEAT = 60.0
SHOWN = 0.02


def show(asked: Asked) -> Part:
    """Return arcs from one beat to the beats that a head looks back on."""
    kept = recording("attention")
    own = own_of(asked)
    if own is not None and own.weights is None:
        return _waiting(own, kept)
    numbers = [str(i) for i in range(len(kept))]
    tune = str(own.pk) if own else asked.choice("melody", numbers, "0")
    run = own.as_run() if own else kept[int(tune)]
    beats = beats_of(run)
    layer = asked.count("layer", 5, 1, len(run["weights"]))
    heads = len(run["weights"][0])
    head = asked.choice("head", ["all", *(str(h + 1) for h in range(heads))], "4")
    beat = asked.count("beat", min(17, beats), 1, beats)
    weights = weights_of(run, layer - 1, head, beat - 1)
    first = sorted(range(len(weights)), key=lambda b: -weights[b])
    place = places_of(run)
    return Part(
        "Look where it looks",
        _TASK,
        [
            _melodies(kept, own, tune),
            Slider("layer", "Layer", layer, 1, len(run["weights"]), 1, str(layer)),
            Choice("head", "Head", [("all", "all together"),
                   *((str(h + 1), str(h + 1)) for h in range(heads))], head),
            Slider("beat", "Beat that asks", beat, 1, beats, 1, place[beat - 1]),
        ],
        [
            Words(f"At {place[beat - 1]} the network looks most at {place[first[0]]} "
                  f"({percent(weights[first[0]])} of its attention)."),
            Picture(_arcs(run, weights, beat - 1)),
            Sound(run["title"], Tune.from_dict(run).song),
            Table("The beats it looks at most", ["Beat", "Attention"],
                  [[place[b], percent(weights[b])] for b in first[:6]]),
        ],
        button="Look",
        brings_own=True,
    )  # fmt: skip


_TASK = (
    "Choose a beat: arcs lead to the beats that the network reads there, wider where it pays "
    "more attention."
)


def own_of(asked: Asked) -> Attention | None:
    """Return the melody that the visitor brought, if this asks for one that is kept."""
    try:
        return attention_at(UUID(asked.text("melody")))
    except ValueError:
        return None


def _melodies(kept: Any, own: Attention | None, value: str) -> Choice:
    options = [(str(i), run["title"]) for i, run in enumerate(kept)]
    if own is not None:
        options.append((str(own.pk), "Your melody"))
    return Choice("melody", "Melody", options, value)


def _waiting(own: Attention, kept: Any) -> Part:
    """Return what is shown until a worker has read the melody, or gave it up."""
    return Part(
        "Look where it looks",
        _TASK,
        [_melodies(kept, own, str(own.pk))],
        [Words(own.state_in_words), *([] if own.is_over else [Waiting(str(own.pk), own.job)])],
        button="Look",
        brings_own=True,
    )


def beats_of(run: Any) -> int:
    """Return how many beats were read."""
    return int(run["steps"]) // STEPS_PER_BEAT


def places_of(run: Any) -> list[str]:
    """Return each beat in words: its bar and its place there."""
    bar = Tune.from_dict(run).bar_steps
    return [
        f"bar {step // bar + 1}, beat {step % bar / STEPS_PER_BEAT + 1:g}"
        for step in range(0, run["steps"], STEPS_PER_BEAT)
    ]


def weights_of(run: Any, layer: int, head: str, beat: int) -> list[float]:
    """Return the shares of attention of the beats up to the one that asks; they sum to 1."""
    heads = run["weights"][layer]
    chosen = heads if head == "all" else [heads[int(head) - 1]]
    summed = [sum(values) for values in zip(*(h[beat] for h in chosen), strict=True)]
    total = sum(summed) or 1
    return [value / total for value in summed]


def beat_width(run: Any) -> float:
    """Return how wide a beat is drawn: a long tune fills the drawing, a short one does not."""
    return min((WIDTH - 2 * LEFT) / beats_of(run), WIDEST_BEAT)


def _arcs(run: Any, weights: list[float], asking: int) -> SafeString:
    place, bar_steps, wide = places_of(run), Tune.from_dict(run).bar_steps, beat_width(run)
    pitches = [row[3] for row in run["rows"]]
    high, low = max(pitches), min(pitches)
    strongest = sorted(range(len(weights)), key=lambda b: -weights[b])[:3]
    said = ", ".join(f"{place[b]} with {percent(weights[b])}" for b in strongest)
    pen = Pen(
        WIDTH, TOP + (high - low + 2) * ROW + 24,
        f"Attention at {place[asking]}: {said}.",
    )  # fmt: skip
    bottom = TOP + (high - low + 2) * ROW
    for number, step in enumerate(range(0, run["steps"], bar_steps), start=1):
        x = LEFT + step * wide / STEPS_PER_BEAT
        pen.line((x, TOP), (x, bottom), "fig__grid")
        pen.text(x + 4, bottom + 12, str(number), "fig__tick", "start")
    for _voice, start, length, pitch in run["rows"]:
        x = LEFT + start * wide / STEPS_PER_BEAT
        now = start // STEPS_PER_BEAT <= asking
        width = length * wide / STEPS_PER_BEAT - 1.5
        style = "fig__ink" if now else "fig__faint"
        pen.rect(x, TOP + (high - pitch + 0.5) * ROW, width, ROW - 1, style)
    _draw_arcs(pen, weights, asking, wide)
    return pen.svg()


def _draw_arcs(pen: Pen, weights: list[float], asking: int, wide: float) -> None:
    target = LEFT + (asking + 0.5) * wide
    most = max(weights)
    for beat, share in enumerate(weights):
        if share < SHOWN or beat == asking:
            continue
        x = LEFT + (beat + 0.5) * wide
        height = min(TOP - 12, 24 + 0.42 * (target - x))
        width = 5 if share > 0.66 * most else 3 if share > 0.33 * most else 1
        top = max(TOP - height * 4 / 3, 4)
        pen.path(
            f"M{target:g} {TOP:g}C{target:g} {top:.1f} {x:g} {top:.1f} {x:g} {TOP:g}",
            f"fig__arc fig__arc--{width}",
        )
    pen.path(f"M{target - 5:g} {TOP - 9:g}H{target + 5:g}L{target:g} {TOP - 1:g}z", "fig__fill")
