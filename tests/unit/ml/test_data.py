from pathlib import Path

import numpy as np
import pytest

from ml.data.arcade import arcade_files
from ml.data.grids import GridPiece, NotPrepared, pieces, store
from ml.data.held_out import held_out_pieces
from ml.data.own import NoUsableMusic, from_folder
from ml.data.parts import drum_grid, grids_of, takes
from ml.data.prepare import split_sha256, without_shared
from ml.data.split import part_of, side_of
from ml.data.windows import shared_part, window_hashes
from ml.music import Notes, Song, Track, read_canonical, transposed
from tests.unit.ml.test_voices import track


def piece(name: str, pitch: np.ndarray, style: str = "chorale") -> GridPiece:
    n = len(pitch)
    return GridPiece(
        name, style, pitch.astype(np.int8), np.ones((n, 4), bool),
        (np.arange(n) % 16).astype(np.uint8), np.full(n, 16, np.uint8), np.zeros((0, 9), bool),
        100.0, -3,
    )  # fmt: skip


def some_music(seed: int, steps: int = 64) -> np.ndarray:
    return np.random.default_rng(seed).integers(40, 80, (steps, 4))


def test_grids_come_back_as_they_were_stored(tmp_path: Path):
    stored = [("train", piece("b", some_music(1))), ("train", piece("a", some_music(2, 40))),
              ("test", piece("c", some_music(3)))]  # fmt: skip

    store("chorale", stored, folder=tmp_path)

    train = pieces("chorale", "train", folder=tmp_path)
    assert [p.name for p in train] == ["a", "b"]
    assert np.array_equal(train[0].pitch, some_music(2, 40))
    assert (train[0].qpm, train[0].fifths, train[0].drums.shape) == (100.0, -3, (0, 9))
    assert [p.name for p in pieces("chorale", "test", folder=tmp_path)] == ["c"]
    assert pieces("chorale", "valid", folder=tmp_path) == []


def test_grids_that_are_not_there_say_how_to_make_them(tmp_path: Path):
    with pytest.raises(NotPrepared, match="python -m ml data"):
        pieces("chorale", "train", folder=tmp_path)


def test_training_music_that_is_held_out_in_another_key_is_dropped():
    held_out, other = some_music(1), some_music(2)
    sided = [("train", piece("copy", held_out + 5)), ("train", piece("other", other)),
             ("test", piece("held out", held_out))]  # fmt: skip

    kept, dropped = without_shared("chorale", sided)

    assert dropped == ["copy"]
    assert [p.name for _, p in kept] == ["other", "held out"]


def test_windows_know_music_in_every_key_and_at_every_step():
    music = some_music(1)
    known = set(window_hashes(music, steps=16).tolist())

    assert shared_part(music[5:50] - 7, known, steps=16) == 1.0
    assert shared_part(some_music(2), known, steps=16) == 0.0


def test_windows_of_one_held_pitch_count_for_nothing():
    held = np.full((40, 4), -1)
    held[:, 0] = 60

    assert len(window_hashes(held, steps=16)) == 0


def test_a_split_is_named_by_its_pieces():
    both = [("train", piece("a", some_music(1))), ("test", piece("b", some_music(2)))]

    assert split_sha256(both) == split_sha256(both[::-1])
    assert split_sha256(both) != split_sha256([("test", both[0][1]), both[1]])


@pytest.mark.parametrize(
    ("style", "name", "title"),
    [("chorale", "bach/bwv269.mxl", ""), ("madrigal", "monteverdi/madrigal.3.1.mxl", ""),
     ("dance", "ryansMammoth/x.abc", "The Devil's Dream - Reel")],
)  # fmt: skip
def test_what_trains_is_reference_and_what_judges_is_held_out(style: str, name: str, title: str):
    part, side = part_of(style, name, title), side_of(style, name, title)

    assert {"train": "reference", "valid": "held_out", "test": "held_out", None: "unused"}[
        part
    ] == side


def test_both_printings_of_a_madrigal_fall_on_one_side():
    parts = {
        part_of("madrigal", f"monteverdi/madrigal.{number}{mark}.mxl", "")
        for number in ("3.1",)
        for mark in ("", "_old")
    }
    assert len(parts) == 1


