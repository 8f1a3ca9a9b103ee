"""Music that is none, made from a real piece or from nothing, to measure whether the score sees it.

Every maker takes a real song and a random generator and returns a song of about its length.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ml.music import Notes, Song, TimeSignature, Track

Maker = Callable[[Song, np.random.Generator], Song]

BEAT = 480
MAJOR = np.array([0, 2, 4, 5, 7, 9, 11])


def _voices(n_voices: int, n_beats: int, pitches: Callable[[int, int], np.ndarray]) -> Song:
    """Return voices of eighth notes whose pitches come from `pitches(voice, count)`."""
    count = n_beats * 2
    start = np.arange(count) * BEAT // 2
    tracks = []
    for voice in range(n_voices):
        notes = Notes.tidy(pitches(voice, count), start, np.full(count, BEAT // 2), [80] * count)
        tracks.append(Track(f"Voice {voice + 1}", 0, False, notes))
    return Song(tuple(tracks))


def _shape(song: Song) -> tuple[int, int]:
    """Return how many voices (at most 4) and beats (16 to 256) junk in place of a song gets."""
    return min(len(song.tracks), 4), int(np.clip(song.duration_beats, 16, 256))


def _rebuilt(song: Song, change: Callable[[Track], Notes]) -> Song:
    tracks = tuple(Track(t.name, t.program, t.is_drum, change(t)) for t in song.tracks)
    return Song(tracks, song.tempos, song.time_signatures)


def shuffled_voices(song: Song, rng: np.random.Generator) -> Song:
    """Shuffle the pitches inside each voice; rhythm stays."""
    return _rebuilt(
        song,
        lambda t: Notes.tidy(
            rng.permutation(t.notes.pitch), t.notes.start, t.notes.duration, t.notes.velocity
        ),
    )


def random_chromatic(song: Song, rng: np.random.Generator) -> Song:
    """Any pitch of three octaves in every eighth."""
    voices, beats = _shape(song)
    return _voices(voices, beats, lambda v, n: rng.integers(48, 84, n))


def random_pitches_same_rhythm(song: Song, rng: np.random.Generator) -> Song:
    """Keep rhythm and ranges of the piece, draw every pitch inside its voice's range."""
    return _rebuilt(
        song,
        lambda t: Notes.tidy(
            rng.integers(t.notes.pitch.min(), t.notes.pitch.max() + 1, len(t.notes)),
            t.notes.start,
            t.notes.duration,
            t.notes.velocity,
        ),
    )


def random_scale(song: Song, rng: np.random.Generator) -> Song:
    """Any note of C major over three octaves in every eighth."""
    voices, beats = _shape(song)
    scale = np.concatenate([MAJOR + 48, MAJOR + 60, MAJOR + 72])
    return _voices(voices, beats, lambda v, n: rng.choice(scale, n))


def random_walk(song: Song, rng: np.random.Generator) -> Song:
    """Voices that step up, down or stay in C major, in eighths."""
    voices, beats = _shape(song)
    scale = np.concatenate([MAJOR + 12 * o for o in range(3, 7)])

    def walk(voice: int, count: int) -> np.ndarray:
        places = 7 + 4 * voice + np.cumsum(rng.integers(-1, 2, count))
        span = len(scale) - 1
        return np.asarray(scale[np.abs((places + span) % (2 * span) - span)])

    return _voices(voices, beats, walk)


def random_walk_chromatic(song: Song, rng: np.random.Generator) -> Song:
    """Voices that move by up to a minor third in semitones, in random rhythms."""
    voices, beats = _shape(song)
    tracks = []
    for voice in range(voices):
        steps = rng.choice([120, 240, 480, 720], beats * 2)
        start = np.concatenate([[0], np.cumsum(steps)[:-1]])
        keep = start < beats * BEAT
        pitch = 60 + np.abs((np.cumsum(rng.integers(-3, 4, len(steps))) + 20) % 40 - 20) - 10
        notes = Notes.tidy(pitch[keep], start[keep], steps[keep], np.full(keep.sum(), 80))
        tracks.append(Track(f"Voice {voice + 1}", 0, False, notes))
    return Song(tuple(tracks))


def one_note(song: Song, rng: np.random.Generator) -> Song:
    """One pitch repeated in quarters."""
    _, beats = _shape(song)
    start = np.arange(beats) * BEAT
    notes = Notes.tidy([60] * beats, start, [BEAT] * beats, [80] * beats)
    return Song((Track("Drone", 0, False, notes),))


