"""From a song and a musician's wishes to a stream that can be drawn.

Steps are 16th notes (120 ticks). The extension begins at the step where the last note of the
song, drums included, has stopped; the metre goes on from there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ml.models.transformer_features import N_VOICES
from ml.models.transformer_frames import Line, line_of
from ml.models.transformer_key import Key, key_of
from ml.models.transformer_rules import UNLIMITED, Rules
from ml.models.transformer_sampling import Sampling, Stream
from ml.music import DEFAULT_LIMITS, Song, TempoChange
from ml.music.song import TICKS_PER_BEAT, seconds_at
from ml.music.voices import REST, STEP_TICKS, Voices, metre_of, voices_of
from ml.techniques import ExtendParameters, GenerationRefused
from ml.words import _

MAX_STEPS = 4096
"""The longest extension in 16th notes: 30 seconds at 2,048 beats a minute."""

_SLACK_TICKS = 30  # a note that ends this little behind a step ends there

_LEANING = 0.5
_LEAST_USUAL = 0.043  # so that nothing becomes less likely than by a factor of 5
_SCALE_CELLS = 16  # cells of each note of the scale that count as heard, for the shortest inputs

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Context:
    """The end of a song, as much of it as the model listens to.

    `pitch` and `strike` are (steps, 4), `metre` (steps, 2) the position in the bar and the bar's
    length. `voices` are the song's own, of which `present` may sound.
    """

    pitch: npt.NDArray[np.int16]
    strike: npt.NDArray[np.bool_]
    metre: Ints
    voices: Voices
    present: tuple[bool, bool, bool, bool]


@dataclass(frozen=True, eq=False)
class Request:
    """What is to be drawn, but for the style.

    `start` is the step where the extension begins, `end_tick` where it is cut off, `metre`
    (steps, 2) goes with its steps. `maximum_ticks` is the most that a note may last.
    """

    song: Song
    parameters: ExtendParameters
    seed: int
    context: Context
    start: int
    end_tick: int
    metre: Ints
    rules: Rules
    key: Key
    maximum_ticks: int

    def line(self, style: str) -> Line:
        """Return the context and one more frame, laid out in a style; the frame is all rests."""
        c = self.context
        pitch = np.vstack([c.pitch, np.full((1, N_VOICES), REST, c.pitch.dtype)])
        strike = np.vstack([c.strike, np.zeros((1, N_VOICES), bool)])
        metre = np.vstack([c.metre, self.metre[:1]])
        return line_of(pitch, strike, metre[:, 0], metre[:, 1], style)

    def stream(self, style: str) -> Stream:
        """Return the stream to draw in a style."""
        p, line = self.parameters, self.line(style)
        number = np.full((len(self.metre), 1), line.metre[0, 2])
        sampling = Sampling(p.sampling_technique, p.sampling_threshold, p.creative_risk)
        return Stream(line, np.hstack([self.metre, number]), self.rules, sampling, self.seed)


def request_of(song: Song, parameters: ExtendParameters, seed: int) -> Request:
    """Return what is to be drawn.

    :raises GenerationRefused: if the song has no notes but drums, or would become too long
    """
    voices = voices_of(song)
    if not (voices.pitch != REST).any():
        raise GenerationRefused("no_melody", _("There is no note to go on from, other than drums."))
    start = max(len(voices), -(-(song.end_tick - _SLACK_TICKS) // STEP_TICKS))
    end_tick = _end_tick(song, start, parameters.extension_duration)
    n_steps = max(1, -(-(end_tick - start * STEP_TICKS) // STEP_TICKS))
    position, _steps, bar_steps = metre_of(song, start + n_steps)
    metre = np.stack([position, bar_steps], axis=1).astype(np.int64)
    context = _context(song, voices, metre[:start], parameters.input_duration)
    key = key_of(context.pitch if (context.pitch != REST).any() else voices.pitch)
    tick_seconds = _slowest(song, start * STEP_TICKS) / TICKS_PER_BEAT / 1e6
    rules = _rules(parameters, context.present, key, tick_seconds * STEP_TICKS)
    longest = parameters.maximum_note_length
    return Request(
        song, parameters, seed, context, start, end_tick, metre[start:],
        _going_on(rules, context, key, int(metre[start, 1])), key,
        UNLIMITED * STEP_TICKS if longest is None else max(1, int(longest / tick_seconds + 1e-6)),
    )  # fmt: skip


def _end_tick(song: Song, start: int, duration: float) -> int:
    """Return the tick that lies `duration` seconds behind the start of the extension."""
    begin = start * STEP_TICKS
    until = seconds_at(song.tempos, begin) + duration
    end = max(tick_at(song.tempos, until), begin + 1)
    if (end - begin) / STEP_TICKS > MAX_STEPS:
        raise GenerationRefused(
            "too_fast",
            _(
                "At this tempo {duration:g} seconds hold more than {max_steps} 16th notes. "
                "Ask for a shorter extension."
            ).format(duration=duration, max_steps=MAX_STEPS),
        )
    if until > DEFAULT_LIMITS.max_seconds or end / TICKS_PER_BEAT > DEFAULT_LIMITS.max_beats:
        raise GenerationRefused(
            "too_long", _("The extended piece would be longer than 30 minutes.")
        )
    return end


def tick_at(tempos: tuple[TempoChange, ...], seconds: float) -> int:
    """Return the last tick that is reached within `seconds`; the last tempo goes on for ever.

    >>> tick_at((TempoChange(0, 500_000), TempoChange(480, 250_000)), 0.75)
    960
    """
    at = 0.0
    for change, following in zip(tempos, [*tempos[1:], None], strict=True):
        per_tick = change.us_per_beat / TICKS_PER_BEAT / 1e6
        length = math.inf if following is None else (following.tick - change.tick) * per_tick
        if at + length >= seconds:
            return change.tick + int((seconds - at) / per_tick + 1e-6)
        at += length
    raise AssertionError("The last tempo has no end.")


def _slowest(song: Song, from_tick: int) -> int:
    """Return the microseconds of the longest beat from a tick on: limits hold for all of them."""
    there = [t.us_per_beat for t in song.tempos if t.tick > from_tick]
    return max([*there, [t.us_per_beat for t in song.tempos if t.tick <= from_tick][-1]])


def _context(song: Song, voices: Voices, metre: Ints, duration: float | None) -> Context:
    """Return the end of the song, `duration` seconds of it or all.

    Of a long silence (or drums alone) before the extension, at most two bars are kept.
    """
    start, sounding = len(metre), len(voices)
    bar = int(metre[-1, 1]) if start else 16
    gap = start - sounding
    if gap > 2 * bar:
        gap = bar + gap % bar
    listened = np.r_[np.arange(sounding), np.arange(start - gap, start)]
    pitch = np.vstack([voices.pitch, np.full((gap, N_VOICES), REST, voices.pitch.dtype)])
    strike = np.vstack([voices.strike, np.zeros((gap, N_VOICES), bool)])
    n_heard = len(listened) if duration is None else _steps_heard(song, start, duration)
    part = slice(max(0, len(listened) - n_heard), None)
    sounds = (pitch[part] != REST).any(axis=0)
    present = sounds if sounds.any() else (pitch != REST).any(axis=0)
    return Context(
        pitch[part], strike[part], metre[listened][part], voices, tuple(present.tolist())
    )


def _steps_heard(song: Song, start: int, duration: float) -> int:
    end = seconds_at(song.tempos, start * STEP_TICKS)
    first = tick_at(song.tempos, max(0.0, end - duration))
    return max(1, start - first // STEP_TICKS)


def _going_on(rules: Rules, context: Context, key: Key, bar: int) -> Rules:
    """Return the rules with what keeps an extension going, and in the key of the piece.

    The pieces that the network learned from end, which an extension must not: after three
    quarters of a bar some voice moves, after a bar of silence one enters. Pitch classes that the
    piece hardly used become less likely (by a factor of 5 at most), since sixteen bars of small
    liberties would lead far away.
    """
    voices = sum(rules.voices)
    return replace(
        rules,
        silence=max(4, bar),
        standstill=max(4, 3 * bar // 4 if voices > 1 else bar),
        leaning=leaning_of(context.pitch, key),
    )


def leaning_of(pitch: npt.NDArray[np.int16], key: Key) -> tuple[float, ...]:
    """Return what to add to the logits of each pitch class: from -1.6 for strange ones to 0.

    >>> scale = np.array([[60], [62], [64], [65], [67], [69], [71]])
    >>> [round(x, 1) for x in leaning_of(scale, key_of(scale))][:3]
    [0.0, -1.6, 0.0]
    """
    heard = np.bincount(pitch[pitch >= 0].astype(np.int64) % 12, minlength=12).astype(float)
    heard[list(key.chroma)] += _SCALE_CELLS
    usual = np.minimum(heard / np.median(heard[list(key.chroma)]), 1.0)
    return tuple(float(x) for x in _LEANING * np.log(np.maximum(usual, _LEAST_USUAL)))


def _rules(
    parameters: ExtendParameters, present: tuple[bool, bool, bool, bool], key: Key,
    step_seconds: float,
) -> Rules:  # fmt: skip
    rest, note = parameters.maximum_rest, parameters.maximum_note_length
    return Rules(
        voices=present,
        chroma=key.chroma if parameters.key_lock else frozenset(range(12)),
        maximum_rest=UNLIMITED if rest is None else int(rest / step_seconds + 1e-6),
        maximum_note=UNLIMITED if note is None else max(1, int(note / step_seconds + 1e-6)),
    )
