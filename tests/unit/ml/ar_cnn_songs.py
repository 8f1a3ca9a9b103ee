"""Songs and a tiny editor for the tests of `edit`."""

from collections import Counter

import torch

from ml.models.ar_cnn import Editor, ready
from ml.models.ar_cnn_net import TINY, ArCnn
from ml.music import Notes, Song, TimeSignature, Track


def tiny_editor(seed: int = 0) -> Editor:
    """Return an untrained editor with strong, arbitrary opinions."""
    torch.manual_seed(seed)
    network = ArCnn(TINY)
    with torch.no_grad():
        network.notes.weight.mul_(8)
        network.rest.weight.mul_(4)
    return ready(network.eval())


def line(pitches, *, start=0, length=480, track=0, program=0, velocity=80) -> Track:
    """Return a track of notes one after another."""
    n = len(pitches)
    starts = [start + i * length for i in range(n)]
    return Track(
        f"Line {track}", program, False, Notes.tidy(pitches, starts, [length] * n, [velocity] * n)
    )


def song(*tracks: Track, meter=(4, 4)) -> Song:
    return Song(tracks, time_signatures=(TimeSignature(0, *meter),))


MELODY = [67, 69, 71, 72, 74, 72, 71, 69, 67, 71, 74, 71, 67, 64, 66, 67]


def rows(found: Song) -> Counter:
    """Return every note of a song as (track, start, pitch, duration, velocity)."""
    return Counter(
        (number, *row)
        for number, t in enumerate(found.tracks)
        for row in zip(
            *(getattr(t.notes, n).tolist() for n in ("start", "pitch", "duration", "velocity")),
            strict=True,
        )
    )
