"""How large a GAN is trained: by name."""

from __future__ import annotations

from dataclasses import dataclass

from ml.models.gan_nets import GanConfig


@dataclass(frozen=True, slots=True)
class GanSize:
    """Sizes of the networks, and what is practical for them."""

    widths: tuple[int, int, int, int]
    narrower: tuple[int, int, int, int]  # of MuseGAN, which has a decoder for each track
    critic_width: int
    batch: int  # windows
    figures_every: int  # iterations between two points of the curves
    z_channels: int = 16
    z_private: int = 8


SIZES = {
    "shipped": GanSize((176, 208, 240, 256), (128, 144, 160, 176), 24, 32, 250),
    "small": GanSize((96, 112, 128, 128), (64, 72, 80, 96), 8, 16, 25),
    "medium": GanSize((136, 160, 184, 192), (96, 112, 128, 144), 16, 16, 50),
    "tiny": GanSize((16, 16, 24, 24), (16, 16, 24, 24), 4, 8, 25, z_channels=4, z_private=2),
}
"""`shipped` is what the site came with; `small` learns in minutes, `medium` in
a quarter of an hour; `tiny` is for tests."""


def config_of(size: str, algorithm: str) -> GanConfig:
    """Return the sizes of a generator."""
    found = SIZES[size]
    widths = found.narrower if algorithm == "musegan" else found.widths
    return GanConfig(algorithm, widths, found.z_channels, found.z_private)
