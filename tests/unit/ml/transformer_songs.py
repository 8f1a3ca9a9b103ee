"""A small extender with random weights, and songs for it: what its tests begin with."""

import numpy as np
import torch

from ml.models.transformer import Extender
from ml.models.transformer_net import TINY, Transformer
from ml.music import Notes, Song, TempoChange, TimeSignature, Track

BEAT = 480
VOICES = ((72, 74, 76, 72), (67, 67, 67, 69), (64, 62, 60, 65), (48, 55, 60, 53))


def tiny_network(seed: int = 0) -> Transformer:
    """Return a network whose weights are all random: none of its branches is silent."""
    torch.manual_seed(seed)
    network = Transformer(TINY)
    for parameter in network.parameters():
        if float(parameter.detach().abs().sum()) == 0:
            torch.nn.init.normal_(parameter, 0, 0.1)
    return network.eval().requires_grad_(False)


def tiny_extender(seed: int = 0) -> Extender:
    return Extender(tiny_network(seed))


def track(
    pitches: list[int], *, name: str = "Part", start: int = 0, length: int = BEAT, program: int = 0,
    is_drum: bool = False, velocity: int = 80,
) -> Track:  # fmt: skip
    """Return a track of notes one after another."""
    at = start + np.arange(len(pitches)) * length
    notes = Notes.tidy(pitches, at, [length] * len(pitches), [velocity] * len(pitches))
    return Track(name, program, is_drum, notes)


def chorale(*, bars: int = 4, us_per_beat: int = 500_000, meter: tuple[int, int] = (4, 4)) -> Song:
    """Return four voices in quarter notes."""
    beats = bars * meter[0] * 4 // meter[1]
    tracks = tuple(
        track([voice[i % 4] for i in range(beats)], name=name, program=52 + number)
        for number, (voice, name) in enumerate(zip(VOICES, "SATB", strict=True))
    )
    return Song(tracks, (TempoChange(0, us_per_beat),), (TimeSignature(0, *meter),))


def tune(*, beats: int = 16, **about: int) -> Song:
    """Return a single line."""
    line = [60, 62, 64, 65, 67, 65, 64, 62]
    return Song((track([line[i % 8] for i in range(beats)], name="Tune", **about),))


def rows(notes: Notes) -> set[tuple[int, int, int, int]]:
    """Return notes as (pitch, start, duration, velocity)."""
    columns = (notes.pitch, notes.start, notes.duration, notes.velocity)
    return set(zip(*(c.tolist() for c in columns), strict=True))


def added(before: Song, after: Song) -> list[tuple[int, int, int, int]]:
    """Return the notes of `after` that `before` has not, over all tracks that are not drums."""
    return [
        row
        for old, new in zip(before.tracks, after.tracks, strict=True)
        if not old.is_drum
        for row in sorted(rows(new.notes) - rows(old.notes), key=lambda r: r[1])
    ]
