"""Pieces to measure with."""

import random

from ml.music import TICKS_PER_BEAT, Notes, Song, Track

SCALE = (0, 2, 4, 5, 7, 9, 11)
BEATS = 120  # 60 s at 120 beats a minute
VOICES = ((72, 0), (64, 0), (55, 32), (43, 32))  # centre and program of each track


def typical_piece(seed: int) -> Song:
    """Return 60 s of music for four tracks, about 1 000 notes; another seed, other music."""
    dice = random.Random(seed)
    return Song(tuple(_track(dice, centre, program) for centre, program in VOICES))


def _track(dice: random.Random, centre: int, program: int) -> Track:
    pitch, start, duration, degree = [], [], [], 0
    tick = 0
    while tick < BEATS * TICKS_PER_BEAT:
        length = dice.choice((240, 240, 240, 480))
        degree = min(max(degree + dice.choice((-2, -1, -1, 0, 1, 1, 2)), -5), 5)
        pitch.append(centre + 12 * (degree // 7) + SCALE[degree % 7])
        start.append(tick)
        duration.append(length)
        tick += length
    return Track("", program, False, Notes.tidy(pitch, start, duration, [80] * len(pitch)))
