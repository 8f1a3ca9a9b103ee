"""A survey tells of own files exactly what training would use, and refuses with reasons."""

import json
from pathlib import Path

import numpy as np
import pytest

from ml.data.grids import REST
from ml.data.own import NoUsableMusic, from_folder, survey
from ml.data.own_files import read_files
from ml.data.own_parts import infer_parts
from ml.music import Notes, Song, TempoChange, TimeSignature, Track

BEAT = 480


def line(*pitches: int, beats: int = 40, at: int = 0, length: int = BEAT) -> Notes:
    start = np.arange(beats) * BEAT + at
    return Notes.tidy(np.resize(pitches, beats), start, np.full(beats, length), np.full(beats, 80))


def chords(*chord: int, beats: int = 40) -> Notes:
    start = np.repeat(np.arange(beats) * BEAT, len(chord))
    up = np.repeat(np.resize((0, 2, 4, 2), beats), len(chord))
    pitch = np.tile(chord, beats) + up
    return Notes.tidy(pitch, start, np.full(len(start), BEAT), np.full(len(start), 80))


def track(notes: Notes, *, name: str = "Part", program: int = 0, drums: bool = False) -> Track:
    return Track(name, program, drums, notes)


def song(*tracks: Track) -> Song:
    return Song(tracks, (TempoChange(0, 500_000),), (TimeSignature(0, 4, 4),))


def choir(up: int = 0) -> Song:
    return song(
        track(line(48 + up, 50 + up), name="Low"), track(line(72 + up, 74 + up, 76 + up)),
        track(line(60 + up)), track(line(67 + up, 65 + up)),
    )  # fmt: skip


def piano() -> Song:
    return song(track(chords(76, 72, 67), name="Right"), track(line(48, 43), name="Left"))


def files(**songs: Song) -> list[tuple[str, bytes]]:
    return [(f"{name}.mid", found.to_midi()) for name, found in songs.items()]


def only(*tracks: Track, parts=None):
    (report,) = survey(
        files(a=song(*tracks)), parts=None if parts is None else {"a.mid": parts}
    ).files
    return report


def test_four_tracks_are_the_parts_from_high_to_low():
    (report,) = survey(files(a=choir())).files

    assert report.parts == (1, 3, 2, 0)
    assert report.parts_from == "tracks"
    assert report.ranges == ((72, 76), (65, 67), (60, 60), (48, 50))
    assert [(t.index, t.lowest, t.notes) for t in report.tracks][:2] == [(0, 48, 40), (1, 72, 40)]
    assert (report.code, report.bars, report.seconds, report.notes) == ("", 10, 20.0, 160)
    assert (report.phrases, report.accompanied) == (3, 3)


@pytest.mark.parametrize(
    ("tracks", "parts", "kind"),
    [
        ([track(line(60, 62))], (0, None, None, None), "tracks"),
        ([track(line(48)), track(line(72))], (1, None, None, 0), "tracks"),
        ([track(line(60)), track(line(72)), track(line(48))], (1, 0, None, 2), "tracks"),
        ([track(chords(72, 67, 64, 48))], (0, 0, 0, 0), "voices"),
        ([track(chords(72, 64))], (0, None, None, 0), "voices"),
        ([track(chords(76, 72, 67)), track(line(48, 43))], (0, 0, 0, 1), "voices"),
    ],
)
def test_fewer_tracks_are_taken_as_lines_or_taken_apart(tracks, parts, kind):
    report = only(*tracks)

    assert (report.parts, report.parts_from) == (parts, kind)
    assert [r is not None for r in report.ranges] == [p is not None for p in parts]


def test_of_a_band_the_parts_are_melody_two_fillers_and_bass():
    band = song(
        track(line(36, 38), program=33), track(line(36, 42), drums=True),
        track(chords(60, 64, 67), program=25), track(line(76, 79, 81), name="Lead", program=80),
        track(chords(52, 55), program=48), track(line(55, 57), program=90),
    )  # fmt: skip

    parts = infer_parts(band)

    assert parts[0] == 3
    assert parts[3] == 0
    assert 1 not in parts


def test_the_two_hands_of_a_piano_are_music_for_a_gan():
    (own,) = read_files(files(a=piano()))

    (grid,) = own.grids
    assert (grid.pitch != REST).all()
    assert grid.pitch[0].tolist() == [76, 72, 67, 48]


