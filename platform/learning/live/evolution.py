"""What the shipped GANs made of one melody at several iterations of their training."""

import json
from functools import cache
from typing import Any

from learning.live.pieces import Asked, Choice, Part, Piece, RollPiece, Table, Words
from ml.lessons import song_of_rows
from ml.metrics.catalogue import CATALOGUE
from ml.metrics.grid import material_of
from ml.metrics.raw import plain_values
from ml.music import Song
from ml.music.drawing import roll_of
from ml.techniques import WEIGHTS

ALGORITHMS = {"unet": "U-Net", "musegan": "MuseGAN"}
METRICS = ("dissonance", "triad_cover", "scale_consistency", "step_share", "onsets_per_beat")


@cache
def samples(algorithm: str) -> Any:
    """Return the samples that lie beside the weights; the answer is shared."""
    return json.loads((WEIGHTS / f"gan_{algorithm}.samples.json").read_text(encoding="utf-8"))


def iterations(algorithm: str) -> list[str]:
    """Return the iterations at which samples were kept."""
    return [str(sample["iteration"]) for sample in samples(algorithm)["samples"]]


def song_at(algorithm: str, iteration: str, melody: int) -> Song:
    """Return the melody with what the generator added at one iteration."""
    kept = samples(algorithm)
    sample = next(s for s in kept["samples"] if str(s["iteration"]) == iteration)
    return song_of_rows([*kept["melodies"][melody], *sample["windows"][melody]])


def show(asked: Asked) -> Part:
    """Return two iterations beside each other, heard by the same metrics."""
    algorithm = asked.choice("algorithm", list(ALGORITHMS), "unet")
    there = iterations(algorithm)
    early = asked.choice("early", there, there[0])
    late = asked.choice("late", there, there[-1])
    melody = asked.choice("melody", ["0", "1", "2"], "0")
    labels = [(i, f"iteration {int(i):,}") for i in there]
    songs = {i: song_at(algorithm, i, int(melody)) for i in (early, late)}
    return Part(
        "Watch a generator learn",
        "The melody stays the same; below it lies what the generator added at two moments "
        "of its training.",
        [
            Choice("algorithm", "Network", list(ALGORITHMS.items()), algorithm),
            Choice("melody", "Melody", [("0", "first"), ("1", "second"), ("2", "third")], melody),
            Choice("early", "First", labels, early),
            Choice("late", "Second", labels, late),
        ],
        [Words(_sentence(songs, early, late)), *_rolls(songs), _measured(songs)],
        button="Compare",
    )  # fmt: skip


def _sentence(songs: dict[str, Song], early: str, late: str) -> str:
    notes = {i: song.n_notes - len(song.tracks[0].notes) for i, song in songs.items()}
    return (
        f"At iteration {int(early):,} the generator added {notes[early]} notes to the four bars, "
        f"at iteration {int(late):,} it added {notes[late]}."
    )


def _rolls(songs: dict[str, Song]) -> list[Piece]:
    return [RollPiece(roll_of(song), f"Iteration {int(i):,}", song) for i, song in songs.items()]


def _measured(songs: dict[str, Song]) -> Table:
    values = {i: plain_values(material_of(song)) for i, song in songs.items()}
    rows = [[CATALOGUE[name].title, *(f"{values[i][name]:.2f}" for i in songs)] for name in METRICS]
    return Table("Measured", ["Metric", *(f"Iteration {int(i):,}" for i in songs)], rows)
