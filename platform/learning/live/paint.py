"""Paint a bar, and see the array and the metrics that it is."""

from learning.live.bars import bar_of, grid_of, presets, song_of
from learning.live.pieces import Asked, Code, Part, Piece, Sound, Stat, Stats, Table, Words
from learning.live.tunes import name_of, percent
from ml.lessons.judge import LOWEST, ROWS, STEPS, Bar
from ml.metrics.catalogue import CATALOGUE
from ml.metrics.grid import material_of
from ml.metrics.raw import plain_values
from ml.music.roll import note_list

METRICS = ("pitch_class_entropy", "scale_consistency", "step_share", "leap_share", "polyphony")


def show(asked: Asked) -> Part:
    """Return the grid with its array, its notes, or its metrics, as the lesson sets."""
    bar = bar_of(asked)
    views = asked.options.get("view", "array").split(",")
    pieces: list[Piece] = [Words(_sentence(bar)), Sound("Your bar", song_of(bar))]
    pieces += [piece for view in views for piece in VIEWS[view](bar)]
    return Part(
        "Paint a piano roll",
        "Each box is one cell: an eighth note long and a semitone high. "
        "Boxes side by side on a row are one held note.",
        [grid_of(bar)], pieces, presets=presets(),
    )  # fmt: skip


def _sentence(bar: Bar) -> str:
    notes = song_of(bar).n_notes
    return f"{int(bar.sum())} of {STEPS * ROWS} cells are on: {notes} note{'s'[: notes != 1]}."


def array(bar: Bar) -> list[Piece]:
    """Return the bar as rows of zeros and ones, time downwards."""
    head = "eighth  " + " ".join(f"{name_of(LOWEST + r).replace('♯', '#'):>3}" for r in range(ROWS))
    rows = [
        f"{step + 1:>6}  " + " ".join(f"{int(on):>3}" for on in line)
        for step, line in enumerate(bar)
    ]
    return [Code(f"The array, shape ({STEPS}, {ROWS}): time first", "\n".join([head, *rows]))]


def notes(bar: Bar) -> list[Piece]:
    """Return the bar as notes: what a MIDI file would say."""
    rows = [
        [str(note.pitch), name_of(note.pitch), f"{note.start:g}", f"{note.duration:g}"]
        for note in sorted(note_list(song_of(bar)), key=lambda note: (note.start, note.pitch))
    ]
    return [Table("The same as notes", ["Pitch", "Name", "Start (beats)", "Length (beats)"], rows)]


def metrics(bar: Bar) -> list[Piece]:
    """Return what the metrics of the score say of the bar."""
    if not bar.any():
        return [Words("Nothing sounds, so there is nothing to measure.")]
    values = plain_values(material_of(song_of(bar)))
    found = []
    for name in METRICS:
        entry = CATALOGUE[name]
        value = f"{values[name]:.2f} {entry.unit}" if entry.unit else percent(values[name])
        found.append(Stat(entry.title, value, entry.meaning))
    return [Stats(found)]


VIEWS = {"array": array, "notes": notes, "metrics": metrics}