def test_chosen_parts_are_used_and_silent_ones_stay_silent():
    report = only(track(line(48)), track(line(72)), track(line(60)), parts=[2, None, None, 1])

    assert report.is_chosen
    assert report.parts == (2, None, None, 1)
    assert report.ranges == ((60, 60), None, None, (72, 72))


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([0, 1], "four parts"),
        ([7, None, None, 0], "Track 8 was chosen as the melody; the file has 2"),
        ([0, None, None, 1], "it holds drums"),
        ([None, 0, None, None], "a track for the melody"),
        (["0", None, None, None], "not '0'"),
        ([True, None, None, None], "not True"),
        ([-1, None, None, None], "not -1"),
    ],
)
def test_parts_that_the_file_does_not_have_are_refused_in_words(parts, words):
    report = only(track(line(60)), track(line(36), drums=True), parts=parts)

    assert report.code == "parts"
    assert words in report.detail


def test_every_file_that_is_left_out_says_why():
    off_grid = song(track(line(60, 62, at=50, length=200)))
    found = survey([
        *files(drums=song(track(line(36), drums=True)), off=off_grid, one=choir(), two=choir()),
        ("broken.mid", b"MThd and then nothing"), ("text.mid", b"la la la"), ("empty.mid", b""),
    ])  # fmt: skip

    codes = {f.name: f.code for f in found.files}
    assert codes["drums.mid"] == "drums_only"
    assert codes["off.mid"] == "off_grid"
    assert (codes["one.mid"], codes["two.mid"]) == ("", "same_music")
    assert all(codes[n] for n in ("broken.mid", "text.mid", "empty.mid"))
    assert all(f.detail.endswith(".") for f in found.files if f.code)
    assert [f.duplicate_of for f in found.files if f.name == "two.mid"] == ["one.mid"]
    totals = found.totals
    assert (totals["files"], totals["used"], totals["duplicates"], totals["refused"]) == (
        7,
        1,
        1,
        5,
    )
    assert totals["validates_itself"]
    json.dumps(found.as_dict(), allow_nan=False)


def test_a_melody_that_hardly_sounds_is_refused_with_its_track():
    rare = Notes.tidy([90], [0], [BEAT], [80])
    report = only(track(line(60, 62)), track(rare), parts=[1, None, None, 0])

    assert report.code == "no_melody"
    assert "Track 2" in report.detail


def test_a_track_that_hardly_sounds_is_no_melody_of_a_band():
    rare = track(Notes.tidy([100], [0], [BEAT], [80]), name="Bell")
    band = song(
        rare, track(line(36, 38), program=33), track(line(72, 74), name="Flute"),
        track(line(60)), track(line(55)), track(line(57)),
    )  # fmt: skip

    assert infer_parts(band)[0] == 2


def test_playing_a_little_beside_the_beat_is_on_the_grid():
    assert only(track(line(60, 62, at=25, length=300))).code == ""


def test_an_empty_set_is_surveyed_too():
    assert survey([]).totals["train"] == {"files": 0, "phrases": 0, "accompanied": 0}


def test_the_side_of_a_piece_depends_on_its_music_and_both_sides_have_some():
    songs = {f"n{n}": choir(n) for n in range(12)}
    found = survey(files(**songs))
    again = survey(reversed(files(**songs)))

    assert found == again
    totals = found.totals
    assert totals["train"]["files"] + totals["valid"]["files"] == 12
    assert totals["valid"]["files"] >= 1
    assert totals["train"]["phrases"] == 3 * totals["train"]["files"]
    two = survey(files(a=choir(), b=choir(1)))
    assert sorted(f.side for f in two.files) == ["train", "valid"]


def test_training_uses_the_very_music_that_the_survey_told_of(tmp_path: Path):
    songs = {f"n{n}": choir(n) for n in range(4)} | {"piano": piano()}
    chosen = {"n1.mid": [2, None, None, 0]}
    for name, data in files(**songs):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "broken.mid").write_bytes(b"no")
    (tmp_path / "parts.json").write_text(json.dumps(chosen))

    own = from_folder(tmp_path)

    told = survey([*files(**songs), ("broken.mid", b"no")], parts=chosen)
    for side, grids in (("train", own.train), ("valid", own.valid)):
        assert [g.name for g in grids] == [f.name for f in told.used if f.side == side]
    assert set(own.refused) == {"broken.mid"}
    by_name = {g.name: g for g in (*own.train, *own.valid)}
    assert (by_name["n1.mid"].pitch[:, 1:3] == REST).all()
    for report in told.used:
        low, high = report.ranges[0]
        melody = by_name[report.name].pitch[:, 0]
        assert (melody.min(), melody.max()) == (low, high)


@pytest.mark.parametrize("text", ["{", "[]", '{"a.mid": 3}'])
def test_parts_that_cannot_be_read_are_refused(tmp_path: Path, text: str):
    (tmp_path / "a.mid").write_bytes(choir().to_midi())
    (tmp_path / "parts.json").write_text(text)

    with pytest.raises(NoUsableMusic, match=r"parts\.json"):
        from_folder(tmp_path)
