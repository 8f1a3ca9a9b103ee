"""The pieces that the demo hands in, good and bad."""

import random
from dataclasses import dataclass
from pathlib import Path

from ml.data.held_out import held_out_corpus
from ml.data.melodies import sample_melodies
from ml.music import TICKS_PER_BEAT, Notes, Song, Track, read_midi, transposed

REAL_PIECES = 8
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00"
EIGHTH = TICKS_PER_BEAT // 2


@dataclass(frozen=True, slots=True)
class DemoPiece:
    """A file as a participant would upload it."""

    participant: str
    title: str
    midi: bytes


def real_pieces(cache: Path, *, count: int = REAL_PIECES) -> list[tuple[str, bytes]]:
    """Return real chorales that neither the reference bands nor the originality index know."""
    pieces = held_out_corpus("chorale", count, cache=cache)
    return [(f"Chorale {_catalogue_number(piece.name)}", piece.played) for piece in pieces]


def _catalogue_number(name: str) -> str:
    """Return "BWV 36.8-2" for "bach/bwv36.8-2.mxl"."""
    return Path(name).stem.upper().replace("BWV", "BWV ")


def all_pieces(cache: Path) -> list[DemoPiece]:
    """Return every piece of the demo: 8 real ones, the sample melodies, and 7 bad ones.

    Everybody hands in one piece, so that all of them can stand on the board.
    """
    real = real_pieces(cache)
    samples = [(title, song.to_midi()) for title, song in sample_melodies()]
    bad = bad_pieces(original=real[0])
    people = iter(PARTICIPANTS)
    return [DemoPiece(next(people), title, midi) for title, midi in (*real, *samples, *bad)]


def bad_pieces(*, original: tuple[str, bytes]) -> list[tuple[str, bytes]]:
    """Return files that a fair scorer must put last, send to review or refuse with a reason."""
    title, midi = original
    copied = transposed(read_midi(midi), 2)
    return [
        ("One repeated note", repeated_note().to_midi()),
        ("Random notes", random_notes(seed=7).to_midi()),
        (f"{title}, copied a tone higher", copied.to_midi()),
        ("Silence", silence()),
        ("Cut in the middle", midi[: len(midi) // 2]),
        ("A picture named .mid", PNG),
        ("An empty file", b""),
    ]


def repeated_note() -> Song:
    """Return middle C, 128 times."""
    starts = [step * EIGHTH for step in range(128)]
    return _song([60] * 128, starts)


def random_notes(*, seed: int, count: int = 256) -> Song:
    """Return notes drawn evenly from four octaves on random eighths of 32 bars."""
    dice = random.Random(seed)
    pitches = [dice.randrange(36, 85) for _ in range(count)]
    starts = [dice.randrange(256) * EIGHTH for _ in range(count)]
    return _song(pitches, starts)


def _song(pitches: list[int], starts: list[int]) -> Song:
    notes = Notes.tidy(pitches, starts, [EIGHTH] * len(pitches), [80] * len(pitches))
    return Song((Track("", 0, False, notes),))


def silence() -> bytes:
    """Return a MIDI file of four empty bars."""
    track = b"\x00\xff\x58\x04\x04\x02\x18\x08\xbc\x00\xff\x2f\x00"
    header = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0"
    return header + b"MTrk" + len(track).to_bytes(4, "big") + track


PARTICIPANTS = (
    "amara",
    "ben",
    "chiara",
    "dae-jung",
    "elif",
    "farid",
    "greta",
    "hana",
    "ines",
    "jonas",
    "kofi",
    "lena",
    "mateo",
    "nadia",
    "oskar",
    "priya",
    "quinn",
    "rosa",
    "samir",
    "tove",
    "umi",
    "viktor",
    "wren",
    "xenia",
    "yusuf",
    "zofia",
    "anouk",
    "bruno",
    "celeste",
    "diego",
    "esme",
    "felix",
    "gaia",
    "hugo",
    "isla",
)
