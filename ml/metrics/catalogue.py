"""What each metric means in plain words, for the entry page and the lessons."""

from __future__ import annotations

from dataclasses import dataclass

from ml.words import _


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
        _("Variety of notes"),
        _("How evenly the twelve notes of the octave share the time."),
        _("bits"),
        _("Let more different notes carry the music."),
        _("Settle on fewer notes and give the important ones more time."),
    ),
    "scale_consistency": Entry(
        _("Staying in key"),
        _("The share of the time that lies inside the one scale that fits best."),
        "",
        _("Replace notes foreign to the key, or let them resolve sooner."),
        _("Dare a note from outside the scale now and then."),
    ),
    "dissonance": Entry(
        _("Friction"),
        _("The share of seconds, sevenths and tritones among notes that sound together."),
        "",
        _("Add passing notes and suspensions."),
        _("Move clashing notes to the nearest note of the chord."),
    ),
    "triad_cover": Entry(
        _("Clear chords"),
        _("The share of the time in which everything that sounds fits one triad."),
        "",
        _("Let chords stand clearly before they are ornamented."),
        _("Add notes between the chords: passing notes, suspensions, sevenths."),
    ),
    "voice_fit": Entry(
        _("Voices that fit"),
        _("How much less the voices clash than they would if one slipped by a few eighths."),
        "",
        _("Write the voices against each other, beat by beat."),
        _("Give the voices more independence."),
    ),
    "chord_surprise": Entry(
        _("Unusual chords"),
        _("How unexpected the chords are for the style."),
        _("bits"),
        _("Use some richer chords: inversions, sevenths."),
        _("Use more of the chords that the style is made of."),
    ),
    "progression_surprise": Entry(
        _("Unusual progressions"),
        _("How unexpected the step from each chord and bass note to the next is for the style."),
        _("bits"),
        _("Let the harmony turn somewhere it has not been."),
        _("Lead the bass and the chords on paths that the style knows."),
    ),
    "step_share": Entry(
        _("Steps"),
        _("The share of melodic moves of at most a whole tone."),
        "",
        _("Fill leaps with notes in between."),
        _("Open the melody with some thirds and fourths."),
    ),
    "leap_share": Entry(
        _("Leaps"),
        _("The share of melodic moves wider than a fifth."),
        "",
        _("Allow a wide leap where the line needs a lift."),
        _("Bring wide leaps nearer, or change the octave of a phrase."),
    ),
    "line_range": Entry(
        _("Range of the lines"),
        _("The distance between the lowest and the highest note of a line, on average."),
        _("semitones"),
        _("Let the lines rise and fall further."),
        _("Keep each line within the reach of a voice."),
    ),
    "pitch_entropy": Entry(
        _("Variety of pitches"),
        _("How evenly the notes are spread over the pitches used."),
        _("bits"),
        _("Use more of the range."),
        _("Come back to a few pitches more often."),
    ),
    "interval_surprise": Entry(
        _("Unusual melody"),
        _("How unexpected each melodic interval is for the style after the two before it."),
        _("bits"),
        _("Break a pattern that has become predictable."),
        _("Let the lines move in ways that the style knows: steps, and leaps that turn back."),
    ),
    "interval_profile": Entry(
        _("Mix of intervals"),
        _("How far the mix of melodic intervals is from the mix in the style."),
        _("bits"),
        _("Nothing needs to change: the mix is that of the style."),
        _("Look at which intervals dominate or are missing, and mix them more evenly."),
    ),
    "groove": Entry(
        _("Steadiness of rhythm"),
        _("How alike the rhythms of neighboring bars are."),
        "",
        _("Keep a rhythm for more than one bar."),
        _("Vary the rhythm from bar to bar."),
    ),
    "distinct_patterns": Entry(
        _("Different rhythms"),
        _("How many different bar rhythms there are per bar."),
        "",
        _("Invent another rhythm for some bars."),
        _("Bring rhythms back instead of inventing new ones."),
    ),
    "off_beat_share": Entry(
        _("Off the beat"),
        _("The share of onsets that lie between the beats."),
        "",
        _("Divide some beats, or begin notes between them."),
        _("Let more notes begin on the beat."),
    ),
    "onsets_per_beat": Entry(
        _("Activity"),
        _("How many onsets there are per beat."),
        _("per beat"),
        _("Add movement with shorter notes."),
        _("Hold some notes longer."),
    ),
    "rhythm_surprise": Entry(
        _("Unusual rhythm"),
        _("How unexpected each note value and its place in the beat are for the style."),
        _("bits"),
        _("Break the even flow with a longer note or a dotted one."),
        _("Align notes with the beat and use the note values of the style."),
    ),
    "rhythm_profile": Entry(
        _("Mix of note values"),
        _("How far the mix of note values is from the mix in the style."),
        _("bits"),
        _("Nothing needs to change: the mix is that of the style."),
        _("Look at which note values dominate or are missing, and mix them more evenly."),
    ),
    "bar_repetition": Entry(
        _("Repeated bars"),
        _("The share of bars that repeat an earlier bar note for note."),
        "",
        _("Bring an idea back."),
        _("Change repeated bars a little, or go on to something new."),
    ),
    "bar_similarity": Entry(
        _("Likeness of neighboring bars"),
        _("How alike the notes of neighboring bars are."),
        "",
        _("Let neighboring bars share more notes."),
        _("Change the harmony from bar to bar."),
    ),
    "late_novelty": Entry(
        _("New ideas later on"),
        _("The share of bars in the second half that were not heard before."),
        "",
        _("Write something new for the second half."),
        _("Let the second half remember the first."),
    ),
    "distinct_bars": Entry(
        _("Amount of material"),
        _("How many different bars there are, counted in doublings: 3 is 8 bars, 4 is 16."),
        _("doublings"),
        _("Write more bars that are not repeats."),
        _("Shorten the piece, or repeat more of it."),
    ),
    "motif_repetition": Entry(
        _("Motifs that return"),
        _("The share of seven-note motifs in the lines that come back at any pitch."),
        "",
        _("Take up a motif again, perhaps higher or lower."),
        _("Develop motifs instead of repeating them exactly."),
    ),
    "polyphony": Entry(
        _("Voices at once"),
        _("How many notes sound together on average."),
        _("notes"),
        _("Add a voice or hold notes longer."),
        _("Thin out the texture."),
    ),
    "polyphony_rate": Entry(
        _("Time with harmony"),
        _("The share of sounding time in which at least two notes sound together."),
        "",
        _("Let voices sound together more of the time."),
        _("Leave some moments to a single voice."),
    ),
    "empty_beats": Entry(
        _("Silent beats"),
        _("The share of beats in which nothing sounds."),
        "",
        _("Leave a breath between phrases."),
        _("Fill the gaps or move the phrases together."),
    ),
    "likelihood": Entry(
        _("Likelihood in the style"),
        _("How far each next note surprises a model that has learned the style."),
        _("nats per cell"),
        _("Say something less expected: the piece repeats or rests where the style moves on."),
        _("Lead voices and rhythm where the style would: listen for what sounds like a slip."),
    ),
}
"""Entries by metric name, in the order of the plan."""

GROUP_TITLES = {
    "harmony": _("Harmony"),
    "melody": _("Melody"),
    "rhythm": _("Rhythm"),
    "structure": _("Structure"),
    "texture": _("Texture"),
    "likelihood": _("Likelihood"),
}


def advice(name: str, value: float, band: tuple[float, float]) -> str:
    """Return what would bring a metric's value nearer to its band; "" inside the band.

    :raises KeyError: if there is no such metric
    """
    entry = CATALOGUE[name]
    if value < band[0]:
        return entry.too_low
    return entry.too_high if value > band[1] else ""
