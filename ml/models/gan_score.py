"""From a song to the GAN's windows, and from drawn classes back to tracks.

The melody is read on a grid of 16ths; a window of 64 steps begins every 32 (after a pickup, with
the first whole bar), and of each its middle half is kept. Random numbers belong to places in the
piece, not to windows, so that two windows mostly agree where they meet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ml.data.parts import DRUMS
from ml.models.gan_dice import Z_EVERY, Dice, gumbel, logistic
from ml.models.gan_grid import (
    CLASSES,
    N_DRUMS,
    SILENT,
    STEPS,
    STYLES,
    TRACKS,
    Windows,
    folded,
    phases,
    sounding_rows,
)
from ml.models.gan_nets import GanConfig
from ml.music import Notes, Song, Track
from ml.music.voices import STEP_TICKS, metre_of, notes_of, voices_of
from ml.techniques import GenerationRefused
from ml.words import _

HOP = STEPS // 2
EDGE = STEPS // 4
BAR = 16  # steps of a bar of 4/4
LONGEST_GAP = 4  # steps of rest in the melody's voice that another note of its track may fill
MAX_STEPS = 40_000

MELODY_ROW = {"chorale": 35, "madrigal": 33, "quartet": 37, "arcade": 41}
"""The mean row of the melody in the training windows, by style."""

REGISTER = {"chorale": (26, 46), "madrigal": (27, 47), "quartet": (29, 48), "arcade": (19, 39)}
"""Lowest and highest pitch of row 0 that the added tracks sound well at, by style."""

MELODY_WORDS = ("melody", "lead", "vocal", "soprano", "cantus", "solo", "tune")


@dataclass(frozen=True, eq=False)
class Line:
    """A melody on the grid: `pitch` (T,) or -1, `strike` (T,), and its metre."""

    pitch: npt.NDArray[np.int64]
    strike: npt.NDArray[np.bool_]
    position: npt.NDArray[np.int64]
    bar_steps: npt.NDArray[np.int64]
    track: int

    def __len__(self) -> int:
        return len(self.pitch)


def melody_of(song: Song) -> Line:
    """Return the melody of a song: the top voice of its most melodic track.

    That is a track whose name says so, otherwise, of the tracks with at least a quarter as many
    notes as the busiest, the one that lies highest. Where its top voice rests for long, another
    note of the same track stands in.

    :raises GenerationRefused: without a pitched note, or if the melody is too long
    """
    track = _melodic_track(song)
    alone = Song((song.tracks[track],), song.tempos, song.time_signatures, song.key_signatures)
    if alone.end_tick > MAX_STEPS * STEP_TICKS:
        raise GenerationRefused(
            "too_long",
            _("The melody is longer than {beats} beats; shorten it first.").format(
                beats=MAX_STEPS // 4
            ),
        )
    voices = voices_of(alone)
    pitch, strike = _top_line(voices.pitch.astype(np.int64), voices.strike)
    position, _steps, bar_steps = metre_of(song, len(pitch))
    return Line(pitch, strike, position.astype(np.int64), bar_steps.astype(np.int64), track)


def _melodic_track(song: Song) -> int:
    pitched = [i for i, t in enumerate(song.tracks) if not t.is_drum and len(t.notes)]
    if not pitched:
        raise GenerationRefused(
            "no_melody", _("There is no melody to accompany: the song has no pitched note.")
        )
    named = [i for i in pitched if any(w in song.tracks[i].name.lower() for w in MELODY_WORDS)]
    busiest = max(len(song.tracks[i].notes) for i in pitched)
    busy = [i for i in pitched if 4 * len(song.tracks[i].notes) >= busiest]
    return max(named or busy, key=lambda i: (float(song.tracks[i].notes.pitch.mean()), -i))


def _top_line(
    pitch: npt.NDArray[np.int64], strike: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return voice 0, and in its long rests the highest other voice that sounds."""
    top, begins = pitch[:, 0].copy(), strike[:, 0].copy()
    rests = top == SILENT
    edges = np.flatnonzero(np.diff(np.r_[False, rests, False].astype(np.int8)))
    steps = np.arange(len(pitch))
    for first, end in edges.reshape(-1, 2):
        if end - first > LONGEST_GAP:
            inside = steps[first:end]
            voice = pitch[inside].argmax(axis=1)
            top[inside] = pitch[inside, voice]
            before = np.r_[SILENT, top[inside][:-1]]
            begins[inside] = (strike[inside, voice] | (top[inside] != before)) & (
                top[inside] != SILENT
            )
    return top, begins


@dataclass(frozen=True, eq=False)
class Score:
    """The conditions of a whole melody: `windows`, and the step at which each begins.

    `base` is the pitch of row 0 for the melody, `added_base` the one for what is added: the same
    note name, in a register that sounds well.
    """

    windows: Windows
    first: tuple[int, ...]
    n_steps: int
    base: int
    added_base: int

    @property
    def length(self) -> int:
        """Steps until the last window has ended."""
        return self.first[-1] + STEPS


