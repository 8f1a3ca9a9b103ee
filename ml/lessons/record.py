"""Records real runs of the shipped models for the lessons: `python -m ml lessons`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ml.data.grids import FOLDER as GRIDS
from ml.data.grids import GridPiece, pieces
from ml.data.melodies import MELODIES, to_song
from ml.lessons import Row, song_of_rows, train_critic
from ml.lessons.attending import attended
from ml.lessons.train_judge import train
from ml.lessons.tune import tune_of
from ml.models import ar_cnn, transformer
from ml.models.transformer_features import LOWEST, N_TOKENS
from ml.models.transformer_frames import Line, line_of
from ml.models.transformer_net import Transformer
from ml.models.transformer_step import Stepper
from ml.music import Song
from ml.music.voices import metre_of, spans, voices_of
from ml.techniques import EditParameters

BARS = 8
STEPS = 16 * BARS
CHORALE = "bwv248.17.mxl"
"""From the Christmas Oratorio, in C major, eight bars; of the test side: no model has seen it."""

ASKED = (
    ("Twinkle, Twinkle, Little Star", 28, "after “up above”"),
    ("Ode to Joy", 28, "after the first line's dotted note"),
    ("Old Hundredth", 16, "at the first breath"),
    ("Frère Jacques", 32, "after the first two bars, twice"),
)
"""Melody, how many steps of it are heard, and where that is in words."""

ATTENDED = ("Twinkle, Twinkle, Little Star", "Frère Jacques")
EDITED = "Ode to Joy, off key"
MOST_ADDED = 40


def record(folder: Path) -> list[Path]:
    """Write every recording and return the files.

    :raises NotPrepared: if `python -m ml data` has not prepared chorales and dance tunes
    :raises ModelUnavailable: if weights are missing or damaged
    """
    torch.set_num_threads(1)
    network = transformer.load().network
    found = {
        "bach": bach(),
        "judge": train(),
        "next_notes": [next_note(network, *asked) for asked in ASKED],
        "attention": [attention(network, title) for title in ATTENDED],
        "edit_run": edit_run(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / f"{name}.json", value) for name, value in found.items()]


def record_critic(folder: Path) -> list[Path]:
    """Train the critic and write its weights and its card; return the files.

    :raises NotPrepared: if `python -m ml data` has not prepared the chorales
    :raises ModelUnavailable: if the generator's weights are missing or damaged
    """
    weights, card = train_critic.train()
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "critic.npz", **weights)  # type: ignore[arg-type]
    return [folder / "critic.npz", _write(folder / "critic.json", card)]


def _write(path: Path, value: Any) -> Path:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def bach() -> dict[str, Any]:
    """Return the first eight full bars of a held-out chorale as rows."""
    piece = next(p for p in pieces("chorale", "test", folder=GRIDS) if CHORALE in p.name)
    first = int(np.flatnonzero(piece.position == 0)[0])
    rows = _rows(piece, slice(first, first + STEPS))
    return {"name": piece.name, "qpm": piece.qpm, "fifths": piece.fifths, "rows": rows}


def _rows(piece: GridPiece, at: slice) -> list[Row]:
    columns = spans(piece.pitch[at].astype(np.int16), piece.strike[at])
    return sorted([int(v), int(a), int(n), int(p)] for v, a, n, p in zip(*columns, strict=True))


def _line(song: Song, n_steps: int, style: str = "chorale") -> Line:
    """Return the first steps of a song, and the one that comes next."""
    voices = voices_of(song)
    pitch, strike = voices.pitch[: n_steps + 1], voices.strike[: n_steps + 1]
    position, _, bar_steps = metre_of(song, n_steps + 1)
    return line_of(pitch, strike, position, bar_steps, style)


def _melody(title: str) -> Song:
    return to_song(next(m for m in MELODIES if m.title == title))


@torch.no_grad()
def next_note(network: Transformer, title: str, heard: int, where: str) -> dict[str, Any]:
    """Return the logits of the top voice's next 16th after the first `heard` steps of a melody."""
    song = _melody(title)
    line = _line(song, heard, "dance")
    stepper = Stepper(network, 1)
    stepper.prime([line])
    metre = line.metre[-1:]
    h = stepper.frame(metre[:, 0], metre[:, 1], metre[:, 2])
    nothing = np.zeros((1, 4), dtype=np.int64)
    logits = stepper.voice_logits(stepper.voice_inputs(h)[0], nothing, 0)[0]
    pitches = [None, *range(LOWEST, LOWEST + N_TOKENS - 1)]
    return {
        "title": title, "heard": heard, "where": where, "melody": _rows_of(song, heard),
        "came": _sounding(song, heard), "pitches": pitches,
        "logits": [round(float(x), 3) for x in logits],
    }  # fmt: skip


def _sounding(song: Song, step: int) -> int | None:
    pitch = int(voices_of(song).pitch[step, 0])
    return pitch if pitch >= 0 else None


def _rows_of(song: Song, n_steps: int) -> list[Row]:
    voices = voices_of(song)
    columns = spans(voices.pitch[:n_steps], voices.strike[:n_steps])
    return sorted([int(v), int(a), int(n), int(p)] for v, a, n, p in zip(*columns, strict=True))


def attention(network: Transformer, title: str) -> dict[str, Any]:
    """Return a melody with the attention that is paid while it is read (`ml.lessons.attending`)."""
    tune = tune_of(_melody(title), longest=STEPS)
    if tune is None:
        raise ValueError(f"{title} has no notes.")
    return {"title": title, **tune.as_dict(), "weights": attended(network, tune)}


def edit_run() -> dict[str, Any]:
    """Return a melody with wrong notes and the events that the editor made of it."""
    song = song_of_rows(_rows_of(_melody(EDITED), STEPS), qpm=120)
    parameters = EditParameters(maximum_notes_to_add=MOST_ADDED)
    result = ar_cnn.edit(song, parameters, seed=1, model=ar_cnn.load())
    return {
        "title": EDITED, "rows": _rows_of(song, STEPS), "seed": 1,
        "maximum_notes_to_add": MOST_ADDED, "events": [e.as_dict() for e in result.events],
        "n_tracks": len(song.tracks),
    }  # fmt: skip
