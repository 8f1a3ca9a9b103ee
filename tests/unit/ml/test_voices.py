import numpy as np
import pytest

from ml.music import Notes, Song, TimeSignature, Track
from ml.music.voices import REST, notes_of, spans, voices_of


def track(*notes: tuple[int, int, int], name: str = "", is_drum: bool = False) -> Track:
    """Notes as (pitch, first step, steps)."""
    pitch, start, steps = (np.array(column) for column in zip(*notes, strict=True))
    return Track(
        name, 0, is_drum, Notes.tidy(pitch, start * 120, steps * 120, np.full(len(notes), 80))
    )


def test_tracks_of_one_voice_become_voices_from_high_to_low():
    song = Song((track((48, 0, 4)), track((72, 0, 4)), track((60, 0, 4))))

    voices = voices_of(song)

    assert voices.pitch.tolist() == [[72, 60, 48, REST]] * 4
    assert voices.tracks == (1, 2, 0, -1)
    assert voices.note[0].tolist() == [1, 2, 0, -1]


def test_chords_in_one_track_are_taken_apart_from_the_top():
    song = Song((track((60, 0, 4), (64, 0, 4), (67, 0, 4), (59, 4, 4), (62, 4, 4), (67, 4, 4)),))

    voices = voices_of(song)

    assert voices.pitch[[0, 4]].tolist() == [[67, 64, 60, REST], [67, 62, 59, REST]]
    assert not len(voices.left_over)


def test_a_fifth_note_at_once_is_left_over():
    song = Song((track(*((pitch, 0, 4) for pitch in (50, 55, 60, 65, 70))),))

    voices = voices_of(song)

    assert len(voices.left_over) == 1
    assert (voices.pitch[0] != REST).all()


def test_a_repeated_pitch_is_struck_again_and_a_held_one_is_not():
    song = Song((track((60, 0, 2), (60, 2, 2), (62, 4, 4)),))

    voices = voices_of(song)

    assert voices.strike[:, 0].tolist() == [True, False, True, False, True, False, False, False]


def test_drums_alone_have_no_voices():
    voices = voices_of(Song((track((36, 0, 1), is_drum=True),)))

    assert len(voices) == 0
    assert voices.tracks == (-1, -1, -1, -1)


def test_the_place_in_the_bar_follows_the_time_signatures():
    song = Song(
        (track((60, 0, 40)),), time_signatures=(TimeSignature(0, 3, 4), TimeSignature(1440, 4, 4))
    )

    voices = voices_of(song)

    assert voices.position[[0, 11, 12, 27, 28]].tolist() == [0, 11, 0, 15, 0]
    assert voices.bar[[0, 12, 28]].tolist() == [0, 1, 2]
    assert voices.bar_steps[[0, 12]].tolist() == [12, 16]


def test_a_grid_gives_its_notes_back(chorales: list[Song]):
    for song in chorales:
        voices = voices_of(song)
        for voice in range(4):
            notes = notes_of(voices.pitch, voices.strike, voice)
            found = song.tracks[voices.tracks[voice]].notes
            assert notes.pitch.tolist() == found.pitch.tolist()
            assert notes.start.tolist() == found.start.tolist()
            assert notes.duration.tolist() == found.duration.tolist()


@pytest.mark.parametrize("steps", [1, 7])
def test_a_note_ends_at_a_rest_and_at_the_end(steps: int):
    pitch = np.full((steps + 2, 1), REST, dtype=np.int16)
    pitch[1 : 1 + steps] = 60

    voice, first, length, found = spans(pitch, np.zeros_like(pitch, dtype=bool))

    assert (voice.tolist(), first.tolist(), length.tolist(), found.tolist()) == (
        [0], [1], [steps], [60],
    )  # fmt: skip
