"""Step through the edit events of a real run of the editor."""

import math
from functools import cache

from learning.live.pieces import Asked, Button, Part, RollPiece, Slider, Sound, Stat, Stats, Words
from learning.live.tunes import name_of
from ml.lessons import STEP_TICKS, recording, song_of_rows
from ml.music import TICKS_PER_BEAT, Song, Track
from ml.music.changes import change_rolls
from ml.techniques import EditedNote, EditEvent, replay

BEATS = 4


@cache
def run() -> tuple[Song, tuple[EditEvent, ...]]:
    """Return the melody that was edited, and the events in their order."""
    kept = recording("edit_run")
    song = song_of_rows(kept["rows"], qpm=120)
    track = song.tracks[0]
    named = Song((Track("Melody", 0, False, track.notes),), song.tempos)
    return named, tuple(EditEvent.from_dict(row) for row in kept["events"])


def show(asked: Asked) -> Part:
    """Return the melody after the first events, with the last one in words."""
    song, events = run()
    step = asked.count("step", 1, 0, len(events))
    if asked.has("go"):
        step += {"next": 1, "back": -1}.get(asked.choice("go", ["next", "back"], "next"), 0)
        step = min(max(step, 0), len(events))
    after = replay(song, events[:step])
    kinds = [event.kind for event in events[:step]]
    words = said(events[step - 1], step) if step else "The melody before any edit."
    return Part(
        "Step through a real run",
        "The editor was given Ode to Joy with wrong notes in it, and at most "
        f"{recording('edit_run')['maximum_notes_to_add']} notes to add. These are its events.",
        [Slider("step", "Events done", step, 0, len(events), 1, f"{step} of {len(events)}")],
        [
            Words(words),
            RollPiece(
                change_rolls(song, after)[1],
                f"After {step} event{'s'[: step != 1]}; a moved note counts as added where it went",
                after,
            ),
            Sound("Before any event", song),
            Stats([
                Stat("Moved", str(kinds.count("move"))), Stat("Added", str(kinds.count("add"))),
                Stat("Removed", str(kinds.count("remove"))),
            ]),
        ],
        presets=[Button("go", "back", "One back"), Button("go", "next", "One further")],
    )  # fmt: skip


def said(event: EditEvent, number: int) -> str:
    """Return an event as a sentence with what its log-odds mean."""
    head = f"Event {number}, iteration {event.iteration}:"
    times = f"{math.exp(event.log_odds):,.1f}".rstrip("0").rstrip(".")
    odds = (
        f"The model finds the new cell {times} times as likely as the old "
        f"(log-odds {event.log_odds:.2f})."
    )
    if event.before and event.after:
        return f"{head} {_note(event.before)} becomes {_note(event.after)}. {odds}"
    if event.after:
        return f"{head} {_note(event.after)} is added. {odds}"
    return f"{head} {_note(event.before)} is removed. {odds}"


def _note(note: EditedNote | None) -> str:
    if note is None:
        return "nothing"
    beat = note.start / TICKS_PER_BEAT
    bar, within = int(beat // BEATS) + 1, beat % BEATS + 1
    length = note.duration / STEP_TICKS
    return (
        f"**{name_of(note.pitch)}** in bar {bar}, beat {within:g}, "
        f"{length:g} sixteenth{'s'[: length != 1]} long"
    )
