"""Techniques in a few lines, with weights of three numbers, for tests of what calls them."""

import hashlib
import json
import random
import sys
from dataclasses import dataclass
from types import SimpleNamespace

import torch
from safetensors.torch import save_file

from ml.models import MODULES
from ml.models.store import fill, weights
from ml.music import Notes, Song, Track
from ml.techniques import (
    SHIPPED,
    EditedNote,
    EditEvent,
    GenerationCancelled,
    GenerationRefused,
    replay,
)
from ml.techniques import generated as outcome


def install(monkeypatch):
    """Put these techniques in the place of the real ones."""
    functions = {"accompany": accompany, "edit": edit, "extend": extend}
    for technique, function in functions.items():
        module = SimpleNamespace(
            # looked up at the call, so that a test may put something else in its place
            load=lambda folder, name=SHIPPED[technique][0]: load(folder, name),
            extend_many=lambda *requests, **how: extend_many(*requests, **how),
            **{technique: function},
        )
        monkeypatch.setitem(sys.modules, f"ml.models.tiny_{technique}", module)
        monkeypatch.setitem(MODULES, technique, f"tiny_{technique}")


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.shift = torch.nn.Parameter(torch.zeros(3))


@dataclass
class Model:
    shift: int


def write_weights(folder, name, technique, *, shift=(1, 2, 3), **card):
    file = folder / f"{name}.safetensors"
    save_file({"shift": torch.tensor(shift, dtype=torch.float16)}, file)
    about = {"name": name, "technique": technique, "parameters": len(shift),
             "sha256": hashlib.sha256(file.read_bytes()).hexdigest(), **card}  # fmt: skip
    (folder / f"{name}.json").write_text(json.dumps(about))


def load(folder, name):
    net = Net()
    fill(net, *weights(name, folder))
    return Model(int(net.shift.sum()))


def edit(song, parameters, *, seed, model, progress=lambda *_: None, cancelled=lambda: False):
    """Move the first note by a random number of semitones."""
    if song.tracks[0].is_drum:
        raise GenerationRefused("no_melody", "There is no melody in this piece.")
    if cancelled():
        raise GenerationCancelled
    progress(0.5, "moving")
    n = song.tracks[0].notes
    values = [int(column[0]) for column in (n.start, n.pitch, n.duration, n.velocity)]
    before = EditedNote(*values)
    to = (before.pitch + model.shift + random.Random(seed).randrange(50)) % 128
    after = EditedNote(before.start, to, before.duration, before.velocity)
    event = EditEvent("move", 0, before, after, 0.5, 1)
    progress(1.0, "done")
    return outcome(song, replay(song, [event]), events=[event], by=to - before.pitch)


def extend(song, parameters, *, seed, model, progress=lambda *_: None, cancelled=lambda: False):
    """Add one note."""
    track = Track("More", 0, False, Notes.tidy([seed % 128], [song.end_tick], [480], [80]))
    return outcome(song, Song((*song.tracks, track), song.tempos, song.time_signatures))


def extend_many(requests, *, model, progress=lambda *_: None, cancelled=lambda: False):
    return [extend(song, parameters, seed=seed, model=model) for song, parameters, seed in requests]


def accompany(song, parameters, **how):
    return extend(song, parameters, **how)
