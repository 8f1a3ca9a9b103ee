"""Disturb eight bars of Bach and see which metrics notice."""

from collections.abc import Callable, Sequence

import numpy as np

from learning.live.pieces import Asked, Choice, Part, RollPiece, Slider, Sound, Table, Words
from learning.live.tunes import bach
from ml.metrics import reference_for
from ml.metrics.catalogue import CATALOGUE
from ml.metrics.grid import material_of
from ml.metrics.raw import plain_values
from ml.music import TICKS_PER_BEAT, Notes, Song, Track
from ml.music.drawing import roll_of

METRICS = (
    "pitch_class_entropy", "scale_consistency", "dissonance", "triad_cover", "voice_fit",
    "step_share", "leap_share", "pitch_entropy", "groove", "off_beat_share", "onsets_per_beat",
    "polyphony", "empty_beats",
)  # fmt: skip
CHANGED = 0.02
EIGHTH = TICKS_PER_BEAT // 2
SEED = 7

Dice = np.random.Generator


def pitches(track: Track, share: float, dice: Dice) -> Notes:
    """Exchange the pitches of some notes of a voice among themselves."""
    n = track.notes
    chosen = np.flatnonzero(dice.random(len(n)) < share)
    pitch = n.pitch.copy()
    pitch[chosen] = pitch[dice.permutation(chosen)]
    return Notes.tidy(pitch, n.start, n.duration, n.velocity)


def off_key(track: Track, share: float, dice: Dice) -> Notes:
    """Move some notes of a voice by one to three semitones."""
    n = track.notes
    wrong = dice.random(len(n)) < share
    moved = n.pitch + np.where(wrong, dice.choice([-3, -2, -1, 1, 2, 3], len(n)), 0)
    return Notes.tidy(moved, n.start, n.duration, n.velocity)


def slipped(track: Track, share: float, dice: Dice) -> Notes:
    """Let a voice come late by up to two beats, the more the larger the share."""
    n = track.notes
    late = round(4 * share * dice.random() + 3 * share) * EIGHTH
    return Notes.tidy(n.pitch, n.start + late, n.duration, n.velocity)


def lengths(track: Track, share: float, dice: Dice) -> Notes:
    """Begin some notes of a voice an eighth late."""
    n = track.notes
    late = np.where(dice.random(len(n)) < share, EIGHTH, 0)
    return Notes.tidy(n.pitch, n.start + late, np.maximum(n.duration - late, 60), n.velocity)


WAYS: dict[str, tuple[str, Callable[[Track, float, Dice], Notes]]] = {
    "pitches": ("Shuffle the pitches in each voice", pitches),
    "off_key": ("Move notes by 1 to 3 semitones", off_key),
    "slipped": ("Let the voices slip against each other", slipped),
    "lengths": ("Begin notes late", lengths),
}


def disturbed(song: Song, way: str, share: float) -> Song:
    """Return a song with a share (0-1) of each voice disturbed in one way, always the same."""
    dice = np.random.default_rng(SEED)
    act = WAYS[way][1]
    tracks = [Track(t.name, t.program, t.is_drum, act(t, share, dice)) for t in song.tracks]
    return Song(tuple(tracks), song.tempos, song.time_signatures)


def show(asked: Asked) -> Part:
    """Return the metrics of the chorale before and after, and which of them noticed."""
    way = asked.choice("way", list(WAYS), "pitches")
    percent = asked.count("share", 100, 0, 100)
    before, after = bach(), disturbed(bach(), way, percent / 100)
    rows = compared(before, after)
    noticed = [row[0] for row in rows if row[-1] == "yes"]
    return Part(
        "Which metrics notice?",
        "Eight bars from Bach's Christmas Oratorio, which no model was trained on. Disturb them.",
        [
            Choice("way", "What to disturb", [(w, label) for w, (label, _) in WAYS.items()], way),
            Slider("share", "How much", percent, 0, 100, 10, f"{percent} %"),
        ],
        [
            Words(_sentence(noticed, len(rows))),
            RollPiece(roll_of(after), "After", after),
            Sound("Bach, as it was", before),
            Table(
                "Before and after, and the band in which most chorales lie",
                ["Metric", "Bach", "Now", "Chorales", "Left the band"], rows,
            ),
        ],
        button="Disturb",
    )  # fmt: skip


def compared(before: Song, after: Song) -> list[list[str]]:
    """Return each metric before and after, the band of chorales, and whether it left that."""
    was, now = (plain_values(material_of(song)) for song in (before, after))
    bands = reference_for("chorale").bands()
    rows = []
    for name in METRICS:
        low, high = bands[name]
        moved = abs(now[name] - was[name]) > CHANGED
        out = moved and not low <= now[name] <= high and _further(was[name], now[name], low, high)
        rows.append([
            CATALOGUE[name].title, f"{was[name]:.2f}", f"{now[name]:.2f}",
            f"{low:.2f} to {high:.2f}", "yes" if out else "no",
        ])  # fmt: skip
    return rows


def _further(was: float, now: float, low: float, high: float) -> bool:
    return max(low - now, now - high) > max(low - was, was - high, 0.0)


def _sentence(noticed: Sequence[str], total: int) -> str:
    if not noticed:
        return f"None of {total} metrics left its band."
    names = ", ".join(noticed).lower()
    return f"{len(noticed)} of {total} metrics left their band: {names}."
