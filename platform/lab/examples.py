"""The runs that made the shipped GANs, as an example of what a training looks like."""

import json
from functools import cache
from typing import Any

from django.urls import reverse

from lab.evolution import Evolution, evolution_of
from ml.music.evolution import film
from ml.techniques import WEIGHTS

NAMES = {"unet": "GAN (U-Net)", "musegan": "GAN (MuseGAN)"}


@cache
def card(algorithm: str) -> dict[str, Any]:
    """Return the card of a shipped GAN; the answer is shared."""
    text = (WEIGHTS / f"gan_{algorithm}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def evolution(algorithm: str) -> Evolution:
    """Return what a shipped GAN played while it was trained; the answer is shared."""
    text = (WEIGHTS / f"gan_{algorithm}.samples.json").read_text(encoding="utf-8")
    return evolution_of(json.loads(text))


@cache
def film_of(algorithm: str) -> bytes:
    """Return what a shipped GAN played while it was trained as a WebM film."""
    shown = evolution(algorithm)
    samples = [{"iteration": s.iteration, "windows": s.windows} for s in shown.samples]
    points = card(algorithm)["curves"]
    return film(samples, melodies=shown.melodies, points=points, title=NAMES[algorithm])


def sample_url(algorithm: str, iteration: int, melody: int) -> str:
    """Return the address of a sample's MIDI file."""
    return reverse("lab-example-sample", args=[algorithm, iteration, melody])
