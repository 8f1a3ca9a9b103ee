"""Training curves, read from the cards of the shipped weights."""

from django.utils.safestring import SafeString

from learning.curves import card, column
from learning.drawing import Chart, Pen

SIZE = (640.0, 260.0)


def _words(name: str, points: list[tuple[float, float]]) -> str:
    return f"{name} goes from {points[0][1]:.2f} to {points[-1][1]:.2f}"


def _two(
    first: tuple[str, list[tuple[float, float]]], second: tuple[str, list[tuple[float, float]]],
    what: str,
) -> SafeString:  # fmt: skip
    """Draw two curves over iterations on one pair of axes."""
    both = [*first[1], *second[1]]
    low, high = min(y for _, y in both), max(y for _, y in both)
    room = 0.06 * (high - low)
    start, end = min(x for x, _ in both), max(x for x, _ in both)
    words = f"Over iterations {start:,.0f} to {end:,.0f}: {_words(*first)}; {_words(*second)}."
    pen = Pen(*SIZE, words)
    chart = Chart(pen, SIZE, (start, end), (low - room, high + room))
    chart.axes("iteration", what)
    for (name, points), style, beside in (
        (first, "fig__curve", -14.0), (second, "fig__curve-2", 16.0),
    ):  # fmt: skip
        chart.curve(points, style)
        x, y = points[len(points) // 3]
        pen.text(chart.x(x), chart.y(y) + beside, name, f"{style}-name", "start")
    return pen.svg()


def transformer() -> tuple[SafeString, str]:
    """Draw how the extender learned: on what it saw, and on held-out chorales."""
    train, valid = column("transformer", "train"), column("transformer", "valid_chorale")
    svg = _two(("training", train[1:]), ("held out", valid[1:]), "nats per note")
    trained = card("transformer")["trained"]
    return svg, (
        f"The shipped Transformer: {trained['iterations']:,} iterations in "
        f"{trained['minutes']:.0f} minutes on a CPU. The training curve lies above the other "
        "one because dropout hides part of the music from the network while it learns."
    )


def ar_cnn() -> tuple[SafeString, str]:
    """Draw how the editor learned."""
    svg = _two(("training", column("ar_cnn", "train")), ("held out", column("ar_cnn", "valid")),
               "nats per hidden cell")  # fmt: skip
    trained = card("ar_cnn")["trained"]
    return svg, (
        f"The shipped editor: {trained['iterations']:,} iterations in {trained['minutes']:.0f} "
        "minutes on a CPU. Held-out music still gets easier at the end: it could train on."
    )


def gan() -> tuple[SafeString, str]:
    """Draw both losses of the U-Net GAN, from where the critic takes part."""
    critic, generator = column("gan_unet", "critic_loss"), column("gan_unet", "generator_loss")
    svg = _two(("generator loss", generator), ("critic loss", critic), "loss")
    return svg, (
        "The shipped U-Net from the moment its critic takes part. The generator loss *rises* while "
        "the music gets better: it is measured by a critic that keeps getting stricter. "
        "The critic loss settles below zero, and does not go to zero."
    )


def gan_metrics() -> tuple[SafeString, str]:
    """Draw a musical metric of the U-Net's output, with the value of the data as a target."""
    values = column("gan_unet", "dissonant")
    target = card("gan_unet")["watched_data"]["dissonant"]
    level = [(values[0][0], target), (values[-1][0], target)]
    svg = _two(("generated", values), ("Bach", level), "share of dissonant pairs")
    return svg, (
        "Friction between the voices, measured while the U-Net trained. The aim is the level of "
        "real music: lower would be blander, not better."
    )
