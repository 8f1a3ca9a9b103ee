"""What each metric means in plain words, for the entry page and the lessons."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """Words about one metric.

    `unit` follows the value on screens ("" for a share, shown in percent); `too_low` and
    `too_high` say what would bring a value outside the band nearer to it.
    """

    title: str
    meaning: str
    unit: str
    too_low: str
    too_high: str


CATALOGUE: dict[str, Entry] = {
    "pitch_class_entropy": Entry(
        "Variety of notes",
        "How evenly the twelve notes of the octave share the time.",
        "bits",
        "Let more different notes carry the music.",
        "Settle on fewer notes and give the important ones more time.",
    ),
    "scale_consistency": Entry(
        "Staying in key",
        "The share of the time that lies inside the one scale that fits best.",
        "",
        "Replace notes foreign to the key, or let them resolve sooner.",
        "Dare a note from outside the scale now and then.",
    ),
    "dissonance": Entry(
        "Friction",
        "The share of seconds, sevenths and tritones among notes that sound together.",
        "",
        "Add passing notes and suspensions.",
        "Move clashing notes to the nearest note of the chord.",
    ),
    "triad_cover": Entry(
        "Clear chords",
        "The share of the time in which everything that sounds fits one triad.",
        "",
        "Let chords stand clearly before they are ornamented.",
        "Add notes between the chords: passing notes, suspensions, sevenths.",
    ),
    "voice_fit": Entry(
        "Voices that fit",
        "How much less the voices clash than they would if one slipped by a few eighths.",
        "",
        "Write the voices against each other, beat by beat.",
        "Give the voices more independence.",
    ),
    "chord_surprise": Entry(
        "Unusual chords",
        "How unexpected the chords are for the style.",
        "bits",
        "Use some richer chords: inversions, sevenths.",
        "Use more of the chords that the style is made of.",
    ),
    "progression_surprise": Entry(
        "Unusual progressions",
        "How unexpected the step from each chord and bass note to the next is for the style.",
        "bits",
        "Let the harmony turn somewhere it has not been.",
        "Lead the bass and the chords on paths that the style knows.",
    ),
    "step_share": Entry(
        "Steps",
        "The share of melodic moves of at most a whole tone.",
        "",
        "Fill leaps with notes in between.",
        "Open the melody with some thirds and fourths.",
    ),
    "leap_share": Entry(
        "Leaps",
        "The share of melodic moves wider than a fifth.",
        "",
        "Allow a wide leap where the line needs a lift.",
        "Bring wide leaps nearer, or change the octave of a phrase.",
    ),
    "line_range": Entry(
        "Range of the lines",
        "The distance between the lowest and the highest note of a line, on average.",
        "semitones",
        "Let the lines rise and fall further.",
        "Keep each line within the reach of a voice.",
    ),
    "pitch_entropy": Entry(
        "Variety of pitches",
        "How evenly the notes are spread over the pitches used.",
        "bits",
        "Use more of the range.",
        "Come back to a few pitches more often.",
    ),
    "interval_surprise": Entry(
        "Unusual melody",
        "How unexpected each melodic interval is for the style after the two before it.",
        "bits",
        "Break a pattern that has become predictable.",
        "Let the lines move in ways that the style knows: steps, and leaps that turn back.",
    ),
    "interval_profile": Entry(
        "Mix of intervals",
        "How far the mix of melodic intervals is from the mix in the style.",
        "bits",
        "Nothing needs to change: the mix is that of the style.",
        "Look at which intervals dominate or are missing, and mix them more evenly.",
    ),
    "groove": Entry(
        "Steadiness of rhythm",
        "How alike the rhythms of neighboring bars are.",
        "",
        "Keep a rhythm for more than one bar.",
        "Vary the rhythm from bar to bar.",
    ),
    "distinct_patterns": Entry(
        "Different rhythms",
        "How many different bar rhythms there are per bar.",
        "",
        "Invent another rhythm for some bars.",
        "Bring rhythms back instead of inventing new ones.",
    ),
    "off_beat_share": Entry(
        "Off the beat",
        "The share of onsets that lie between the beats.",
        "",
        "Divide some beats, or begin notes between them.",
        "Let more notes begin on the beat.",
    ),
    "onsets_per_beat": Entry(
        "Activity",
        "How many onsets there are per beat.",
        "per beat",
        "Add movement with shorter notes.",
        "Hold some notes longer.",
    ),
    "rhythm_surprise": Entry(
        "Unusual rhythm",
        "How unexpected each note value and its place in the beat are for the style.",
        "bits",
        "Break the even flow with a longer note or a dotted one.",
        "Align notes with the beat and use the note values of the style.",
    ),
    "rhythm_profile": Entry(
        "Mix of note values",
        "How far the mix of note values is from the mix in the style.",
        "bits",
        "Nothing needs to change: the mix is that of the style.",
        "Look at which note values dominate or are missing, and mix them more evenly.",
    ),
    "bar_repetition": Entry(
        "Repeated bars",
        "The share of bars that repeat an earlier bar note for note.",
        "",
        "Bring an idea back.",
        "Change repeated bars a little, or go on to something new.",
    ),
    "bar_similarity": Entry(
        "Likeness of neighboring bars",
        "How alike the notes of neighboring bars are.",
        "",
        "Let neighboring bars share more notes.",
        "Change the harmony from bar to bar.",
    ),
    "late_novelty": Entry(
        "New ideas later on",
        "The share of bars in the second half that were not heard before.",
        "",
        "Write something new for the second half.",
        "Let the second half remember the first.",
    ),
    "distinct_bars": Entry(
        "Amount of material",
        "How many different bars there are, counted in doublings: 3 is 8 bars, 4 is 16.",
        "doublings",
        "Write more bars that are not repeats.",
        "Shorten the piece, or repeat more of it.",
    ),
    "motif_repetition": Entry(
        "Motifs that return",
        "The share of seven-note motifs in the lines that come back at any pitch.",
        "",
        "Take up a motif again, perhaps higher or lower.",
        "Develop motifs instead of repeating them exactly.",
    ),
    "polyphony": Entry(
        "Voices at once",
        "How many notes sound together on average.",
        "notes",
        "Add a voice or hold notes longer.",
        "Thin out the texture.",
    ),
    "polyphony_rate": Entry(
        "Time with harmony",
        "The share of sounding time in which at least two notes sound together.",
        "",
        "Let voices sound together more of the time.",
        "Leave some moments to a single voice.",
    ),
    "empty_beats": Entry(
        "Silent beats",
        "The share of beats in which nothing sounds.",
        "",
        "Leave a breath between phrases.",
        "Fill the gaps or move the phrases together.",
    ),
    "likelihood": Entry(
        "Likelihood in the style",
        "How far each next note surprises a model that has learned the style.",
        "nats per cell",
        "Say something less expected: the piece repeats or rests where the style moves on.",
        "Lead voices and rhythm where the style would: listen for what sounds like a slip.",
    ),
}
"""Entries by metric name, in the order of the plan."""

GROUP_TITLES = {
    "harmony": "Harmony",
    "melody": "Melody",
    "rhythm": "Rhythm",
    "structure": "Structure",
    "texture": "Texture",
    "likelihood": "Likelihood",
}


def advice(name: str, value: float, band: tuple[float, float]) -> str:
    """Return what would bring a metric's value nearer to its band; "" inside the band.

    :raises KeyError: if there is no such metric
    """
    entry = CATALOGUE[name]
    if value < band[0]:
        return entry.too_low
    return entry.too_high if value > band[1] else ""
