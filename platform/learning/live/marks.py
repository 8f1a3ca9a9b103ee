"""How the score reads a melody: values beside the band of a style."""

from learning.live.pieces import Asked, BandPiece, Choice, Part, Piece, Sound, Words
from learning.live.tunes import tune_choice, tune_of
from ml.metrics import STYLES, reference_for
from ml.metrics.catalogue import CATALOGUE, advice
from ml.metrics.grid import material_of
from ml.metrics.raw import plain_values

METRICS = (
    "scale_consistency", "pitch_class_entropy", "step_share", "line_range", "off_beat_share",
    "bar_repetition",
)  # fmt: skip


def show(asked: Asked) -> Part:
    """Return six metrics of a melody beside the band of the chosen style, with advice."""
    tune = tune_choice(asked, default="ode-to-joy-off-key")
    style = asked.choice("style", STYLES, "dance")
    title, song = tune_of(tune)
    values = plain_values(material_of(song))
    bands = reference_for(style).bands()
    inside = sum(bands[n][0] <= values[n] <= bands[n][1] for n in METRICS)
    pieces: list[Piece] = [
        Words(f"{title} lies inside the band of the style {style} in {inside} of {len(METRICS)} "
              "metrics."),
        Sound(title, song),
    ]  # fmt: skip
    pieces += [_band(name, values[name], bands[name]) for name in METRICS]
    return Part(
        "Read a score",
        "Choose a melody and a style. Each metric is shown beside the band in which most pieces "
        "of the style lie.",
        [tune, Choice("style", "Style", [(s, s) for s in STYLES], style)],
        pieces,
        button="Measure",
    )


def _band(name: str, value: float, band: tuple[float, float]) -> BandPiece:
    entry = CATALOGUE[name]
    low, high = band
    room = max(high - low, 0.1)
    top = max(high + room, value)
    return BandPiece(
        entry.title, advice(name, value, band) or entry.meaning, value, low, high,
        max(0.0, min(low - room, value)), top if entry.unit else min(top, 1.0),
    )  # fmt: skip