def _chords(chords: list[tuple[int, ...]], beats: int) -> Song:
    start = np.arange(beats) * BEAT
    tracks = []
    for voice in range(len(chords[0])):
        pitch = [chords[(beat // 2) % len(chords)][voice] for beat in range(beats)]
        notes = Notes.tidy(pitch, start, [BEAT] * beats, [80] * beats)
        tracks.append(Track(f"Voice {voice + 1}", 0, False, notes))
    return Song(tuple(tracks))


def triad_loop(song: Song, rng: np.random.Generator) -> Song:
    """A C major chord in quarters."""
    return _chords([(72, 67, 64, 48)], _shape(song)[1])


def cadence_loop(song: Song, rng: np.random.Generator) -> Song:
    """I-IV-V-I in C major over and over."""
    chords = [(72, 67, 64, 48), (72, 69, 65, 53), (71, 67, 62, 55), (72, 67, 64, 48)]
    return _chords(chords, _shape(song)[1])


def bar_loop(song: Song, rng: np.random.Generator) -> Song:
    """The busiest of the first bars of the piece over and over."""
    return _loop(song, rng, 1)


def two_bar_loop(song: Song, rng: np.random.Generator) -> Song:
    """Two bars of the piece over and over."""
    return _loop(song, rng, 2)


def four_bar_loop(song: Song, rng: np.random.Generator) -> Song:
    """Four bars of the piece over and over."""
    return _loop(song, rng, 4)


def _loop(song: Song, rng: np.random.Generator, bars: int) -> Song:
    starts = song.bar_starts
    first = int(rng.integers(1, max(len(starts) - bars, 2)))
    begin = int(starts[min(first, len(starts) - 1)])
    length = bars * song.time_signatures[0].bar_ticks
    times = max(song.end_tick // length, 2)

    def repeated(track: Track) -> Notes:
        n = track.notes
        inside = (n.start >= begin) & (n.start < begin + length)
        start = n.start[inside] - begin
        duration = np.minimum(n.duration[inside], length - start)
        shifts = np.repeat(np.arange(times) * length, len(start))
        copies = (np.tile(a, times) for a in (n.pitch[inside], start, duration, n.velocity[inside]))
        pitch, start, duration, velocity = copies
        return Notes.tidy(pitch, start + shifts, duration, velocity)

    looped = _rebuilt(song, repeated)
    return Song(looped.tracks, song.tempos, (song.time_signatures[0],))


def misaligned_voices(song: Song, rng: np.random.Generator) -> Song:
    """Each voice shifted by some beats and moved by some semitones against the others."""
    tracks = []
    for number, t in enumerate(song.tracks):
        n = t.notes
        pitch = np.clip(n.pitch + int(rng.integers(-5, 6)) * (number > 0), 0, 127)
        start = n.start + number * int(rng.integers(1, 8)) * BEAT // 2
        tracks.append(
            Track(t.name, t.program, t.is_drum, Notes.tidy(pitch, start, n.duration, n.velocity))
        )
    return Song(tuple(tracks), song.tempos, song.time_signatures)


def shuffled_everything(song: Song, rng: np.random.Generator) -> Song:
    """Shuffle pitches inside voices and durations too, notes one after another."""

    def change(track: Track) -> Notes:
        n = track.notes
        gaps = np.diff(n.start, append=n.end.max())
        order = rng.permutation(len(n))
        gaps = gaps[order]
        start = np.concatenate([[0], np.cumsum(gaps)[:-1]]) + n.start[0]
        return Notes.tidy(rng.permutation(n.pitch), start, n.duration[order], n.velocity)

    return _rebuilt(song, change)


def random_everything(song: Song, rng: np.random.Generator) -> Song:
    """Pitches, onsets and lengths at random in one track."""
    count = max(song.n_notes, 40)
    end = max(song.end_tick, 16 * BEAT)
    start = rng.integers(0, end, count)
    notes = Notes.tidy(
        rng.integers(36, 96, count), start, rng.integers(60, 960, count), [80] * count
    )
    return Song((Track("Noise", 0, False, notes),), time_signatures=(TimeSignature(0, 4, 4),))


JUNK: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        shuffled_voices,
        shuffled_everything,
        random_pitches_same_rhythm,
        random_chromatic,
        random_scale,
        random_walk,
        random_walk_chromatic,
        random_everything,
        one_note,
        triad_loop,
        cadence_loop,
        bar_loop,
        two_bar_loop,
        four_bar_loop,
        misaligned_voices,
    )
}
"""All makers of junk by name."""


def perturbed(song: Song, share: float, kind: str, rng: np.random.Generator) -> Song:
    """Return the song with a share of its notes moved.

    `kind` is "pitch" (1 to 3 semitones up or down), "onset" (an eighth to a quarter earlier or
    later), "both", or "any" (a new pitch between the lowest and the highest).
    """
    low, high = song.pitch_range

    def change(track: Track) -> Notes:
        n = track.notes
        hit = rng.random(len(n)) < share
        pitch, start = n.pitch.copy(), n.start.copy()
        if kind in ("pitch", "both"):
            pitch += hit * rng.integers(1, 4, len(n)) * rng.choice([-1, 1], len(n))
        if kind == "any":
            pitch = np.where(hit, rng.integers(low, high + 1, len(n)), pitch)
        if kind in ("onset", "both"):
            start += hit * rng.choice([-480, -360, -240, -120, 120, 240, 360, 480], len(n))
        return Notes.tidy(np.clip(pitch, 0, 127), np.maximum(start, 0), n.duration, n.velocity)

    return _rebuilt(song, change)
