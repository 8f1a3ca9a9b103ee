"""A film of what a GAN played to the same melodies while it learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from ml.music.webm import webm

SIZE = (960, 540)
STEPS, BAR = 64, 16
LOWEST, HIGHEST = 34, 88  # pitches that a roll shows; others lie at its edge
INK, PALE, LINE, PAPER = "#1f2328", "#57606a", "#d0d7de", "#ffffff"
COLORS = ("#6e7781", "#1f6feb", "#15803d", "#c2410c")
VOICES = ("melody", "alto", "tenor", "bass")
TOP, BOTTOM, EDGE, GAP = 92, 48, 24, 16
MAX_FRAMES = 120

Notes = Sequence[Sequence[int]]
"""Notes of a window: `[voice, first step, steps, pitch]`."""

Sample = Mapping[str, Any]
Point = Mapping[str, float]

_SHOWN = (("generator_loss", "generator"), ("critic_loss", "critic"), ("ce", "cross-entropy"))


def write_video(
    samples: Sequence[Sample], out: Path, *, melodies: Sequence[Notes],
    points: Sequence[Point] = (), title: str = "", seconds: float = 1.0,
) -> Path:  # fmt: skip
    """Write the film as WebM; see `film`."""
    out.write_bytes(film(samples, melodies=melodies, points=points, title=title, seconds=seconds))
    return out


def film(
    samples: Sequence[Sample], *, melodies: Sequence[Notes], points: Sequence[Point] = (),
    title: str = "", seconds: float = 1.0,
) -> bytes:  # fmt: skip
    """Return a WebM film with a picture for each sample, in the order of the iterations.

    :param samples: `iteration` and `windows`, as a run keeps them
    :param melodies: the notes that each window was played to
    :param points: the run's curves; the losses of the last point before a sample are written in
    :param seconds: how long each picture stays
    :raises ValueError: without a sample
    """
    ordered = sorted(samples, key=lambda sample: int(sample["iteration"]))
    if len(ordered) > MAX_FRAMES:
        ordered = [ordered[round(n * (len(ordered) - 1) / (MAX_FRAMES - 1))]
                   for n in range(MAX_FRAMES)]  # fmt: skip
    last = max((int(s["iteration"]) for s in ordered), default=0)
    return webm(
        [picture_of(s, melodies=melodies, points=points, title=title, last=last) for s in ordered],
        seconds=seconds,
    )


def picture_of(
    sample: Sample, *, melodies: Sequence[Notes], points: Sequence[Point] = (), title: str = "",
    last: int = 0,
) -> Image.Image:  # fmt: skip
    """Return the picture of one sample; `last` is the run's last iteration."""
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    iteration = int(sample["iteration"])
    pen.text((EDGE, 14), f"Iteration {iteration:,}", INK, _font(30))
    pen.text((SIZE[0] - EDGE, 16), title, PALE, _font(18), anchor="ra")
    pen.text((EDGE, 56), _losses(points, iteration), PALE, _font(17))
    share = iteration / last if last else 1.0
    pen.rectangle((EDGE, 82, EDGE + share * (SIZE[0] - 2 * EDGE), 85), COLORS[1])
    _legend(pen)
    windows: Sequence[Notes] = sample["windows"]
    width = (SIZE[0] - 2 * EDGE - GAP * (len(windows) - 1)) / max(1, len(windows))
    for number, notes in enumerate(windows):
        melody = melodies[number] if number < len(melodies) else ()
        _roll(pen, [*melody, *notes], EDGE + number * (width + GAP), width)
    return picture


def _losses(points: Sequence[Point], iteration: int) -> str:
    """Return the losses of the last point at or before an iteration, in words."""
    known = [p for p in points if p["iteration"] <= iteration]
    if not known:
        return "before any training" if iteration == 0 else ""
    return "loss:  " + "   ".join(
        f"{word} {known[-1][name]:.2f}" for name, word in _SHOWN if name in known[-1]
    )


def _legend(pen: ImageDraw.ImageDraw) -> None:
    x = float(EDGE)
    for color, word in zip(COLORS, VOICES, strict=True):
        pen.rectangle((x, SIZE[1] - 28, x + 26, SIZE[1] - 18), color)
        pen.text((x + 34, SIZE[1] - 33), word, INK, _font(17))
        x += 60 + pen.textlength(word, _font(17))


def _roll(pen: ImageDraw.ImageDraw, notes: Notes, left: float, width: float) -> None:
    bottom, row = SIZE[1] - BOTTOM, (SIZE[1] - TOP - BOTTOM) / (HIGHEST - LOWEST + 1)
    step = width / STEPS
    pen.rectangle((left, TOP, left + width, bottom), outline=LINE)
    for bar in range(BAR, STEPS, BAR):
        pen.line((left + bar * step, TOP, left + bar * step, bottom), LINE)
    for voice, first, steps, pitch in notes:
        y = bottom - (min(max(pitch, LOWEST), HIGHEST) - LOWEST + 1) * row
        end = left + min(first + steps, STEPS) * step - 2
        pen.rectangle((left + first * step, y, end, y + row), COLORS[voice])


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
