"""How pieces are scored and notes are drawn."""

from django.utils.safestring import SafeString

from learning.drawing import Chart, Pen

MOVED = ((0, 94.6), (5, 81.8), (10, 61.6), (20, 41.9), (40, 27.4), (80, 17.8))
"""Percent of the notes moved, mean score of held-out chorales (docs/metrics.md)."""


def moved_notes() -> tuple[SafeString, str]:
    """Draw what moving notes does to the score of chorales."""
    words = ", ".join(f"{moved} percent moved: {score}" for moved, score in MOVED)
    pen = Pen(640, 250, f"Mean score of held-out chorales. {words}.")
    chart = Chart(pen, (640, 250), (0, 80), (0, 100))
    chart.axes("percent of the notes moved", "score")
    chart.curve(MOVED, "fig__curve")
    for moved, score in MOVED:
        pen.circle(chart.x(moved), chart.y(score), 4, "fig__fill")
        pen.text(chart.x(moved) + 8, chart.y(score) - 11, f"{score:.0f}", "fig__tick", "start")
    return (
        pen.svg(),
        "Move one note in ten by up to three semitones, and a third of the score is gone.",
    )


def score_path() -> tuple[SafeString, str]:
    """Draw the way from a piece to its score."""
    pen = Pen(
        640, 120,
        "From a piece to its score: 28 values, each with a mark by its distance from the band of "
        "a style, six groups, one score.",
    )  # fmt: skip
    for i, words in enumerate(
        ("Piece", "28 values", "Marks|beside a band", "Six groups", "Score|0 to 100")
    ):
        pen.box(8 + 127 * i, 30, 106, 60, words)
        if i < 4:
            pen.arrow([(116 + 127 * i, 60), (133 + 127 * i, 60)])
    return pen.svg(), "No step asks whether you will like the piece. That is left to people."


SHARES = (
    ("G4", 0.42), ("A4", 0.20), ("F4", 0.14), ("E4", 0.09), ("D4", 0.06), ("C5", 0.04),
    ("B4", 0.03), ("C4", 0.02),
)  # fmt: skip


def nucleus(threshold: float = 0.9) -> tuple[SafeString, str]:
    """Draw a distribution cut by a nucleus."""
    said = ", ".join(f"{name} {100 * share:.0f} percent" for name, share in SHARES)
    pen = Pen(
        640, 230,
        f"Eight notes by their chance: {said}. A nucleus of 0.9 keeps the first five.",
    )  # fmt: skip
    before = 0.0
    for i, (name, share) in enumerate(SHARES):
        x, height = 30 + 74 * i, 340 * share
        style = "fig__fill" if before < threshold else "fig__cut"
        pen.rect(x + 8, 180 - height, 56, height, style)
        pen.text(x + 36, 170 - height, f"{100 * share:.0f} %", "fig__tick")
        pen.text(x + 36, 196, name, "fig__label")
        before += share
        if before >= threshold > before - share:
            pen.line((x + 74, 24), (x + 74, 200), "fig__mark")
            pen.text(x + 80, 34, f"nucleus {threshold:g}", "fig__tick", "start")
    pen.line((30, 180), (622, 180), "fig__axis")
    return (
        pen.svg(),
        "The likeliest notes are added up until they reach the threshold; the rest is cut off.",
    )
