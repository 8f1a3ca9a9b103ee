"""From a music21 score to a `Song`, note by note.

music21's own MIDI writer plays out repeats part by part and believes every part's own measure
lengths, which sets the parts of many madrigals and quartets against each other. Here one order
and one length of measures hold for all parts. Grace notes are left out.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import numpy as np

from ml.music import TICKS_PER_BEAT, KeySignature, Notes, Song, TimeSignature, Track
from ml.music.song import IntArray
from ml.music.text import clean_name


def read_score(score: Any) -> tuple[Song, list[tuple[int, int]]]:
    """Return a music21 score as printed, one track per part, and how to play it.

    The second value lists the spans (start, end) in ticks in the order in which the repeats want
    them; it is empty where there are no repeats. Da capo and segno are not followed.
    """
    parts = list(score.parts) or [score]
    starts = measure_starts(parts)
    tracks = [_read_part(part, starts) for part in parts]
    first = parts[0]
    song = Song(
        tuple(track for track in tracks if len(track.notes)),
        time_signatures=_time_signatures(first, starts),
        key_signatures=_key_signatures(first.flatten()),
    )
    return song, _measure_order(first, starts)


def measure_starts(parts: list[Any]) -> list[float]:
    """Return where each measure begins in beats, and where the last one ends, for all parts.

    In some encodings a rest is longer in one part than the measure is in the others, which moves
    everything after it. A measure is as long as the notes in it, over all parts, and at least
    as long as it is in the part where it is shortest.
    """
    starts = [0.0]
    for column in zip_longest(*(part.getElementsByClass("Measure") for part in parts)):
        measures = [measure for measure in column if measure is not None]
        shortest = min(float(measure.duration.quarterLength) for measure in measures)
        sounding = max(_sounding_length(measure) for measure in measures)
        starts.append(starts[-1] + max(shortest, sounding))
    return starts


def _sounding_length(measure: Any) -> float:
    """Return where the last note of a measure ends, at most where the measure does."""
    ends = [float(n.offset + n.quarterLength) for n in measure.flatten().notes]
    return min(max(ends, default=0.0), float(measure.duration.quarterLength))


def _measure_order(part: Any, starts: list[float]) -> list[tuple[int, int]]:
    measures = list(part.getElementsByClass("Measure"))
    order = repeat_order(
        [_is_repeat(m.leftBarline, "start") for m in measures],
        [_is_repeat(m.rightBarline, "end") for m in measures],
        _first_endings(part, measures),
    )
    if order == list(range(len(measures))):
        return []
    return [(_ticks(starts[i]), _ticks(starts[i + 1])) for i in order]


def repeat_order(begins: list[bool], ends: list[bool], first_only: set[int]) -> list[int]:
    """Return the indexes of measures in playing order.

    A sign at the end of a measure sends back, once, to the last sign that begins a repeat or to
    the measure behind the last one that ended one (music21's own expander goes back to the start
    of the piece). Measures in `first_only` are left out the second time.

    >>> repeat_order([False] * 4, [False, True, False, True], {3})
    [0, 1, 0, 1, 2, 3, 2]
    """
    order: list[int] = []
    start = 0
    for i, (begins_here, ends_here) in enumerate(zip(begins, ends, strict=True)):
        if begins_here:
            start = i
        order.append(i)
        if ends_here:
            order += [again for again in range(start, i + 1) if again not in first_only]
            start = i + 1
    return order


def _is_repeat(barline: Any, direction: str) -> bool:
    return getattr(barline, "direction", None) == direction


def _first_endings(part: Any, measures: list[Any]) -> set[int]:
    """Return the indexes of measures under a bracket that is played the first time only."""
    brackets = part.recurse().getElementsByClass("RepeatBracket")
    inside = {
        id(measure)
        for bracket in brackets
        if 1 in bracket.numberRange
        for measure in bracket.getSpannedElements()
    }
    return {i for i, measure in enumerate(measures) if id(measure) in inside}


def played_out(song: Song, spans: list[tuple[int, int]]) -> Song:
    """Return the song with `spans` one after another; the song itself without any."""
    if not spans:
        return song
    lengths = [end - start for start, end in spans]
    offsets = np.cumsum([0, *lengths[:-1]])
    tracks = tuple(t.with_notes(_played_notes(t.notes, spans, offsets)) for t in song.tracks)
    times = [
        (offset, _signature_at(song, start))
        for (start, _), offset in zip(spans, offsets, strict=True)
    ]
    kept = [
        TimeSignature(int(offset), sign.numerator, sign.denominator)
        for number, (offset, sign) in enumerate(times)
        if number == 0 or sign != times[number - 1][1]
    ]
    return Song(tracks, song.tempos, tuple(kept), song.key_signatures[:1])


def _played_notes(notes: Notes, spans: list[tuple[int, int]], offsets: IntArray) -> Notes:
    picks, shifts = [], []
    for (start, end), offset in zip(spans, offsets, strict=True):
        found = np.arange(*np.searchsorted(notes.start, [start, end]))
        picks.append(found)
        shifts.append(np.full(len(found), offset - start))
    pick, shift = np.concatenate(picks), np.concatenate(shifts)
    return Notes.tidy(
        notes.pitch[pick], notes.start[pick] + shift, notes.duration[pick], notes.velocity[pick]
    )


def _signature_at(song: Song, tick: int) -> TimeSignature:
    return [t for t in song.time_signatures if t.tick <= tick][-1]


def _read_part(part: Any, starts: list[float]) -> Track:
    rows = [
        (pitch.midi, _ticks(start + float(element.offset)), _ticks(element.quarterLength))
        for start, measure in zip(
            starts, part.stripTies().getElementsByClass("Measure"), strict=False
        )
        for element in measure.flatten().notes
        if element.quarterLength > 0
        for pitch in element.pitches
    ]
    pitch, start, duration = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    notes = Notes.tidy(np.clip(pitch, 0, 127), start, duration, np.full(len(rows), 80))
    instrument = part.getInstrument(returnDefault=False)
    program = (instrument and instrument.midiProgram) or 0
    return Track(clean_name(str(part.partName or "")), program, False, notes)


def _time_signatures(part: Any, starts: list[float]) -> tuple[TimeSignature, ...]:
    kept = [TimeSignature(0, 4, 4)]
    for start, measure in zip(starts, part.getElementsByClass("Measure"), strict=False):
        for sign in measure.getElementsByClass("TimeSignature"):
            new = TimeSignature(_ticks(start), sign.numerator, sign.denominator)
            if new.tick == 0:
                kept = [new]
            elif (kept[-1].numerator, kept[-1].denominator) != (new.numerator, new.denominator):
                kept.append(new)
    return tuple(kept)


def _key_signatures(part: Any) -> tuple[KeySignature, ...]:
    found = list(part.getElementsByClass("KeySignature"))[:1]
    return tuple(
        KeySignature(0, sign.sharps, getattr(sign, "mode", "") == "minor")
        for sign in found
        if -7 <= sign.sharps <= 7
    )


def _ticks(beats: Any) -> int:
    return round(float(beats) * TICKS_PER_BEAT)