def score_of(line: Line, style: str) -> Score:
    """Return the windows of a melody for a style."""
    base = round(float(line.pitch[line.pitch != SILENT].mean())) - MELODY_ROW[style]
    n = len(line)
    first = first_steps(line)
    place = np.array(first)[:, None] + np.arange(STEPS)
    is_music = place < n
    place = np.minimum(place, n - 1)
    pitch = np.where(is_music, line.pitch[place], SILENT)
    strike = line.strike[place] & is_music
    strike[:, 0] |= pitch[:, 0] != SILENT
    phase = phases(line.position[place], line.bar_steps[place], is_music)
    index = np.full(len(first), STYLES.index(style))
    arrays = (folded(pitch, base), strike, phase, index)
    windows = Windows(*(torch.from_numpy(np.ascontiguousarray(a)) for a in arrays))
    return Score(windows, first, n, base, in_register(base, style))


def first_steps(line: Line) -> tuple[int, ...]:
    """Return where windows begin: at the start, and every two bars from the first whole bar."""
    bars = np.flatnonzero(line.position == 0)
    pickup = int(bars[0]) if len(bars) and line.bar_steps[0] == BAR and bars[0] < BAR else 0
    after = range(pickup, max(len(line) - STEPS, 0) + HOP, HOP) if len(line) > STEPS else ()
    return tuple(dict.fromkeys((0, *after)))


def in_register(base: int, style: str) -> int:
    """Return the pitch of row 0, moved by octaves into the style's register.

    >>> in_register(70, "chorale"), in_register(30, "chorale")
    (46, 30)
    """
    low, high = REGISTER[style]
    while base < low:
        base += 12
    while base > high:
        base -= 12
    return base


def throw_for(score: Score, config: GanConfig, generator: torch.Generator) -> Dice:
    """Return the random numbers of all windows: places that two windows share get the same."""
    length = score.length + Z_EVERY
    z = torch.randn(config.z_total, length // Z_EVERY, generator=generator)
    classes = gumbel((TRACKS, length, CLASSES), generator)
    drums = logistic((N_DRUMS, length), generator)
    columns = [f // Z_EVERY for f in score.first]
    return Dice(
        torch.stack([z[:, c : c + STEPS // Z_EVERY] for c in columns]),
        torch.stack([classes[:, f : f + STEPS] for f in score.first]),
        torch.stack([drums[:, f : f + STEPS] for f in score.first]),
    )


def joined(parts: Tensor, score: Score) -> Tensor:
    """Return windows (B, …, 64) as one line (…, n_steps).

    Where two overlap, the earlier one has its say until a bar after the later one has begun.
    """
    turns = [0, *(f + EDGE for f in score.first[1:]), score.length]
    kept = [
        part[..., begin - first : end - first]
        for part, first, begin, end in zip(parts, score.first, turns[:-1], turns[1:], strict=True)
    ]
    return torch.cat(kept, dim=-1)[..., : score.n_steps]


@dataclass(frozen=True, slots=True)
class Part:
    """How an added track is called and sounds."""

    name: str
    program: int
    velocity: int


PARTS: dict[str, tuple[Part, Part, Part]] = {
    "chorale": (Part("Bass", 52, 74), Part("Tenor", 52, 68), Part("Alto", 52, 68)),
    "madrigal": (Part("Bass", 53, 72), Part("Tenor", 53, 68), Part("Alto", 53, 68)),
    "quartet": (Part("Cello", 42, 76), Part("Viola", 41, 70), Part("Second violin", 40, 70)),
    "arcade": (Part("Bass guitar", 33, 92), Part("Rhythm guitar", 29, 74), Part("Pad", 89, 66)),
}
"""From the bass up; General MIDI programs from 0."""


def added_tracks(
    classes: npt.NDArray[np.int64], score: Score, style: str, count: int
) -> list[Track]:
    """Return the first `count` tracks, from the bass up, of classes (K, T)."""
    rows, strike = sounding_rows(classes)
    pitch = np.where(rows == SILENT, SILENT, rows + score.added_base)
    pitch = np.clip(pitch, SILENT, 127).astype(np.int16).T
    return [
        Track(part.name, part.program, False,
              notes_of(pitch, strike.T, k, velocity=part.velocity))
        for k, part in enumerate(PARTS[style][:count])
    ]  # fmt: skip


def drum_track(drums: npt.NDArray[np.bool_]) -> Track:
    """Return a drum track of strikes (9, T), each a 16th long; beats are louder."""
    row, step = np.nonzero(drums)
    pitch = np.array([written for _, written, _ in DRUMS], dtype=np.int64)[row]
    loud = np.where(step % 4 == 0, 96, 80)
    notes = Notes.tidy(pitch, step * STEP_TICKS, np.full(len(step), STEP_TICKS), loud)
    return Track("Drums", 0, True, notes)