def test_singers_are_chosen_among_the_players():
    names = ("Horn 1", "Soprano", "Alto", "Tenor", "Bass", "Continuo")
    song = Song(tuple(track((60 - i, 0, 8), name=name) for i, name in enumerate(names)))

    (chosen,) = takes(song, "chorale")

    assert [t.name for t in chosen] == ["Soprano", "Alto", "Tenor", "Bass"]


def test_inner_voices_of_a_madrigal_take_turns():
    song = Song(tuple(track((70 - 5 * i, 0, 8), name=f"{i}") for i in range(5)))

    assert [[t.name for t in chosen] for chosen in takes(song, "madrigal")] == [
        ["0", "1", "2", "4"], ["0", "1", "3", "4"], ["0", "2", "3", "4"],
    ]  # fmt: skip


def test_bars_of_triplets_part_a_piece_in_two():
    steps = [*range(32), *(32 + i * 4 / 3 for i in range(12)), *range(48, 80)]
    voices = tuple(
        Track("", 0, False, Notes.tidy(
            np.full(len(steps), 60 + v), np.rint(np.array(steps) * 120), np.full(len(steps), 100),
            np.full(len(steps), 80)))
        for v in range(4)
    )  # fmt: skip

    found = list(grids_of(Song(voices), name="x", style="quartet"))

    assert [(p.name, len(p)) for p in found] == [("x", 32), ("x@48", 32)]


def test_drums_are_read_by_their_kind():
    grid = drum_grid(Song((track((35, 0, 1), (40, 4, 1), (0, 4, 1), is_drum=True),)), 8)

    assert np.argwhere(grid).tolist() == [[0, 0], [4, 1]]


def test_the_game_s_music_is_left_out_where_the_game_is_not(monkeypatch, tmp_path: Path):
    monkeypatch.setattr("ml.data.arcade.FOLDERS", (tmp_path,))

    assert arcade_files() == []


def test_the_game_s_music_is_found_in_its_archive(monkeypatch, tmp_path: Path):
    midi = b"MThd and so on"
    directory = len(midi) + 12
    head = b"PWAD" + (2).to_bytes(4, "little") + directory.to_bytes(4, "little")
    entries = [(12, len(midi), b"D_E1M1"), (0, 4, b"OTHER")]
    rows = [a.to_bytes(4, "little") + b.to_bytes(4, "little") + n.ljust(8, b"\0")
            for a, b, n in entries]  # fmt: skip
    (tmp_path / "freedoom1.wad").write_bytes(head + midi + b"".join(rows))
    monkeypatch.setattr("ml.data.arcade.FOLDERS", (tmp_path,))

    assert arcade_files() == [("freedoom1/D_E1M1", midi)]


@pytest.fixture(scope="module")
def own_files(tmp_path_factory: pytest.TempPathFactory, corpus_cache: Path) -> Path:
    folder = tmp_path_factory.mktemp("own")
    for number, (_, midi) in enumerate(held_out_pieces("chorale", 5, cache=corpus_cache)):
        (folder / f"{number}.mid").write_bytes(midi)
    (folder / "again.mid").write_bytes((folder / "0.mid").read_bytes())
    (folder / "notes.txt").write_text("not music")
    (folder / "broken.mid").write_bytes(b"not music")
    return folder


def test_own_files_train_and_steer_and_the_unusable_ones_say_why(own_files: Path):
    own = from_folder(own_files)

    assert len(own.train) + len(own.valid) >= 5
    assert own.valid
    assert not {p.name for p in own.train} & {p.name for p in own.valid}
    assert set(own.refused) == {"again.mid", "broken.mid"} or set(own.refused) == {
        "0.mid", "broken.mid",
    }  # fmt: skip
    assert "not a MIDI file" in own.refused["broken.mid"]


def test_a_folder_without_music_is_refused(tmp_path: Path):
    (tmp_path / "a.mid").write_bytes(b"")

    with pytest.raises(NoUsableMusic, match=r"a\.mid"):
        from_folder(tmp_path)


def test_grids_of_a_chorale_move_with_its_key(chorales: list[Song]):
    for song in chorales[:3]:
        (grid,) = grids_of(song, name="x", style="chorale")
        (moved,) = grids_of(transposed(song, 2), name="x", style="chorale")

        assert np.array_equal(np.where(grid.pitch < 0, -1, grid.pitch + 2), moved.pitch)
        assert np.array_equal(grid.strike, moved.strike)
        assert read_canonical(song.to_midi()).n_notes == song.n_notes
