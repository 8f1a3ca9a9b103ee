"""What the small discriminator says of a painted bar, and how it comes to say so."""

from django.utils.safestring import SafeString

from learning.drawing import Pen
from learning.live.bars import bar_of, grid_of, presets, song_of
from learning.live.pieces import Asked, Part, Picture, Sound, Stat, Stats, Words
from learning.live.tunes import percent
from ml.lessons.judge import HIDDEN, ROWS, STEPS, Bar, Judge, judge

UNSURE = 0.2


def show(asked: Asked) -> Part:
    """Return the verdict on a painted bar, with the loss that it would cost."""
    bar, network = bar_of(asked), judge()
    share = network.verdict(bar)
    return Part(
        "Fool the discriminator",
        "A small network learned to tell bars of real tunes from fakes. Paint a bar and see "
        "what it makes of it.",
        [grid_of(bar)],
        [
            Words(f"**{_word(share)}** It gives this bar a chance of {percent(share)} "
                  "of coming from a real tune."),
            Picture(_scale(share)),
            Sound("Your bar", song_of(bar)),
            Stats([
                Stat("Loss if the bar is real", f"{network.loss(bar, real=True):.2f}",
                     "-ln of the chance it gave to “real”"),
                Stat("Loss if the bar is fake", f"{network.loss(bar, real=False):.2f}",
                     "-ln of the chance it gave to “fake”"),
            ]),
        ],
        presets=presets(),
    )  # fmt: skip


def show_layers(asked: Asked) -> Part:
    """Return the input, hidden and output layer for a painted bar."""
    bar, network = bar_of(asked), judge()
    hidden = network.hidden(bar)
    return Part(
        "Watch the layers",
        "Paint a bar: the hidden units light up, and the output weighs them.",
        [grid_of(bar)],
        [
            Words(
                f"{int(bar.sum())} of {STEPS * ROWS} inputs are on; {int((hidden > 0).sum())} of "
                f"{HIDDEN} hidden units answer; the output says {percent(network.verdict(bar))} "
                "real."
            ),
            Picture(_layers(bar, network), "Bars to the right speak for real, to the left for "
                    "fake: each is a hidden unit's answer times its weight."),
            Sound("Your bar", song_of(bar)),
        ],
        presets=presets(),
    )  # fmt: skip


def _word(share: float) -> str:
    if abs(share - 0.5) < UNSURE:
        return "It is not sure."
    return "It takes this for real." if share > 0.5 else "It takes this for a fake."


def _scale(share: float) -> SafeString:
    pen = Pen(640, 84, f"A scale from fake to real: this bar is at {percent(share)}.")
    pen.rect(20, 36, 600, 14, "fig__ground")
    pen.rect(20, 36, 600 * share, 14, "fig__fill")
    pen.line((320, 30), (320, 56), "fig__axis")
    x = 20 + 600 * share
    pen.path(f"M{x - 6:.1f} 20H{x + 6:.1f}L{x:.1f} 34z", "fig__fill")
    pen.text(20, 70, "fake", "fig__tick", "start")
    pen.text(320, 70, "cannot tell", "fig__tick")
    pen.text(620, 70, "real", "fig__tick", "end")
    return pen.svg()


def _layers(bar: Bar, network: Judge) -> SafeString:
    hidden = network.hidden(bar)
    said = hidden * network.out
    most = max(float(abs(said).max()), 1.0)
    for_real = float(said[said > 0].sum())
    against = float(-said[said < 0].sum())
    words = (
        f"{HIDDEN} hidden units: those for real add up to {for_real:.1f}, those against to "
        f"{against:.1f}, and the bias adds {network.out_bias:.1f}."
    )
    pen = Pen(640, 24 + 13 * HIDDEN + 26, words)
    pen.text(120, 12, "answer", "fig__tick")
    pen.text(430, 12, "answer × weight", "fig__tick")
    for i, (answer, weighed) in enumerate(zip(hidden, said, strict=True)):
        y = 24 + 13 * i
        pen.rect(40, y, 160, 9, "fig__ground")
        pen.rect(40, y, min(160, 40 * float(answer)), 9, "fig__ink")
        width = 190 * abs(float(weighed)) / most
        style = "fig__fill" if weighed > 0 else "fig__against"
        pen.rect(430 if weighed > 0 else 430 - width, y, width, 9, style)
    pen.line((430, 20), (430, 24 + 13 * HIDDEN), "fig__axis")
    pen.text(424, 34 + 13 * HIDDEN, "← fake", "fig__tick", "end")
    pen.text(436, 34 + 13 * HIDDEN, "real →", "fig__tick", "start")
    return pen.svg()
