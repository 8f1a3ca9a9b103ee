"""What minutes of training bought: the curves on the cards of the shipped models."""

from django.utils.safestring import SafeString

from learning.curves import CURVES, Curve, curve_of
from learning.drawing import Chart, Pen
from learning.live.pieces import Asked, Choice, Part, Picture, Slider, Stat, Stats, Words


def show(asked: Asked) -> Part:
    """Return how far a shipped model was after some minutes of its own training."""
    model = asked.choice("model", list(CURVES), "transformer")
    curve = curve_of(model)
    longest = max(1, round(curve.minutes[-1]))
    minutes = asked.count("minutes", min(10, longest), 1, longest)
    at = max((i for i, m in enumerate(curve.minutes) if m <= minutes), default=0)
    return Part(
        "What do minutes buy?",
        "The curves come from the cards of the shipped models, trained on two processor cores.",
        [
            Choice("model", "Model", [(name, c[0]) for name, c in CURVES.items()], model),
            Slider("minutes", "Minutes of training", minutes, 1, longest, 1, f"{minutes} min"),
        ],
        [
            Words(_sentence(curve, at, minutes)),
            Picture(_drawn(curve, minutes)),
            Stats([
                Stat("Iterations", f"{curve.iterations[at]:,}"),
                Stat(curve.what, f"{curve.values[at]:.3f}", "on music it was not trained on"),
                Stat("At the end", f"{curve.values[-1]:.3f}",
                     f"after {curve.minutes[-1]:.0f} minutes"),
            ]),
        ],
    )  # fmt: skip


def _sentence(curve: Curve, at: int, minutes: int) -> str:
    if minutes < curve.minutes[0]:
        return (
            f"Nothing was measured before minute {curve.minutes[0]:.1f}; the first value is "
            f"{curve.values[0]:.3f}."
        )
    first, last = curve.values[0], curve.values[-1]
    share = (first - curve.values[at]) / ((first - last) or 1)
    return (
        f"After {minutes} of {curve.minutes[-1]:.0f} minutes {share:.0%} of all progress since "
        "the first measurement was made."
    )


def _drawn(curve: Curve, minutes: int) -> SafeString:
    words = f"{curve.what} over {curve.minutes[-1]:.0f} minutes, from {curve.values[0]:.2f} to "
    pen = Pen(640, 240, f"{words}{curve.values[-1]:.2f}; minute {minutes} is marked.")
    chart = Chart(
        pen, (640, 240), (0, curve.minutes[-1]), (0.9 * min(curve.values), max(curve.values))
    )
    chart.axes("minutes", curve.what)
    x = chart.x(minutes)
    pen.line((x, chart.TOP), (x, 240 - chart.BOTTOM), "fig__mark")
    chart.curve(zip(curve.minutes, curve.values, strict=True), "fig__curve")
    return pen.svg()
