"""Finds the beat again in files that were stretched in seconds instead of by their tempo.

Some programs make a piece faster by moving every note and leaving the tempo as it is: then nothing
lies on the beat any more. If one simple stretch fits the onsets far better and brings nearly all
of them to a grid, the piece is measured in that stretch; otherwise (played by hand, say) as it is.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np

from ml.metrics.material import Bools, Floats, Ints, Material, distinct, prepare
from ml.music import Notes, Song, TimeSignature

_TOLERANCE = 5  # ticks; what two roundings to a coarser resolution cost
_BETTER = 1.0  # by how much a stretch must fit better than the song as it is; a song all in
# triplets fits 0.83 better when they are made eighths, and must stay as it is
_SAMPLE = 300  # onsets looked at, spread over the piece
_BEST = 3.0  # the fit of onsets that all lie on beats
_FOUND = 0.9  # share that a stretch must bring onto the grid

STRETCHES = sorted(
    {
        Fraction(a, b)
        for a in range(1, 11)
        for b in range(1, 11)
        if Fraction(2, 3) <= Fraction(a, b) <= Fraction(3, 2)
    },
    key=lambda f: abs(np.log(float(f))),
)
"""Stretches tried, the mildest first; all within 2/3 to 3/2, so that no note value doubles."""

_FACTORS = np.array([float(f) for f in STRETCHES])


@lru_cache(maxsize=2)
def material_of(song: Song) -> Material:
    """Return a song's material, on its beats; kept for the next caller with the same song."""
    return prepare(on_the_beat(song))


@lru_cache(maxsize=2)
def on_the_beat(song: Song) -> Song:
    """Return the song, stretched back onto its beats where that is clearly possible.

    The last ones are kept: the metrics and the likelihood both ask.
    """
    starts = [t.notes.start for t in song.tracks]
    onsets = distinct(np.concatenate([np.zeros(0, dtype=np.int64), *starts]))
    onsets = onsets[:: len(onsets) // _SAMPLE + 1]
    if len(onsets) == 0:
        return song
    as_it_is = float(_fit(onsets[None])[0])
    if as_it_is > _BEST - _BETTER:
        return song
    moved = onsets * _FACTORS[:, None]  # (stretches, onsets)
    fits = _fit(moved)
    best = int(np.argmax(fits))
    if fits[best] < as_it_is + _BETTER or _near(moved[best], 120, 160).mean() < _FOUND:
        return song
    return stretched(song, STRETCHES[best])


def stretched(song: Song, factor: Fraction) -> Song:
    """Return the song with all times multiplied by `factor`."""
    tracks = tuple(t.with_notes(_moved(t.notes, factor)) for t in song.tracks)
    times = tuple(
        TimeSignature(round(s.tick * factor), s.numerator, s.denominator)
        for s in song.time_signatures
    )
    return Song(tracks, song.tempos, times, song.key_signatures)


def _moved(notes: Notes, factor: Fraction) -> Notes:
    start, end = (
        np.rint(ticks * float(factor)).astype(np.int64) for ticks in (notes.start, notes.end)
    )
    return Notes.tidy(notes.pitch, start, end - start, notes.velocity)


def _fit(onsets: Ints | Floats) -> Floats:
    """Return how well rows of onsets fit beats, eighths, and sixteenths or triplets; 0 to 3."""
    grids = ((480,), (240,), (120, 160))
    shares = [_near(onsets, *grid).mean(axis=-1) for grid in grids]
    return np.asarray(np.round(np.sum(shares, axis=0), 3))


def _near(onsets: Ints | Floats, *steps: int) -> Bools:
    """Say which onsets lie within the tolerance of a multiple of some step."""
    near = np.zeros(onsets.shape, dtype=bool)
    for step in steps:
        near |= np.abs((onsets + step / 2) % step - step / 2) <= _TOLERANCE
    return near
