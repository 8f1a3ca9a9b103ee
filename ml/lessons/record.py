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
from ml.lessons import Row, song_of_rows
from ml.lessons.train_judge import train
from ml.models import ar_cnn, transformer
from ml.models.transformer_features import LOWEST, N_TOKENS
from ml.models.transformer_frames import Cut, Line, batch, line_of
from ml.models.transformer_net import Block, Transformer, rotary_angles, rotated
from ml.models.transformer_step import Stepper
from ml.music import Song
from ml.music.voices import metre_of, spans, voices_of
from ml.techniques import EditParameters

BARS = 8
STEPS = 16 * BARS
STEPS_PER_BEAT = 4
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


@torch.no_grad()
def attention(network: Transformer, title: str) -> dict[str, Any]:
    """Return how each head shares its attention among the beats before, for every beat.

    `weights[layer][head][asking]` lists shares of the beats 0 to `asking`, in thousandths; the
    step that asks is the last 16th of its beat.
    """
    song = _melody(title)
    line = _line(song, STEPS - 1, "dance")
    frames = batch([Cut(line, 0, STEPS, 0, 0)], 1, STEPS)
    seen = list[tuple[torch.Tensor, torch.Tensor]]()
    taught = _Watched(network)
    taught.trunk(frames, seen)
    return {
        "title": title, "rows": _rows_of(song, STEPS), "beats": STEPS // STEPS_PER_BEAT,
        "weights": [[_by_beat(head) for head in layer] for layer in taught.weights],
    }  # fmt: skip


class _Watched:
    """Runs the trunk once and keeps the attention of every block."""

    def __init__(self, network: Transformer) -> None:
        self.network = network
        self.weights: list[torch.Tensor] = []

    def trunk(self, frames: Any, seen: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
        handles = [
            block.norm_attention.register_forward_hook(self._watch(block))  # type: ignore[union-attr]
            for block in self.network.blocks
        ]
        try:
            self.network.trunk(frames, torch.float32, seen=seen)
        finally:
            for handle in handles:
                handle.remove()

    def _watch(self, block: Any) -> Any:
        def keep(_module: Any, _inputs: Any, x: torch.Tensor) -> None:
            self.weights.append(_attention_of(self.network, block, x)[0])

        return keep


def _attention_of(network: Transformer, block: Block, x: torch.Tensor) -> torch.Tensor:
    """Return the attention (B, H, T, T) that a block pays for normalized inputs (B, T, C)."""
    n_rows, n_frames, _ = x.shape
    q, k, _ = (
        part.view(n_rows, n_frames, block.n_heads, -1).transpose(1, 2)
        for part in block.qkv(x).chunk(3, dim=-1)
    )
    cos, sin = rotary_angles(network.config, torch.arange(n_frames))
    q, k = rotated(q, cos, sin), rotated(k, cos, sin)
    scores = q * q.shape[-1] ** -0.5 @ k.transpose(-1, -2)
    later = torch.triu(torch.ones(n_frames, n_frames, dtype=torch.bool), diagonal=1)
    found: torch.Tensor = scores.masked_fill(later, -torch.inf).softmax(dim=-1)
    return found


def _by_beat(head: torch.Tensor) -> list[list[int]]:
    beats = head.shape[-1] // STEPS_PER_BEAT
    asking = head[STEPS_PER_BEAT - 1 :: STEPS_PER_BEAT]
    summed = asking.view(beats, beats, STEPS_PER_BEAT).sum(dim=-1)
    return [[round(1000 * float(x)) for x in row[: i + 1]] for i, row in enumerate(summed)]


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
